import { describe, expect, test } from 'vitest';
import type { Figures } from '../../local/demo/figures.ts';
import type { DistrictInput } from '../../local/seed/district-input.ts';
import { generateDistrict } from '../../local/seed/generate-district.ts';
import { expectedOf } from '../support/expected-of-input.ts';
import { rehearsed } from '../support/rehearsed.ts';

const whole = generateDistrict({ seed: 2022, households: 82 });

/** The first household of each kind of story: everything that can happen, once. */
const oneOfEach: DistrictInput = {
  ...whole,
  households: [...Map.groupBy(whole.households, ({ story }) => story.kind).values()].flatMap(
    ([first]) => first ?? [],
  ),
};

const ofKinds = (...kinds: readonly string[]): DistrictInput => ({
  ...whole,
  households: oneOfEach.households.filter(({ story }) => kinds.includes(story.kind)),
});

const monthsOf = (figures: Figures, count: (report: Figures['cityReports'][number]) => number): number =>
  figures.cityReports.reduce((sum, report) => sum + count(report), 0);

describe('a district-year', () => {
  test('in which everything happens once comes to what its input says', async () => {
    const { figures, told } = await rehearsed(oneOfEach);
    expect(figures).toMatchObject({
      asOf: '2022-10-31',
      ...expectedOf(oneOfEach),
      ledger: { verified: true },
    });
    const towns = oneOfEach.divisions.filter(({ code }) => code.length === 9);
    expect(figures.filings).toHaveLength(10 * towns.length);
    expect(figures.cityReports).toHaveLength(10);
    expect(monthsOf(figures, ({ households }) => households)).toBe(figures.released.households);
    expect(monthsOf(figures, ({ people }) => people)).toBe(figures.released.people);
    expect(figures.cityReports.filter(({ households }) => households === 0)).not.toEqual([]);
    // The last day for signing is the 5th, and 24:00 of it in Shanghai is 16:00 in UTC.
    expect(
      figures.cityReports.filter(({ signedAt }) => !/^....-..-0[1-5]T0\d:/.test(signedAt ?? '')),
    ).toEqual([]);
    expect(figures.filings.filter(({ numbers }) => numbers.length === 2)).toHaveLength(1);
    expect(told).not.toContain('defect');
  }, 120_000);

  test('in which the installation is killed again and again comes to the same', async () => {
    const input = ofKinds(
      'objection-upheld-then-released',
      'returned-once',
      'filed-early',
      'paused-then-released',
    );
    const { figures, told } = await rehearsed(input, '--kills', '3');
    expect(told.match(/断电/g)).toHaveLength(3);
    expect(figures).toMatchObject({ ...expectedOf(input), ledger: { verified: true } });
  }, 120_000);
});
