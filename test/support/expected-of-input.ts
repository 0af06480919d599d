import type { DistrictInput } from '../../local/seed/district-input.ts';

/** Kinds of stories that bring no release by the end of October. */
const remaining: ReadonlySet<string> = new Set([
  'not-yet',
  'measure-failed-and-remains',
  'not-implemented-and-remains',
  'withdrawn',
  'appraisal-not-passed',
  'household-refuses',
  'not-eligible-at-the-visit',
  'own-request-declined',
  'paused-and-closed',
  'too-late-for-october',
]);

type Households = DistrictInput['households'];

export const toBeReleased = ({ households }: Pick<DistrictInput, 'households'>): Households =>
  households.filter(({ story }) => !remaining.has(story.kind));

export const countOf = (households: Households) => ({
  households: households.length,
  people: households.reduce((sum, { members }) => sum + members.length, 0),
});

/** What the year must come to, counted from the households and the stories of the input. */
export const expectedOf = ({ households }: Pick<DistrictInput, 'households'>) => {
  const released = toBeReleased({ households });
  const turns = households.flatMap(({ story }) => story.turns);
  const times = (step: string, outcome: string): number =>
    turns.filter((turn) => turn.step === step && turn.outcome === outcome).length;
  return {
    monitored: countOf(households),
    released: countOf(released),
    remaining: countOf(households.filter((household) => !released.includes(household))),
    returns: times('town-verification', 'returned'),
    objections: {
      filed: households.flatMap(({ story }) => story.objections).length,
      upheld: times('objection-decision', 'upheld'),
    },
  };
};
