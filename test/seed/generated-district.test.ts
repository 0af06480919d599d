import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type DistrictInput, districtInput, without } from '../../local/seed/district-input.ts';
import { generateDistrict } from '../../local/seed/generate-district.ts';
import { factsKnownOn } from '../../local/seed/known-facts.ts';
import { idNumber } from '../../shared/contracts/id-number.ts';
import type { CivilDate } from '../../shared/domain/calendar/instant.ts';
import { isWorkingDay } from '../../shared/domain/calendar/legal-time.ts';
import { currentPolicy } from '../../shared/domain/calendar/policy.ts';
import type { HouseholdFacts } from '../../shared/domain/release/facts.ts';
import { assessRelease } from '../../shared/domain/release/release-standards.ts';
import { countOf, expectedOf, toBeReleased } from '../support/expected-of-input.ts';
import { shanghai } from '../support/shanghai.ts';

const district = generateDistrict({ seed: 2022, households: 82 });

const failedRules = (household: DistrictInput['households'][number], day: string): string[] => {
  const facts = factsKnownOn(household, day) as unknown as HouseholdFacts;
  const policy = currentPolicy(shanghai(`${day} 10:00`));
  return assessRelease(facts, policy, day as CivilDate)
    .filter(({ outcome }) => outcome === 'failed')
    .map(({ rule }) => rule);
};

describe('the district of the source', () => {
  test('has its 82 households and 237 people, of whom 46 and 144 are to be released', () => {
    expect(expectedOf(district)).toMatchObject({
      monitored: { households: 82, people: 237 },
      released: { households: 46, people: 144 },
      remaining: { households: 36, people: 93 },
      returns: 5,
    });
  });

  test('is the same for the same seed, and another one for another', () => {
    expect(generateDistrict({ seed: 2022, households: 82 })).toEqual(district);
    expect(generateDistrict({ seed: 7, households: 82 })).not.toEqual(district);
  });

  test('is read back as it was written', () => {
    expect(districtInput.parse(JSON.parse(JSON.stringify(district)))).toEqual(district);
  });

  test('tells of everything that can go another way than straight', () => {
    const turns = district.households.flatMap(({ story }) => story.turns);
    const times = (step: string, outcome: string): number =>
      turns.filter((turn) => turn.step === step && turn.outcome === outcome).length;
    expect(times('town-verification', 'returned')).toBe(5);
    expect(times('department-comparison', 'not-implemented')).toBe(2);
    expect(times('spot-check', 'failed')).toBe(1);
    expect(times('objection-decision', 'upheld')).toBe(1);
    expect(times('appraisal', 'not-passed')).toBe(1);
    expect(times('household-confirmation', 'refused')).toBe(1);
    const stories = district.households.map(({ story }) => story);
    expect(stories.flatMap(({ objections }) => objections).length).toBeGreaterThanOrEqual(3);
    expect(stories.filter(({ withdrawal }) => withdrawal !== undefined)).toHaveLength(1);
    expect(stories.filter(({ begin }) => begin?.by === 'household')).toHaveLength(2);
  });

  test('one household left out leaves all others as they were', () => {
    const [first, second, ...others] = district.households;
    expect(without(district, [String(second?.householdId)])).toEqual({
      ...district,
      households: [first, ...others],
    });
  });

  test('brings nobody up on a rest day', () => {
    for (const { story } of district.households)
      if (story.begin !== undefined) expect(isWorkingDay(story.begin.on)).toMatchObject({ working: true });
  });
});

describe('any district', () => {
  const any = fc.record({
    seed: fc.integer({ min: 0, max: 1_000_000 }),
    households: fc.integer({ min: 12, max: 400 }),
  });

  test('has the shares of the source, valid and distinct ID numbers, and at most 15 households per member', () => {
    fc.assert(
      fc.property(any, (terms) => {
        const generated = generateDistrict(terms);
        const share = (of: number): number => Math.round((of * terms.households) / 82);
        expect(countOf(generated.households)).toEqual({
          households: terms.households,
          people: share(237),
        });
        expect(countOf(toBeReleased(generated))).toEqual({ households: share(46), people: share(144) });
        const numbers = generated.households.flatMap(({ members }) => members.map((one) => one.idNumber));
        expect(numbers.filter((number) => !idNumber.safeParse(number).success)).toEqual([]);
        expect(numbers.filter((number) => !number.startsWith('610399'))).toEqual([]);
        expect(new Set(numbers).size).toBe(numbers.length);
        const watched = Map.groupBy(generated.households, ({ gridMember }) => gridMember);
        expect([...watched.values()].filter((households) => households.length > 15)).toEqual([]);
        const known = new Set(generated.people.map(({ personId }) => personId));
        expect([...watched.keys()].filter((member) => !known.has(member))).toEqual([]);
      }),
      { numRuns: 40 },
    );
  });

  test('holds the release standards on the day on which a household is proposed, and none where nothing happens', () => {
    fc.assert(
      fc.property(any, (terms) => {
        for (const household of generateDistrict(terms).households) {
          const { begin, kind } = household.story;
          if (begin?.by === 'grid-leader') expect(failedRules(household, begin.on)).toEqual([]);
          if (kind === 'not-yet') expect(failedRules(household, '2022-10-31')).not.toEqual([]);
        }
      }),
      { numRuns: 20 },
    );
  });
});
