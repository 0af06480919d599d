import { atLeastMonths } from '../../calendar/legal-time.ts';
import type { ReleaseRule } from './finding.ts';

/**
 * Identified as monitored and helped for at least `policy.helpedMonths` whole months. Policy default.
 * The later of the two dates is the one that counts.
 */
export const helpedLongEnough: ReleaseRule = (facts, policy, today) => {
  const source = 'policy default: 识别和帮扶满六个月';
  const { monitoredSince, helpedSince } = facts;
  if (monitoredSince === undefined) {
    return { rule: 'helped-long-enough', source, outcome: 'unknown', missingFact: 'monitored-since' };
  }
  if (helpedSince === undefined) {
    return { rule: 'helped-long-enough', source, outcome: 'unknown', missingFact: 'helped-since' };
  }
  const from = monitoredSince > helpedSince ? monitoredSince : helpedSince;
  const outcome = atLeastMonths(from, today, policy.helpedMonths) ? 'passed' : 'failed';
  return { rule: 'helped-long-enough', source, outcome, asOf: from };
};
