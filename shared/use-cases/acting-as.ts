import { inboxOf, type PersonActor, type RecordedActor } from '../domain/access/actor.ts';
import { type Action, authorise, type Resource } from '../domain/access/authorise.ts';

/**
 * In what capacity a person does something, as the ledger records it: as the household itself where it may, else in the
 * first of their offices that may.
 * @throws where nothing that they are allows it: access is asked for first.
 */
export const actingAs = (
  { personId, offices, ownHousehold }: PersonActor,
  action: Action,
  resource: Resource,
): RecordedActor => {
  if (ownHousehold !== undefined) {
    const itself = { personId, offices: [], ownHousehold };
    if (authorise(itself, action, resource) === 'allowed')
      return { personId, role: 'household', inbox: inboxOf({ role: 'household', household: ownHousehold }) };
  }
  const office = offices.find(
    (held) => authorise({ personId, offices: [held] }, action, resource) === 'allowed',
  );
  if (office === undefined) throw new Error('a person does what none of their offices allows');
  return { personId, role: office.role, inbox: inboxOf(office) };
};
