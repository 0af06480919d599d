import type { PersonActor } from '../../domain/access/actor.ts';
import type { EvidenceRef } from '../../domain/release/events.ts';
import type { EvidenceId } from '../../domain/release/identifiers.ts';
import type { ReleaseCase } from '../../domain/release/state.ts';
import type { ChainedEvent } from '../../ledger/hash-chain.ts';
import type { Json, JsonObject } from '../../ports/record-store.ts';

/**
 * An objector stays unknown to the household itself: of what was said and gathered about an objection its people learn
 * nothing, whatever office they hold besides.
 */
export const mayLearnWhoObjected = (
  actor: PersonActor,
  { householdId }: Pick<ReleaseCase, 'householdId'>,
): boolean => actor.ownHousehold !== householdId;

/** Whether the event belongs to an objection 异议: filed, investigated, dismissed or upheld. */
export const isOfObjection = ({ type }: Pick<ChainedEvent, 'type'>): boolean => type.startsWith('objection-');

const isFile = (value: Json): value is EvidenceRef & JsonObject =>
  typeof value === 'object' && value !== null && 'evidenceId' in value;

/** Whether a fact names the file in one of its fields, alone or in a list. */
const isNamedIn = (data: JsonObject, evidenceId: EvidenceId): boolean =>
  Object.values(data)
    .flat()
    .some((value: Json) => isFile(value) && value.evidenceId === evidenceId);

/** Whether the case itself rests on the file, and not an objection to it alone. */
export const isNamedBesideObjections = (events: readonly ChainedEvent[], evidenceId: EvidenceId): boolean =>
  events.some((event) => !isOfObjection(event) && isNamedIn(event.data, evidenceId));
