import { beforeAll, describe, expect, test } from 'vitest';
import type { Figures } from '../../local/demo/figures.ts';
import { without } from '../../local/seed/district-input.ts';
import { generateDistrict } from '../../local/seed/generate-district.ts';
import { expectedOf, toBeReleased } from '../support/expected-of-input.ts';
import { rehearsed, rehearsedInPieces } from '../support/rehearsed.ts';

const district = generateDistrict({ seed: 2022, households: 82 });

/** Figures without the numbers of the cases, which follow the order in which they are opened. */
const comparable = ({ filings, ...others }: Figures) => ({
  ...others,
  filings: filings.map(({ cases, ...filing }) => ({ ...filing, cases: cases.length })),
});

describe('the district of the source', () => {
  let calm: Figures;
  beforeAll(async () => {
    calm = (await rehearsed(district)).figures;
  }, 600_000);

  test('comes to the figures of its acceptance table', () => {
    expect(calm).toMatchObject({
      asOf: '2022-10-31',
      monitored: { households: 82, people: 237 },
      released: { households: 46, people: 144 },
      remaining: { households: 36, people: 93 },
      returns: 5,
      ledger: { verified: true },
    });
    expect(calm.objections.filed).toBeGreaterThanOrEqual(3);
    expect(calm.objections.upheld).toBe(1);
    expect(calm.filings).toHaveLength(40);
    expect(calm.cityReports).toHaveLength(10);
  });

  test('comes to the same when its installation is killed ten times', async () => {
    const { figures, told } = await rehearsed(district, '--kills', '10');
    expect(told.match(/断电/g)).toHaveLength(10);
    expect(comparable(figures)).toEqual(comparable(calm));
  });

  test('comes to the same when driver and installation are killed together, ten times, and begun again', async () => {
    expect(comparable(await rehearsedInPieces(district, 10))).toEqual(comparable(calm));
  });

  test('comes to one household less when one is left out', async () => {
    const left = toBeReleased(district)[0];
    const { figures } = await rehearsed(district, '--without', String(left?.householdId));
    const people = left?.members.length ?? 0;
    expect(figures).toMatchObject({
      monitored: { households: 81, people: 237 - people },
      released: { households: 45, people: 144 - people },
      remaining: calm.remaining,
    });
    expect(figures).toMatchObject(expectedOf(without(district, [String(left?.householdId)])));
  });
});

test('another district comes to the figures of its own input', async () => {
  const other = generateDistrict({ seed: 7, households: 120 });
  const { figures } = await rehearsed(other);
  expect(figures).toMatchObject({ ...expectedOf(other), ledger: { verified: true } });
});
