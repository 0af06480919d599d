import type { ReleaseRule } from './finding.ts';

/** 饮水安全: the household has safe drinking water. Policy default. */
export const drinkingWaterAssured: ReleaseRule = (facts) => {
  const source = 'policy default: 两不愁三保障及饮水安全';
  const fact = facts.drinkingWater;
  if (fact === undefined)
    return { rule: 'drinking-water-assured', source, outcome: 'unknown', missingFact: 'drinking-water' };
  return {
    rule: 'drinking-water-assured',
    source,
    outcome: fact.assured ? 'passed' : 'failed',
    asOf: fact.asOf,
  };
};
