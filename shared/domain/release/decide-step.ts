import { assigneeHeldBy } from '../access/actor.ts';
import { refuse, unreachable } from '../access/decision.ts';
import type { Policy } from '../calendar/policy.ts';
import {
  appraisal,
  homeVisit,
  householdConfirmation,
  noticePosting,
  requestAnswer,
} from './candidate-steps.ts';
import type { DecisionContext, ReleaseCommand, StepDecision } from './commands.ts';
import {
  announcement,
  departmentComparison,
  leadershipFiling,
  spotCheck,
  systemMarking,
} from './district-steps.ts';
import { filingConfirmation, townVerification } from './filing-steps.ts';
import { objectionFollowUp, pauseFollowUp } from './follow-up.ts';
import { objectionDecision, objectionInvestigation } from './objection-steps.ts';
import type { ReleaseDecision } from './refusals.ts';
import { adjustment, measureAdjustment, reReport } from './return-case.ts';
import { dutiesConflict } from './separation-of-duties.ts';
import type { ReleaseCase } from './state.ts';
import type { StepContext } from './step-context.ts';

const answerTo = (step: StepContext, decision: StepDecision): ReleaseDecision => {
  switch (decision.step) {
    case 'request-answer':
      return requestAnswer(step, decision);
    case 'home-visit':
      return homeVisit(step, decision);
    case 'household-confirmation':
      return householdConfirmation(step, decision);
    case 'appraisal':
      return appraisal(step, decision);
    case 'notice-posting':
      return noticePosting(step, decision);
    case 'objection-investigation':
      return objectionInvestigation(step, decision);
    case 'objection-decision':
      return objectionDecision(step, decision);
    case 'objection-follow-up':
      return objectionFollowUp(step, decision);
    case 'town-verification':
      return townVerification(step, decision);
    case 'filing-confirmation':
      return filingConfirmation(step, decision);
    case 'department-comparison':
      return departmentComparison(step, decision);
    case 'spot-check':
      return spotCheck(step, decision);
    case 'announcement':
      return announcement(step, decision);
    case 'leadership-filing':
      return leadershipFiling(step, decision);
    case 'system-marking':
      return systemMarking(step, decision);
    case 'adjustment':
      return adjustment(step, decision);
    case 'measure-adjustment':
      return measureAdjustment(step, decision);
    case 're-report':
      return reReport(step, decision);
    case 'pause-follow-up':
      return pauseFollowUp(step, decision);
    default:
      return unreachable(decision);
  }
};

/** A task of an earlier round says so, so that whoever is late learns why. */
const roundOf = (taskId: string): number => Number(/\.r(\d+)\./.exec(taskId)?.[1] ?? Number.NaN);

/** A returned case may be closed at any time; only to report it again people have to wait. */
const mayCloseEarly = (decision: StepDecision): boolean =>
  decision.step === 're-report' && decision.outcome === 'close-case';

/** The answer of a person to an open task: open, theirs, of the right shape, not too early, and theirs to decide. */
export const decideStep = (
  state: ReleaseCase,
  command: Extract<ReleaseCommand, { type: 'decide-step' }>,
  context: DecisionContext,
  policy: Policy,
): ReleaseDecision => {
  const task = state.tasks.find((open) => open.taskId === command.taskId);
  if (task === undefined)
    return refuse(roundOf(command.taskId) < state.round ? 'round-superseded' : 'task-not-open');
  const { actor, now } = context;
  const actingAs = 'personId' in actor ? assigneeHeldBy(actor, task.assignees) : undefined;
  if (actingAs === undefined) return refuse('task-not-yours');
  if (task.step !== command.decision.step)
    return refuse('wrong-decision-for-step', { field: 'step', because: [task.step] });
  if (task.notBefore !== undefined && now < task.notBefore && !mayCloseEarly(command.decision))
    return refuse('too-early', { because: [task.notBefore] });
  return (
    dutiesConflict(state, actor, actingAs) ??
    answerTo({ state, task, now, policy, context, actingAs }, command.decision)
  );
};
