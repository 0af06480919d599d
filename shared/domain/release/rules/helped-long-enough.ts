import type { CivilDate } from '../../calendar/instant.ts';
import { atLeastMonths } from '../../calendar/legal-time.ts';
import type { HouseholdFacts } from '../facts.ts';
import type { ReleaseRule, RestartedClock } from './finding.ts';

/**
 * Since when each measure that failed or is new counts: from the day on which it was put in place after that.
 * `undefined` for one that is not in place yet.
 */
export const restartedSince = (
  { measures = [] }: Pick<HouseholdFacts, 'measures'>,
  { failed, known }: RestartedClock,
): readonly (CivilDate | undefined)[] =>
  measures.flatMap(({ measureId, implementedOn }) => {
    const failure = failed.find((one) => one.measureId === measureId);
    if (failure !== undefined)
      return [implementedOn !== undefined && implementedOn >= failure.failedOn ? implementedOn : undefined];
    return known === undefined || known.includes(measureId) ? [] : [implementedOn];
  });

/**
 * Identified as monitored and helped for at least `policy.helpedMonths` whole months. Policy default.
 * The later of the two dates is the one that counts; after a return the months begin anew for failed or new measures.
 */
export const helpedLongEnough: ReleaseRule = (facts, policy, today, clock) => {
  const source = 'policy default: 识别和帮扶满六个月';
  const { monitoredSince, helpedSince } = facts;
  if (monitoredSince === undefined) {
    return { rule: 'helped-long-enough', source, outcome: 'unknown', missingFact: 'monitored-since' };
  }
  if (helpedSince === undefined) {
    return { rule: 'helped-long-enough', source, outcome: 'unknown', missingFact: 'helped-since' };
  }
  const restarted = restartedSince(facts, clock);
  const from = [monitoredSince, helpedSince, ...restarted.flatMap((since) => since ?? [])].toSorted().at(-1);
  const latest = from ?? helpedSince;
  const inPlace = !restarted.includes(undefined);
  const outcome = inPlace && atLeastMonths(latest, today, policy.helpedMonths) ? 'passed' : 'failed';
  return { rule: 'helped-long-enough', source, outcome, asOf: latest };
};
