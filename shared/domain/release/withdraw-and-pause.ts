import { refuse, unreachable } from '../access/decision.ts';
import { districtOf, villageOf } from '../access/identifiers.ts';
import { civilDateOf } from '../calendar/legal-time.ts';
import type { Policy } from '../calendar/policy.ts';
import type { DecisionContext, ReleaseCommand } from './commands.ts';
import { releaseTask } from './open-task.ts';
import type { ReleaseDecision } from './refusals.ts';
import { dutiesConflict } from './separation-of-duties.ts';
import { isReleased, type ReleaseCase, roundRuns } from './state.ts';
import { caseClosed, roundEnded } from './step-context.ts';

/** @returns why nothing can be stopped any more. */
const tooLate = (state: ReleaseCase): ReleaseDecision | undefined => {
  if (isReleased(state)) return refuse('already-released');
  return state.stage.name === 'closed' ? refuse('case-not-open') : undefined;
};

/** Telling of a change is not deciding, but nobody tells it of their own household in an office. */
const ownHousehold = (
  { householdId }: ReleaseCase,
  { actor }: DecisionContext,
): ReleaseDecision | undefined =>
  'personId' in actor && actor.ownHousehold === householdId ? refuse('own-household') : undefined;

/** Withdrawing is deciding: in an office, at its level and no other. The household alone speaks for itself. */
const withdrawalConflict = (
  state: ReleaseCase,
  { actor }: DecisionContext,
  by: Extract<ReleaseCommand, { type: 'withdraw' }>['by'],
): ReleaseDecision | undefined => {
  switch (by) {
    case 'household':
      return undefined;
    case 'signed-form':
      return dutiesConflict(state, actor, { role: 'village-officer', division: villageOf(state.group) });
    case 'district':
      return dutiesConflict(state, actor, { role: 'bureau-officer', division: districtOf(state.group) });
    default:
      return unreachable(by);
  }
};

/** 撤回: any time before the announcement, with a reason; the round and the case end at once (policy default). */
export const withdraw = (
  state: ReleaseCase,
  command: Extract<ReleaseCommand, { type: 'withdraw' }>,
  context: DecisionContext,
): ReleaseDecision => {
  const { by, reason, reasons, evidence } = command;
  const refused = tooLate(state) ?? withdrawalConflict(state, context, by);
  if (refused !== undefined) return refused;
  if (by === 'signed-form' && evidence.length === 0)
    return refuse('evidence-required', { field: 'evidence' });
  const { round } = state;
  return {
    events: [
      { type: 'case-withdrawn', data: { round, by, reason, reasons, evidence } },
      ...(roundRuns(state) ? [roundEnded(state, 'withdrawn')] : []),
      caseClosed(state, 'withdrawn'),
    ],
  };
};

/** 死亡、分户、迁移、合户 in mid-case: the round ends, and the village closes the case or starts again (policy default). */
export const pause = (
  state: ReleaseCase,
  command: Extract<ReleaseCommand, { type: 'pause' }>,
  context: DecisionContext,
  policy: Policy,
): ReleaseDecision => {
  const { cause, occurredOn, record } = command;
  const refused = tooLate(state) ?? ownHousehold(state, context);
  if (refused !== undefined) return refused;
  if (!roundRuns(state)) return refuse('round-not-running');
  const { now } = context;
  if (occurredOn > civilDateOf(now))
    return refuse('occurred-date-invalid', { field: 'occurredOn', because: [civilDateOf(now)] });
  const { round } = state;
  const followUp = releaseTask(state, { round, step: 'pause-follow-up', openedAt: now, policy });
  return {
    events: [
      { type: 'case-paused', data: { round, cause, occurredOn, record } },
      roundEnded(state, 'household-changed', [followUp]),
    ],
  };
};
