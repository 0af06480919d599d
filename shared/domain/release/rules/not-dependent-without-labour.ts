import type { ReleaseRule } from './finding.ts';

/**
 * A household without any labour capacity 整户无劳动能力 is not marked released while it depends on the safety net 兜底保障.
 * Policy default.
 */
export const notDependentWithoutLabour: ReleaseRule = (facts) => {
  const source = 'policy default: 整户无劳动能力且依靠兜底保障的暂不标注风险消除';
  const { labour, safetyNetDependence } = facts;
  if (labour === undefined) {
    return { rule: 'not-dependent-without-labour', source, outcome: 'unknown', missingFact: 'labour' };
  }
  if (labour.ableMembers > 0) {
    return { rule: 'not-dependent-without-labour', source, outcome: 'passed', asOf: labour.asOf };
  }
  if (safetyNetDependence === undefined) {
    return {
      rule: 'not-dependent-without-labour',
      source,
      outcome: 'unknown',
      missingFact: 'safety-net-dependence',
    };
  }
  const outcome = safetyNetDependence.dependent ? 'failed' : 'passed';
  return { rule: 'not-dependent-without-labour', source, outcome, asOf: safetyNetDependence.asOf };
};
