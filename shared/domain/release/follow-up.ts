import type { CaseEndReason, ReleaseEvent, RoundCause, SealedText } from './events.ts';
import type { ReleaseDecision } from './refusals.ts';
import { roundStarted } from './report-candidate.ts';
import { type Answered, answer, caseClosed, type StepContext } from './step-context.ts';

/** The case ends although it could begin again; monitoring goes on. */
export const closingDecided = (
  step: StepContext,
  record: SealedText,
  reason: CaseEndReason,
): ReleaseDecision => ({
  events: [
    { type: 'closing-decided', data: { ...answer(step, []), record } },
    caseClosed(step.state, reason),
  ],
});

/** @returns the start of the next round under the policy in force today; the case keeps its number and its history. */
export const nextRoundStarted = ({ state, now, context }: StepContext, cause: RoundCause): ReleaseEvent =>
  roundStarted(state, {
    round: state.round + 1,
    cause,
    now,
    policy: context.policyInForce,
    facts: context.facts,
    clock: { failed: state.failedMeasures },
  });

const nextRoundDecided = (step: StepContext, record: SealedText, cause: RoundCause): ReleaseDecision => ({
  events: [
    { type: 'next-round-decided', data: { ...answer(step, []), record } },
    nextRoundStarted(step, cause),
  ],
});

/** After an upheld objection the village closes the case, or starts the next round at the visit. */
export const objectionFollowUp = (
  step: StepContext,
  { outcome, record }: Answered<'objection-follow-up'>,
): ReleaseDecision =>
  outcome === 'close-case'
    ? closingDecided(step, record, 'monitoring-continues')
    : nextRoundDecided(step, record, 'objection-upheld');

/** After a death, a split, a move or a merge the village closes the case, or starts again with the household as it is. */
export const pauseFollowUp = (
  step: StepContext,
  { outcome, record }: Answered<'pause-follow-up'>,
): ReleaseDecision =>
  outcome === 'close-case'
    ? closingDecided(step, record, 'household-changed')
    : nextRoundDecided(step, record, 'household-changed');
