import type { Assignee } from '../access/actor.ts';
import { refuse } from '../access/decision.ts';
import type { Instant } from '../calendar/instant.ts';
import type { Policy } from '../calendar/policy.ts';
import type { DecisionContext, StepDecision } from './commands.ts';
import type {
  CaseEndReason,
  EvidenceRef,
  FailedMeasure,
  ReleaseEvent,
  ReleaseTask,
  RoundEndReason,
} from './events.ts';
import { type ReleaseStep, releaseTask } from './open-task.ts';
import type { ReleaseDecision } from './refusals.ts';
import type { ReleaseCase } from './state.ts';

/** Everything that the answer to one step may look at. */
export type StepContext = {
  readonly state: ReleaseCase;
  readonly task: ReleaseTask;
  readonly now: Instant;
  readonly policy: Policy;
  readonly context: DecisionContext;
  readonly actingAs: Assignee;
};

export type Answered<Step extends StepDecision['step'], Outcome extends string = string> = Extract<
  StepDecision,
  { step: Step } & ([string] extends [Outcome] ? unknown : { outcome: Outcome })
>;

export const one = (event: ReleaseEvent): ReleaseDecision => ({ events: [event] });

/** @returns the task of another step of the same round. */
export const next = ({ state, now, policy }: StepContext, step: ReleaseStep): ReleaseTask =>
  releaseTask(state, { round: state.round, step, openedAt: now, policy });

/** @returns what every answer says: which task it answers, and which it opens. */
export const answer = ({ state, task }: StepContext, opens: readonly ReleaseTask[]) => ({
  round: state.round,
  taskId: task.taskId,
  opens,
});

/** @returns the refusal of an answer without a file. */
export const without = (evidence: readonly EvidenceRef[], field: string): ReleaseDecision | undefined =>
  evidence.length === 0 ? refuse('evidence-required', { field }) : undefined;

/** A reference of nothing but spaces would be no reference. */
export const withoutText = (text: string, field: string): ReleaseDecision | undefined =>
  text.trim() === '' ? refuse('text-required', { field }) : undefined;

/** @returns the end of the running round, with what goes on after it. */
export const roundEnded = (
  { round }: Pick<ReleaseCase, 'round'>,
  reason: RoundEndReason,
  opens: readonly ReleaseTask[] = [],
  failed: readonly FailedMeasure[] = [],
): ReleaseEvent => ({ type: 'release-round-ended', data: { round, reason, failed, opens } });

/** @returns the end of the case; monitoring goes on unless the household was released. */
export const caseClosed = ({ round }: Pick<ReleaseCase, 'round'>, reason: CaseEndReason): ReleaseEvent => ({
  type: 'release-case-closed',
  data: { round, reason },
});

/** The round ends with this answer, and the case with it. */
export const over = (
  { state }: Pick<StepContext, 'state'>,
  event: ReleaseEvent,
  reason: CaseEndReason & RoundEndReason,
): ReleaseDecision => ({ events: [event, roundEnded(state, reason), caseClosed(state, reason)] });
