import type { ReleaseRule } from './finding.ts';

/** 住房安全有保障: the dwelling is safe. Policy default. */
export const housingAssured: ReleaseRule = (facts) => {
  const source = 'policy default: 两不愁三保障及饮水安全';
  const fact = facts.housing;
  if (fact === undefined)
    return { rule: 'housing-assured', source, outcome: 'unknown', missingFact: 'housing' };
  return { rule: 'housing-assured', source, outcome: fact.assured ? 'passed' : 'failed', asOf: fact.asOf };
};
