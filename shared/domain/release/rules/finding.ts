import type { CivilDate } from '../../calendar/instant.ts';
import type { Policy } from '../../calendar/policy.ts';
import type { FailedMeasure } from '../events.ts';
import type { HouseholdFacts } from '../facts.ts';

/** Public codes of the release standards; a code never changes its meaning. */
export type RuleCode =
  | 'income-above-line'
  | 'income-stable'
  | 'housing-assured'
  | 'schooling-assured'
  | 'medical-care-assured'
  | 'drinking-water-assured'
  | 'helped-long-enough'
  | 'measures-implemented'
  | 'not-dependent-without-labour';

export type RuleFinding = {
  readonly rule: RuleCode;
  /** The clause that the rule follows, so that the reader can look it up. */
  readonly source: string;
} & (
  | { readonly outcome: 'passed' | 'failed'; readonly asOf: CivilDate }
  | { readonly outcome: 'unknown'; readonly missingFact: string }
);

/** What a return of the case does to the six months of help: they begin anew for failed and for new measures only. */
export type RestartedClock = {
  readonly failed: readonly FailedMeasure[];
  /** Measures of the round that was returned; any other one of the plan is new. Absent where nothing was returned. */
  readonly known?: readonly string[];
};

/** One release standard: looks at the facts known on `today` and never guesses. */
export type ReleaseRule = (
  facts: HouseholdFacts,
  policy: Policy,
  today: CivilDate,
  clock: RestartedClock,
) => RuleFinding;
