import { type Chance, shuffled } from './chance.ts';
import type { Story } from './district-input.ts';
import { daysBetween } from './working-days.ts';

/** What a story may depend on: the household it happens to, and chance. */
type Teller = { readonly householdId: string; readonly chance: Chance };

type Turn = Story['turns'][number];

type Plot = {
  readonly kind: string;
  /** How many of the 82 households of the source it happens to; other districts have their share. */
  readonly of82: number;
  readonly tell: (teller: Teller) => Partial<Omit<Story, 'kind'>>;
};

const proposed = (on: string, rest: Partial<Omit<Story, 'kind' | 'begin'>> = {}): Partial<Story> => ({
  begin: { by: 'grid-leader', on },
  ...rest,
});

const requested = (on: string, rest: Partial<Omit<Story, 'kind' | 'begin'>> = {}): Partial<Story> => ({
  begin: { by: 'household', on },
  ...rest,
});

const returnedByTown = (round: number, measureIds: readonly string[]): Turn => ({
  round,
  step: 'town-verification',
  outcome: 'returned',
  reason: measureIds.length > 0 ? 'help-not-in-place' : 'risk-not-lifted',
  measureIds: [...measureIds],
});

const notImplemented = (round: number, measureIds: readonly string[]): Turn => ({
  round,
  step: 'department-comparison',
  department: 'human-resources',
  outcome: 'not-implemented',
  reason: 'measure-not-implemented',
  measureIds: [...measureIds],
});

/** The department has its measure in place at last: from that day its six months run. */
const inPlaceSince = (round: number, implementedOn: string, notBefore: string): Turn => ({
  round,
  step: 'measure-adjustment',
  implementedOn,
  notBefore,
});

/** The employment measure of a household, led by the department of human resources. */
const employmentOf = (householdId: string): string => `${householdId}-2`;

/** Months in which the unremarkable cases are reported; in the others the city gets a nil report, or only the rest. */
const ordinaryMonths = ['02', '03', '04', '05', '06', '08', '09', '10'] as const;

/** Early enough in the month for its filing, and after the holidays at its beginning. */
const ordinaryDays: readonly string[] = ordinaryMonths.flatMap((month) =>
  daysBetween(`2022-${month}-06`, `2022-${month}-12`)
    .filter(({ working }) => working)
    .map(({ day }) => day),
);

const straight: Plot = {
  kind: 'straight',
  of82: Number.POSITIVE_INFINITY,
  tell: ({ chance }) => proposed(ordinaryDays[chance.below(ordinaryDays.length)] ?? ''),
};

/** Those that end in a release by the end of October; whatever is left over goes straight. */
const releasedPlots: readonly Plot[] = [
  {
    kind: 'objection-upheld-then-released',
    of82: 1,
    tell: () =>
      proposed('2022-08-03', {
        objections: [{ round: 1, daysAfterPosting: 2 }],
        turns: [
          { round: 1, step: 'objection-investigation', outcome: 'substantiated' },
          { round: 1, step: 'objection-decision', outcome: 'upheld' },
        ],
      }),
  },
  {
    kind: 'objection-dismissed',
    of82: 2,
    tell: () => proposed('2022-02-09', { objections: [{ round: 1, daysAfterPosting: 2 }] }),
  },
  {
    kind: 'objection-open-at-the-end',
    of82: 1,
    tell: () =>
      proposed('2022-07-05', {
        objections: [{ round: 1, daysAfterPosting: 3 }],
        turns: [{ round: 1, step: 'objection-investigation', notBefore: '2022-07-15' }],
      }),
  },
  { kind: 'returned-once', of82: 1, tell: () => proposed('2022-03-03', { turns: [returnedByTown(1, [])] }) },
  {
    kind: 'returned-again-and-again',
    of82: 1,
    tell: () => proposed('2022-04-06', { turns: [returnedByTown(1, []), returnedByTown(2, [])] }),
  },
  {
    kind: 'measure-failed-then-released',
    of82: 1,
    tell: ({ householdId }) =>
      proposed('2022-01-06', {
        turns: [returnedByTown(1, [employmentOf(householdId)]), inPlaceSince(1, '2022-02-09', '2022-02-10')],
      }),
  },
  {
    kind: 'not-implemented-then-released',
    of82: 1,
    tell: ({ householdId }) =>
      proposed('2022-01-07', {
        turns: [notImplemented(1, [employmentOf(householdId)]), inPlaceSince(1, '2022-02-11', '2022-02-14')],
      }),
  },
  {
    kind: 'spot-check-failed',
    of82: 1,
    tell: () =>
      proposed('2022-05-10', {
        turns: [
          { round: 1, step: 'spot-check', outcome: 'failed', reason: 'risk-not-lifted', measureIds: [] },
        ],
      }),
  },
  {
    kind: 'missed-cut-off',
    of82: 1,
    tell: () =>
      proposed('2022-05-09', {
        turns: [{ round: 1, step: 'town-verification', notBefore: '2022-05-26' }],
      }),
  },
  {
    kind: 'notice-over-national-day',
    of82: 1,
    tell: () =>
      proposed('2022-09-22', { turns: [{ round: 1, step: 'notice-posting', notBefore: '2022-09-28' }] }),
  },
  {
    kind: 'notice-over-labour-day',
    of82: 1,
    tell: () =>
      proposed('2022-04-21', { turns: [{ round: 1, step: 'notice-posting', notBefore: '2022-04-26' }] }),
  },
  { kind: 'own-request', of82: 1, tell: () => requested('2022-07-05') },
  {
    kind: 'paused-then-released',
    of82: 1,
    tell: () =>
      proposed('2022-06-07', {
        pause: { on: '2022-06-09', cause: 'death' },
        turns: [{ round: 1, step: 'pause-follow-up', notBefore: '2022-06-20' }],
      }),
  },
  { kind: 'filed-early', of82: 1, tell: () => proposed('2022-03-02', { filedEarly: true }) },
  { kind: 'filed-in-a-supplement', of82: 1, tell: () => proposed('2022-03-10') },
  {
    kind: 'slow-department',
    of82: 1,
    tell: () =>
      proposed('2022-04-08', {
        turns: [{ round: 1, step: 'department-comparison', department: 'housing', notBefore: '2022-05-10' }],
      }),
  },
  { kind: 'office-handed-over', of82: 1, tell: () => proposed('2022-03-15') },
];

const notYet: Plot = { kind: 'not-yet', of82: Number.POSITIVE_INFINITY, tell: () => ({}) };

/** Those that stay in monitoring; nothing happens this year to whatever is left over. */
const remainingPlots: readonly Plot[] = [
  {
    kind: 'measure-failed-and-remains',
    of82: 1,
    tell: ({ householdId }) =>
      proposed('2022-06-08', {
        turns: [returnedByTown(1, [employmentOf(householdId)]), inPlaceSince(1, '2022-07-12', '2022-07-13')],
      }),
  },
  {
    kind: 'not-implemented-and-remains',
    of82: 1,
    tell: ({ householdId }) =>
      proposed('2022-07-06', {
        turns: [notImplemented(1, [employmentOf(householdId)]), inPlaceSince(1, '2022-08-09', '2022-08-10')],
      }),
  },
  {
    kind: 'withdrawn',
    of82: 1,
    tell: () => proposed('2022-05-10', { withdrawal: { on: '2022-05-13', reason: 'not-wanted' } }),
  },
  {
    kind: 'appraisal-not-passed',
    of82: 1,
    tell: () => proposed('2022-08-04', { turns: [{ round: 1, step: 'appraisal', outcome: 'not-passed' }] }),
  },
  {
    kind: 'household-refuses',
    of82: 1,
    tell: () =>
      proposed('2022-04-07', {
        turns: [
          { round: 1, step: 'household-confirmation', outcome: 'refused', reason: 'help-still-needed' },
        ],
      }),
  },
  {
    kind: 'not-eligible-at-the-visit',
    of82: 1,
    tell: () =>
      proposed('2022-06-09', {
        turns: [{ round: 1, step: 'home-visit', outcome: 'not-eligible', reason: 'risk-not-lifted' }],
      }),
  },
  {
    kind: 'own-request-declined',
    of82: 1,
    tell: () =>
      requested('2022-03-08', {
        turns: [{ round: 1, step: 'request-answer', outcome: 'declined', reason: 'standards-not-met' }],
      }),
  },
  {
    kind: 'paused-and-closed',
    of82: 1,
    tell: () =>
      proposed('2022-09-07', {
        pause: { on: '2022-09-08', cause: 'merged' },
        turns: [{ round: 1, step: 'pause-follow-up', outcome: 'close-case' }],
      }),
  },
  {
    kind: 'too-late-for-october',
    of82: 1,
    tell: () =>
      proposed('2022-10-12', {
        turns: [{ round: 1, step: 'town-verification', notBefore: '2022-10-26' }],
      }),
  },
];

const sourceHouseholds = 82;

/** `count` plots: each special one in its share, the rest as ever; in a very small district the first ones only. */
const cast = (plots: readonly Plot[], rest: Plot, count: number, households: number): Plot[] => {
  const share = Math.max(1, households / sourceHouseholds);
  const special = plots.flatMap((plot) => Array<Plot>(Math.round(plot.of82 * share)).fill(plot));
  return Array.from({ length: count }, (_, index) => special[index] ?? rest);
};

/** A part in the year's play: what happens to a household, whoever it is. */
export type Part = {
  readonly kind: string;
  readonly released: boolean;
  readonly tell: (teller: Teller) => Story;
};

const partOf = ({ kind, tell }: Plot, released: boolean): Part => ({
  kind,
  released,
  tell: (teller) => ({ turns: [], objections: [], ...tell(teller), kind }),
});

/** @returns one part for each household, `released` of them with a release, in an order left to chance. */
export const parts = (households: number, released: number, chance: Chance): readonly Part[] =>
  shuffled(
    [
      ...cast(releasedPlots, straight, released, households).map((plot) => partOf(plot, true)),
      ...cast(remainingPlots, notYet, households - released, households).map((plot) => partOf(plot, false)),
    ],
    chance,
  );
