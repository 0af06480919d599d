import { type Assignee, levelOf } from '../access/actor.ts';
import { refuse } from '../access/decision.ts';
import type { DecisionContext } from './commands.ts';
import type { ReleaseDecision } from './refusals.ts';
import type { ReleaseCase } from './state.ts';

/**
 * 职责分离 (policy default): nobody decides at two levels of one case, in any of its rounds, nor about their own
 * household (which alone may confirm for itself). Attending is not deciding.
 * @returns the refusal, or `undefined` when the person may decide.
 */
export const dutiesConflict = (
  state: Pick<ReleaseCase, 'householdId' | 'deciders'>,
  actor: DecisionContext['actor'],
  actingAs: Assignee,
): ReleaseDecision | undefined => {
  if (!('personId' in actor)) return undefined;
  if (actingAs.role !== 'household' && actor.ownHousehold === state.householdId)
    return refuse('own-household');
  const level = levelOf[actingAs.role];
  const elsewhere = state.deciders.some(
    (decider) => decider.personId === actor.personId && decider.level !== level,
  );
  return elsewhere ? refuse('two-levels', { because: [level] }) : undefined;
};
