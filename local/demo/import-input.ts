import { type DistrictInput, homeOf } from '../seed/district-input.ts';
import { factsKnownOn } from '../seed/known-facts.ts';
import { askFor, type World } from './world.ts';

type Row = { readonly path: string; readonly body: object };

/** The rows in the order in which they can be taken: whatever names another row comes after it. */
const rowsOf = (input: DistrictInput, day: string): readonly (readonly Row[])[] => {
  const { divisions, people, households } = input;
  const leaders = people.flatMap(({ personId, offices }) =>
    offices.flatMap(({ role, division }) => (role === 'grid-leader' ? [{ personId, group: division }] : [])),
  );
  const gridOf = (leader: string, group: string): Row => {
    const members = people.filter(({ offices }) =>
      offices.some(({ role, division }) => role === 'grid-member' && division === group),
    );
    return {
      path: `/v1/grids/${group}`,
      body: {
        leader,
        members: members.map(({ personId }) => ({
          personId,
          households: households
            .filter(({ gridMember }) => gridMember === personId)
            .map(({ householdId }) => householdId),
        })),
      },
    };
  };
  return [
    divisions.map(({ code, name }) => ({ path: `/v1/divisions/${code}`, body: { name } })),
    households.map(({ householdId, group, category, address, members, monitoredSince }) => ({
      path: `/v1/households/${householdId}`,
      body: { group, category, address, head: members[0]?.memberId, members, monitoredSince },
    })),
    [
      ...people.map(({ personId, ...person }) => ({ path: `/v1/people/${personId}`, body: person })),
      ...households.map(({ householdId, members }) => ({
        path: `/v1/people/${homeOf(householdId)}`,
        body: { name: members[0]?.name, offices: [], ownHousehold: householdId },
      })),
    ],
    [
      ...leaders.map(({ personId, group }) => gridOf(personId, group)),
      ...households.map((household) => ({
        path: `/v1/households/${household.householdId}/facts`,
        body: factsKnownOn(household, day),
      })),
    ],
  ];
};

/**
 * Imports a district through the public API, as the registrar. Every row is a PUT, so an import that was cut off is
 * simply begun again.
 * @returns the number of rows.
 */
export const importInput = async (world: World, input: DistrictInput, day: string): Promise<number> => {
  let rows = 0;
  for (const { path, body } of rowsOf(input, day).flat()) {
    await askFor(world, path, { method: 'PUT', as: 'registrar', body });
    rows += 1;
  }
  return rows;
};
