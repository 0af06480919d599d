import { refuse, unreachable } from '../access/decision.ts';
import type { DepartmentId } from '../access/identifiers.ts';
import { cityReportWindow, civilDateOf, monthOf } from '../calendar/legal-time.ts';
import type { ReleaseEvent } from './events.ts';
import type { ReleaseDecision } from './refusals.ts';
import { assessRelease, failedRules } from './release-standards.ts';
import { returned, sentBack, unknownMeasure } from './return-case.ts';
import { spotCheckRate } from './spot-check-rate.ts';
import { type Answered, answer, next, one, type StepContext, without, withoutText } from './step-context.ts';

/** @returns the measures that the answer is about, or why it cannot be taken. */
const measuresOf = (
  { state }: StepContext,
  department: DepartmentId,
  decision: Answered<'department-comparison'>,
): readonly string[] | ReleaseDecision => {
  const theirs = state.measures
    .filter((measure) => measure.leadDepartment === department)
    .map((measure) => measure.measureId);
  if (decision.outcome === 'implemented') return theirs;
  const { reason, measureIds } = decision;
  const unknown = unknownMeasure(state, measureIds);
  if (unknown !== undefined) return unknown;
  const foreign = measureIds.findIndex((measureId) => !theirs.includes(measureId));
  if (foreign >= 0) return refuse('measure-of-another-department', { field: `measureIds.${foreign}` });
  if (reason === 'measure-not-implemented' && measureIds.length === 0)
    return refuse('measure-required', { field: 'measureIds', because: theirs });
  return measureIds;
};

/**
 * 行业部门比对. Every department must answer, so that whoever adjusts the help knows all that fails; then the case goes on
 * to the spot check, or back 不予销号 if any of them said no.
 */
export const departmentComparison = (
  step: StepContext,
  decision: Answered<'department-comparison'>,
): ReleaseDecision => {
  const { state, task, context, policy } = step;
  const { stage } = state;
  if (stage.name !== 'department-comparison') return refuse('task-not-open');
  const { asked, answered, spotCheckSeed: seed, spotCheckDraw: draw } = stage;
  const department = asked.find((candidate) => task.taskId.endsWith(`.${candidate}`));
  if (department === undefined) return refuse('task-not-open');
  const measureIds = measuresOf(step, department, decision);
  if ('refusal' in measureIds || 'events' in measureIds) return measureIds;
  const { outcome, record } = decision;
  const given: ReleaseEvent = {
    type: 'comparison-answered',
    data: {
      ...answer(step, []),
      department,
      outcome,
      ...(decision.outcome === 'not-implemented' ? { reason: decision.reason } : {}),
      measureIds,
      record,
    },
  };
  if (answered.length + 1 < asked.length) return one(given);
  if (outcome === 'not-implemented' || stage.refused.length > 0) {
    const failed = outcome === 'not-implemented' ? measureIds : [];
    const ended = sentBack(step, 'measures-not-implemented', [...stage.failedMeasureIds, ...failed]);
    return { events: [given, ended] };
  }
  const rate = spotCheckRate(policy, context.failedMonthsBefore);
  const drawn: ReleaseEvent = {
    type: 'spot-check-drawn',
    data: {
      round: state.round,
      sampled: draw < rate,
      seed,
      rate,
      reason: context.failedMonthsBefore > 0 ? 'check-failed-before' : 'policy-share',
      draw,
      opens: [next(step, 'spot-check')],
    },
  };
  return { events: [given, drawn] };
};

/**
 * 评估审定. A case that was drawn is confirmed on site only; none fails unless somebody was there, drawn or not. A failed
 * one goes back, and the village's share of visits doubles with the next filing.
 */
export const spotCheck = (step: StepContext, decision: Answered<'spot-check'>): ReleaseDecision => {
  const { stage } = step.state;
  if (stage.name !== 'spot-check') return refuse('task-not-open');
  const { evidence, record } = decision;
  switch (decision.outcome) {
    case 'confirmed':
      if (stage.sampled && evidence.length === 0) return refuse('evidence-required', { field: 'evidence' });
      return one({
        type: 'assessment-confirmed',
        data: {
          ...answer(step, [next(step, 'announcement')]),
          visited: evidence.length > 0,
          evidence,
          record,
        },
      });
    case 'failed': {
      const { reason, measureIds } = decision;
      const { filingMonth } = stage;
      return (
        without(evidence, 'evidence') ??
        unknownMeasure(step.state, measureIds) ?? {
          events: [
            {
              type: 'spot-check-failed',
              data: { ...answer(step, []), filingMonth, reason, measureIds, evidence, record },
            },
            sentBack(step, 'spot-check-failed', measureIds),
          ],
        }
      );
    }
    default:
      return unreachable(decision);
  }
};

/** Released from this instant. A standard that is known today not to be met stops it here at the latest. */
export const announcement = (step: StepContext, decision: Answered<'announcement'>): ReleaseDecision => {
  if (decision.outcome === 'returned') return returned(step, decision);
  const { state, now, policy, context } = step;
  const clock = { failed: state.failedMeasures };
  const findings = assessRelease(context.facts, policy, civilDateOf(now), clock);
  const failed = failedRules(findings);
  if (failed.length > 0) return refuse('release-standards-not-met', { because: failed });
  const cityReportMonth = monthOf(now);
  const { closesAt: cityReportDueAt } = cityReportWindow(cityReportMonth, policy);
  return one({
    type: 'release-announced',
    data: {
      ...answer(step, [next(step, 'leadership-filing')]),
      announcement: decision.announcement,
      cityReportMonth,
      cityReportDueAt,
      findings,
    },
  });
};

/** 报领导小组备案 */
export const leadershipFiling = (
  step: StepContext,
  decision: Answered<'leadership-filing'>,
): ReleaseDecision =>
  withoutText(decision.receipt, 'receipt') ??
  one({
    type: 'leadership-filed',
    data: { ...answer(step, [next(step, 'system-marking')]), receipt: decision.receipt },
  });

/** 系统标注 */
export const systemMarking = (step: StepContext, decision: Answered<'system-marking'>): ReleaseDecision =>
  withoutText(decision.outsideReference, 'outsideReference') ??
  one({
    type: 'national-system-marked',
    data: { ...answer(step, []), outsideReference: decision.outsideReference },
  });
