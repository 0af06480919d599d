import type { ReleaseRule } from './finding.ts';

/** 基本医疗有保障: every member is insured and can be treated. Policy default. */
export const medicalCareAssured: ReleaseRule = (facts) => {
  const source = 'policy default: 两不愁三保障及饮水安全';
  const fact = facts.medicalCare;
  if (fact === undefined)
    return { rule: 'medical-care-assured', source, outcome: 'unknown', missingFact: 'medical-care' };
  return {
    rule: 'medical-care-assured',
    source,
    outcome: fact.assured ? 'passed' : 'failed',
    asOf: fact.asOf,
  };
};
