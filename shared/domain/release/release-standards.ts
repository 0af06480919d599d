import type { CivilDate } from '../calendar/instant.ts';
import type { Policy } from '../calendar/policy.ts';
import type { HouseholdFacts } from './facts.ts';
import { drinkingWaterAssured } from './rules/drinking-water-assured.ts';
import type { ReleaseRule, RestartedClock, RuleFinding } from './rules/finding.ts';
import { helpedLongEnough } from './rules/helped-long-enough.ts';
import { housingAssured } from './rules/housing-assured.ts';
import { incomeAboveLine } from './rules/income-above-line.ts';
import { incomeStable } from './rules/income-stable.ts';
import { measuresImplemented } from './rules/measures-implemented.ts';
import { medicalCareAssured } from './rules/medical-care-assured.ts';
import { notDependentWithoutLabour } from './rules/not-dependent-without-labour.ts';
import { schoolingAssured } from './rules/schooling-assured.ts';

const releaseRules: readonly ReleaseRule[] = [
  incomeAboveLine,
  incomeStable,
  housingAssured,
  schoolingAssured,
  medicalCareAssured,
  drinkingWaterAssured,
  helpedLongEnough,
  measuresImplemented,
  notDependentWithoutLabour,
];

/**
 * Holds the release standards 风险消除标准 against what is known on `today`.
 * @returns one finding per rule, always all of them, in a fixed order.
 */
export const assessRelease = (
  facts: HouseholdFacts,
  policy: Policy,
  today: CivilDate,
  clock: RestartedClock = { failed: [] },
): RuleFinding[] => releaseRules.map((rule) => rule(facts, policy, today, clock));

/** @returns the codes of the standards that are known not to be met; an unknown one stops nobody. */
export const failedRules = (findings: readonly RuleFinding[]): string[] =>
  findings.filter((finding) => finding.outcome === 'failed').map((finding) => finding.rule);
