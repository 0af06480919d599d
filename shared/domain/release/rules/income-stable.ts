import type { YearMonth } from '../../calendar/instant.ts';
import { firstDay, monthOf, previousMonth } from '../../calendar/legal-time.ts';
import type { ReleaseRule } from './finding.ts';

/**
 * 收入稳定可持续: every one of the last `policy.incomeStableMonths` monthly records is above the line.
 * The running month counts if its record is in, else the months before it. One month that is known not to be above
 * fails it, whatever is still missing. Length: policy default.
 */
export const incomeStable: ReleaseRule = (facts, policy, today) => {
  const source = 'seed 三级协同 一是: 家庭收入稳定可持续';
  const byMonth = new Map(facts.monthlyIncome.map((record) => [record.month, record.netPerHeadFen]));
  const running = monthOf(today);
  const newest = byMonth.has(running) ? running : previousMonth(running);
  const missing: string[] = [];
  let failed = false;
  let month: YearMonth = newest;
  for (let count = 0; count < policy.incomeStableMonths; count += 1) {
    const netPerHeadFen = byMonth.get(month);
    const line = policy.monitoringLine[month.slice(0, 4)];
    if (netPerHeadFen === undefined) missing.push(`monthly-income:${month}`);
    else if (line === undefined) missing.push(`monitoring-line:${month.slice(0, 4)}`);
    else failed ||= netPerHeadFen <= line.fenPerHeadPerYear;
    month = previousMonth(month);
  }
  const [missingFact] = missing;
  if (failed) return { rule: 'income-stable', source, outcome: 'failed', asOf: firstDay(newest) };
  if (missingFact !== undefined) return { rule: 'income-stable', source, outcome: 'unknown', missingFact };
  return { rule: 'income-stable', source, outcome: 'passed', asOf: firstDay(newest) };
};
