import { firstDay } from '../../calendar/legal-time.ts';
import type { ReleaseRule } from './finding.ts';

/**
 * 收入达标: the newest monthly record of net income per head is above the monitoring line of its year.
 * Policy default; the line is a number per year in the policy, and a year without one is unknown.
 */
export const incomeAboveLine: ReleaseRule = (facts, policy, today) => {
  const source = 'seed 三级协同 一是: 家庭收入稳定可持续';
  const newest = facts.monthlyIncome
    .filter((record) => record.month <= today.slice(0, 7))
    .toSorted((a, b) => a.month.localeCompare(b.month))
    .at(-1);
  if (newest === undefined)
    return { rule: 'income-above-line', source, outcome: 'unknown', missingFact: 'monthly-income' };
  const line = policy.monitoringLine[newest.month.slice(0, 4)];
  if (line === undefined) {
    return {
      rule: 'income-above-line',
      source,
      outcome: 'unknown',
      missingFact: `monitoring-line:${newest.month.slice(0, 4)}`,
    };
  }
  return {
    rule: 'income-above-line',
    source,
    outcome: newest.netPerHeadFen > line.fenPerHeadPerYear ? 'passed' : 'failed',
    asOf: firstDay(newest.month),
  };
};
