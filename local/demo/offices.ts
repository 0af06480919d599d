import { type DistrictInput, homeOf } from '../seed/district-input.ts';
import type { CaseInSight } from './cases.ts';

/** Who looks into their inbox in which order on a day: up the levels, as papers go. */
export const levels = [
  'leader',
  'village',
  'home',
  'town',
  'department',
  'checker',
  'secretary',
  'bureau',
] as const;
export type Level = (typeof levels)[number];

/** Whose inbox may hold something while a case stands at a stage; at any other stage, nobody's. */
const busy: Readonly<Record<string, readonly Level[]>> = {
  request: ['leader'],
  'home-visit': ['village'],
  'household-confirmation': ['home'],
  appraisal: ['village'],
  'notice-posting': ['village'],
  notice: ['village', 'town'],
  'objection-follow-up': ['village'],
  'town-verification': ['town'],
  'filing-confirmation': ['town'],
  'department-comparison': ['department'],
  'spot-check': ['checker'],
  announcement: ['bureau'],
  'leadership-filing': ['secretary', 'bureau'],
  'system-marking': ['bureau'],
  adjustment: ['village', 'department'],
  're-report': ['leader'],
  paused: ['village'],
};

/** The accounts of the district, by what they are for; an office that was handed over is its successor's. */
export const createOffices = ({ people, handovers }: DistrictInput) => {
  const departments = people.flatMap(({ personId, offices }) =>
    offices.some(({ role }) => role === 'department-officer') ? [personId] : [],
  );
  const holder = (account: string, day: string): string =>
    handovers.find(({ from, on }) => from === account && on <= day)?.to ?? account;

  const accountsFor = (
    level: Level,
    { household: { group, householdId } }: CaseInSight,
  ): readonly string[] => {
    switch (level) {
      case 'leader':
        return [`leader-${group}`];
      case 'village':
        return [`village-${group.slice(0, 12)}`];
      case 'home':
        return [homeOf(householdId)];
      case 'town':
        return [`town-${group.slice(0, 9)}`];
      case 'department':
        return departments;
      case 'checker':
        return ['checker-1'];
      case 'secretary':
        return ['secretary-1'];
      case 'bureau':
        return ['bureau-1'];
    }
  };

  return {
    holder,
    /** @returns whose inboxes of that level may hold something, given where the cases stand. */
    busyAt: (level: Level, cases: readonly CaseInSight[], day: string): readonly string[] => [
      ...new Set(
        cases
          .filter(({ stage }) => busy[stage]?.includes(level))
          .flatMap((one) => accountsFor(level, one).map((account) => holder(account, day))),
      ),
    ],
  };
};

export type Offices = ReturnType<typeof createOffices>;
