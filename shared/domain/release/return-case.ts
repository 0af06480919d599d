import { refuse, unreachable } from '../access/decision.ts';
import type { DepartmentId } from '../access/identifiers.ts';
import type { CivilDate } from '../calendar/instant.ts';
import { addMonths, civilDateOf, startOfDay } from '../calendar/legal-time.ts';
import type { FailedMeasure, ReleaseEvent, ReleaseTask, RoundEndReason } from './events.ts';
import { closingDecided, nextRoundStarted } from './follow-up.ts';
import { releaseTask } from './open-task.ts';
import type { ReleaseDecision } from './refusals.ts';
import { assessRelease, failedRules } from './release-standards.ts';
import type { RestartedClock } from './rules/finding.ts';
import { restartedSince } from './rules/helped-long-enough.ts';
import { type ReleaseCase, withImplemented } from './state.ts';
import { type Answered, answer, one, roundEnded, type StepContext, without } from './step-context.ts';

/** @returns the refusal of a measure that the plan of the round does not hold. */
export const unknownMeasure = (
  { measures }: Pick<ReleaseCase, 'measures'>,
  measureIds: readonly string[],
): ReleaseDecision | undefined => {
  const planned = new Set(measures.map(({ measureId }) => measureId));
  const at = measureIds.findIndex((id) => !planned.has(id));
  return at < 0 ? undefined : refuse('measure-unknown', { field: `measureIds.${at}` });
};

/**
 * The end of a round by which the case goes back 退回: the village adjusts the help, and the lead department of each
 * failed measure gets a task on it. The case keeps its number and its history, and nothing else of the round.
 */
export const sentBack = (
  { state, now, policy }: Pick<StepContext, 'state' | 'now' | 'policy'>,
  reason: RoundEndReason,
  measureIds: readonly string[],
): ReleaseEvent => {
  const failedOn = civilDateOf(now);
  const failed: FailedMeasure[] = state.measures
    .filter(({ measureId }) => measureIds.includes(measureId))
    .map(({ measureId, leadDepartment }) => ({ measureId, leadDepartment, failedOn }));
  const { round } = state;
  const departments = [...new Set(failed.map(({ leadDepartment }) => leadDepartment))].toSorted();
  return roundEnded(
    state,
    reason,
    [
      releaseTask(state, { round, step: 'adjustment', openedAt: now, policy }),
      ...departments.map((department) =>
        releaseTask(state, { round, step: 'measure-adjustment', department, openedAt: now, policy }),
      ),
    ],
    failed,
  );
};

/** Town or district return the case at the step that they were asked at. */
export const returned = (
  step: StepContext,
  decision: Answered<'town-verification' | 'filing-confirmation' | 'announcement', 'returned'>,
): ReleaseDecision => {
  const { reason, measureIds, reasons } = decision;
  const unknown = unknownMeasure(step.state, measureIds);
  if (unknown !== undefined) return unknown;
  const by = decision.step === 'announcement' ? 'district' : 'town';
  const evidence = decision.step === 'announcement' ? [] : decision.evidence;
  return {
    events: [
      {
        type: 'case-returned',
        data: { ...answer(step, []), by, step: decision.step, reason, measureIds, reasons, evidence },
      },
      sentBack(step, by === 'town' ? 'returned-by-town' : 'returned-by-district', measureIds),
    ],
  };
};

/** What counts anew after the returns of this case. */
const clockOf = ({ failedMeasures, measures }: ReleaseCase): RestartedClock => ({
  failed: failedMeasures,
  known: measures.map(({ measureId }) => measureId),
});

/** Before the months of every failed or new measure are over, a new report would only be refused. */
const reReportTask = (
  { state, now, policy, context }: StepContext,
  failedMeasures: readonly FailedMeasure[],
): ReleaseTask => {
  const { facts } = context;
  const since = [
    ...restartedSince(facts, { ...clockOf(state), failed: failedMeasures }),
    ...failedMeasures.map(({ implementedOn }) => implementedOn),
  ].flatMap((day): CivilDate[] => (day === undefined ? [] : [addMonths(day, policy.helpedMonths)]));
  const notBefore = since.toSorted().at(-1);
  const { round } = state;
  return releaseTask(state, {
    round,
    step: 're-report',
    openedAt: now,
    policy,
    ...(notBefore === undefined || startOfDay(notBefore) <= now ? {} : { notBefore: startOfDay(notBefore) }),
  });
};

/** The last adjustment that is done opens the way to the next report. */
const withReReport = (
  step: StepContext,
  event: ReleaseEvent,
  failedMeasures: readonly FailedMeasure[],
): ReleaseDecision => {
  if (step.state.tasks.length > 1) return one(event);
  const opens = [reReportTask(step, failedMeasures)];
  return { events: [event, { type: 're-report-opened', data: { round: step.state.round, opens } }] };
};

/** 调整帮扶: the village says how the help was adjusted. */
export const adjustment = (step: StepContext, { record }: Answered<'adjustment'>): ReleaseDecision =>
  withReReport(
    step,
    { type: 'help-adjusted', data: { ...answer(step, []), record } },
    step.state.failedMeasures,
  );

/** A department answers for its own failed measures, all of them, with the day on which each was put in place. */
export const measureAdjustment = (
  step: StepContext,
  { measures, evidence, record }: Answered<'measure-adjustment'>,
): ReleaseDecision => {
  const { state, task, now } = step;
  const department = (task.taskId.split('.').at(-1) ?? '') as DepartmentId;
  const theirs = state.failedMeasures.filter(
    ({ leadDepartment, implementedOn }) => leadDepartment === department && implementedOn === undefined,
  );
  const unknown = measures.findIndex(
    ({ measureId }) => !theirs.some((failed) => failed.measureId === measureId),
  );
  if (unknown >= 0) return refuse('measure-unknown', { field: `measures.${unknown}.measureId` });
  const missing = theirs.filter(({ measureId }) => !measures.some((one) => one.measureId === measureId));
  if (missing.length > 0)
    return refuse('measure-required', {
      field: 'measures',
      because: missing.map(({ measureId }) => measureId),
    });
  const today = civilDateOf(now);
  const misdated = measures.findIndex(({ measureId, implementedOn }) => {
    const failed = theirs.find((one) => one.measureId === measureId);
    return implementedOn > today || (failed !== undefined && implementedOn < failed.failedOn);
  });
  if (misdated >= 0)
    return refuse('measure-date-invalid', { field: `measures.${misdated}.implementedOn`, because: [today] });
  return (
    without(evidence, 'evidence') ??
    withReReport(
      step,
      { type: 'measures-adjusted', data: { ...answer(step, []), department, measures, evidence, record } },
      withImplemented(state.failedMeasures, measures),
    )
  );
};

/** The grid leader reports the household again, or closes the case. Everything after it is done anew. */
export const reReport = (step: StepContext, decision: Answered<'re-report'>): ReleaseDecision => {
  switch (decision.outcome) {
    case 'close-case':
      return closingDecided(step, decision.record, 'monitoring-continues');
    case 'report-again': {
      const { state, now, context } = step;
      const { facts, policyInForce } = context;
      const findings = assessRelease(facts, policyInForce, civilDateOf(now), clockOf(state));
      const failed = failedRules(findings);
      if (failed.length > 0) return refuse('release-standards-not-met', { because: failed });
      return {
        events: [
          { type: 'candidate-reported-again', data: answer(step, []) },
          nextRoundStarted(step, 'reported-again'),
        ],
      };
    }
    default:
      return unreachable(decision);
  }
};
