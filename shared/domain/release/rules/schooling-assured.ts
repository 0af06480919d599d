import type { ReleaseRule } from './finding.ts';

/** 义务教育有保障: every child of school age is at school. Policy default. */
export const schoolingAssured: ReleaseRule = (facts) => {
  const source = 'policy default: 两不愁三保障及饮水安全';
  const fact = facts.schooling;
  if (fact === undefined)
    return { rule: 'schooling-assured', source, outcome: 'unknown', missingFact: 'schooling' };
  return { rule: 'schooling-assured', source, outcome: fact.assured ? 'passed' : 'failed', asOf: fact.asOf };
};
