import { refuse, unreachable } from '../access/decision.ts';
import { lookAt } from '../access/escalation.ts';
import { type Policy, policyOf } from '../calendar/policy.ts';
import type { DecisionContext, ReleaseCommand } from './commands.ts';
import { decideStep } from './decide-step.ts';
import type { ReleaseTask } from './events.ts';
import { concludeNotice, fileObjection } from './notice.ts';
import { releaseTask } from './open-task.ts';
import type { ReleaseDecision } from './refusals.ts';
import { reportCandidate, requestRelease } from './report-candidate.ts';
import type { ReleaseCase } from './state.ts';
import { pause, withdraw } from './withdraw-and-pause.ts';

/** @throws if the round names a policy that never was: a defect, old policies are never removed. */
const policyOfRound = (state: ReleaseCase): Policy => {
  const policy = policyOf(state.policyVersion);
  if (policy === undefined) throw new Error(`no policy has the version ${state.policyVersion}`);
  return policy;
};

const recordFiling = (
  state: ReleaseCase,
  command: Extract<ReleaseCommand, { type: 'record-filing' }>,
  { now }: DecisionContext,
  policy: Policy,
): ReleaseDecision => {
  if (command.round !== state.round) return refuse('round-superseded');
  if (state.stage.name !== 'filing' || state.stage.filingMonth !== command.month)
    return refuse('case-not-in-filing');
  const asked = [
    ...new Set([
      ...policy.comparison.alwaysAsked,
      ...state.measures.map((measure) => measure.leadDepartment),
    ]),
  ];
  const opens: ReleaseTask[] = asked.toSorted().map((department) =>
    releaseTask(state, {
      round: state.round,
      step: 'department-comparison',
      department,
      openedAt: now,
      policy,
    }),
  );
  const { month, filingNumber, spotCheckSeed, spotCheckDraw, round } = command;
  return {
    events: [
      {
        type: 'filed-with-district',
        data: { round, month, filingNumber, spotCheckSeed, spotCheckDraw, asked: asked.toSorted(), opens },
      },
    ],
  };
};

const recordCityReport = (
  state: ReleaseCase,
  command: Extract<ReleaseCommand, { type: 'record-city-report' }>,
): ReleaseDecision => {
  if (command.round !== state.round) return refuse('round-superseded');
  if (state.stage.name !== 'city-report' || state.stage.cityReportMonth !== command.month)
    return refuse('case-not-in-report');
  return { events: [{ type: 'reported-to-city', data: { round: command.round, month: command.month } }] };
};

const escalateStep = (
  state: ReleaseCase,
  command: Extract<ReleaseCommand, { type: 'escalate-step' }>,
  { now }: DecisionContext,
  policy: Policy,
): ReleaseDecision => {
  const task = state.tasks.find((open) => open.taskId === command.taskId);
  if (task === undefined) return refuse('task-not-open');
  const { taskId } = task;
  // Every task of a case is one of its steps; the town's month has none here.
  if (task.step === 'filing-cut-off') return refuse('task-not-open');
  const { escalateEvery } = policy.steps[task.step];
  const look = lookAt(task, { now, policy, escalateEvery, vacant: command.vacant });
  const { wakeAt } = look;
  switch (look.kind) {
    case 'too-early':
      return refuse('too-early', { because: [wakeAt] });
    case 'reminder':
      return { events: [{ type: 'step-reminded', data: { taskId, wakeAt } }] };
    case 'escalation': {
      const { reason, to } = look;
      return { events: [{ type: 'step-escalated', data: { taskId, wakeAt, reason, to } }] };
    }
    default:
      return unreachable(look);
  }
};

/**
 * Whether a command may be carried out on a release case, and what happened if so. Pure and total: every command on
 * every state answers with events or with a refusal; it throws only on a damaged ledger.
 * @param state `undefined` while no case stands under the number.
 */
export const decide = (
  state: ReleaseCase | undefined,
  command: ReleaseCommand,
  context: DecisionContext,
): ReleaseDecision => {
  if (state === undefined) {
    if (command.type === 'report-candidate') return reportCandidate(command, context);
    return command.type === 'request-release' ? requestRelease(command, context) : refuse('case-not-open');
  }
  const policy = policyOfRound(state);
  switch (command.type) {
    case 'report-candidate':
    case 'request-release':
      return refuse('case-already-open', { because: [state.caseNumber] });
    case 'withdraw':
      return withdraw(state, command, context);
    case 'pause':
      return pause(state, command, context, policy);
    case 'decide-step':
      return decideStep(state, command, context, policy);
    case 'file-objection':
      return fileObjection(state, command, context, policy);
    case 'conclude-notice':
      return concludeNotice(state, command, context, policy);
    case 'record-filing':
      return recordFiling(state, command, context, policy);
    case 'record-city-report':
      return recordCityReport(state, command);
    case 'escalate-step':
      return escalateStep(state, command, context, policy);
    default:
      return unreachable(command);
  }
};
