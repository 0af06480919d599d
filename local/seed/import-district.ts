import type { CivilDate } from '../../shared/domain/calendar/instant.ts';
import {
  demoDivisions,
  demoFacts,
  demoGrids,
  demoHouseholds,
  demoPeople,
  monitoredSince,
} from './demo-district.ts';

/** The API refused a row of the demo district: the seed and the contracts no longer agree. */
export class ImportRefused extends Error {
  override readonly name = 'ImportRefused';
}

export type ImportTerms = {
  readonly baseUrl: string;
  /** A bearer token of the registrar. */
  readonly token: string;
  readonly today: CivilDate;
};

type Row = { readonly path: string; readonly body: object };

const rowsOf = (today: CivilDate): readonly Row[] => [
  ...demoDivisions.map(({ code, name }) => ({ path: `/v1/divisions/${code}`, body: { name } })),
  ...demoHouseholds.map(({ householdId, group, category, address, members }) => ({
    path: `/v1/households/${householdId}`,
    body: { group, category, address, head: 'm1', members, monitoredSince: monitoredSince(today) },
  })),
  ...demoPeople.map(({ personId, ...person }) => ({ path: `/v1/people/${personId}`, body: person })),
  ...demoGrids.map(({ group, ...grid }) => ({ path: `/v1/grids/${group}`, body: grid })),
  ...demoHouseholds.map((household) => ({
    path: `/v1/households/${household.householdId}/facts`,
    body: demoFacts(household, today),
  })),
];

/**
 * Imports the demo district through the public API, row by row. Every row is a PUT, so an import that was cut off is
 * simply begun again.
 * @returns the number of rows.
 * @throws ImportRefused at the first row that the API does not take.
 */
export const importDemoDistrict = async ({ baseUrl, token, today }: ImportTerms): Promise<number> => {
  const rows = rowsOf(today);
  for (const { path, body } of rows) {
    const response = await fetch(`${baseUrl}${path}`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new ImportRefused(`${path}: ${response.status} ${await response.text()}`);
    await response.arrayBuffer();
  }
  return rows.length;
};
