import type { YearMonth } from '../../calendar/instant.ts';
import { firstDay, monthOf, previousMonth } from '../../calendar/legal-time.ts';
import type { ReleaseRule } from './finding.ts';

/**
 * 收入稳定可持续: every one of the last `policy.incomeStableMonths` monthly records is above the line.
 * The running month counts if its record is in, else the months before it. Length: policy default.
 */
export const incomeStable: ReleaseRule = (facts, policy, today) => {
  const source = 'seed 三级协同 一是: 家庭收入稳定可持续';
  const byMonth = new Map(facts.monthlyIncome.map((record) => [record.month, record.netPerHeadFen]));
  const running = monthOf(today);
  let month: YearMonth = byMonth.has(running) ? running : previousMonth(running);
  let failed = false;
  const newest = month;
  for (let count = 0; count < policy.incomeStableMonths; count += 1) {
    const netPerHeadFen = byMonth.get(month);
    const line = policy.monitoringLine[month.slice(0, 4)];
    if (netPerHeadFen === undefined) {
      return { rule: 'income-stable', source, outcome: 'unknown', missingFact: `monthly-income:${month}` };
    }
    if (line === undefined) {
      return {
        rule: 'income-stable',
        source,
        outcome: 'unknown',
        missingFact: `monitoring-line:${month.slice(0, 4)}`,
      };
    }
    failed ||= netPerHeadFen <= line.fenPerHeadPerYear;
    month = previousMonth(month);
  }
  return { rule: 'income-stable', source, outcome: failed ? 'failed' : 'passed', asOf: firstDay(newest) };
};
