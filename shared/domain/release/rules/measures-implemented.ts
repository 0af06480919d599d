import type { ReleaseRule } from './finding.ts';

/**
 * 帮扶措施已落实到位: every planned measure was verified on site as in place, on or before today.
 * A plan without any measure fails: there is nothing that could have lifted the risk.
 */
export const measuresImplemented: ReleaseRule = (facts, _policy, today) => {
  const source = 'seed 三级协同 一是: 帮扶措施已落实到位';
  const { measures } = facts;
  if (measures === undefined) {
    return { rule: 'measures-implemented', source, outcome: 'unknown', missingFact: 'assistance-plan' };
  }
  const inPlace = measures.every(
    (measure) => measure.implementedOn !== undefined && measure.implementedOn <= today,
  );
  const newest =
    measures
      .flatMap((measure) => measure.implementedOn ?? [])
      .toSorted()
      .at(-1) ?? today;
  const outcome = measures.length > 0 && inPlace ? 'passed' : 'failed';
  return { rule: 'measures-implemented', source, outcome, asOf: newest };
};
