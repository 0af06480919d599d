import type { PersonActor } from '../domain/access/actor.ts';
import type { HouseholdId, PersonId } from '../domain/access/identifiers.ts';
import { fromJson } from '../ledger/as-json.ts';
import type { Dependencies } from './dependencies.ts';
import { type Outcome, refused } from './outcome.ts';
import { type PersonRecord, personKey } from './registers/records.ts';

/**
 * Who is behind a verified token. Offices come from the register, not from the token: whoever hands an office over
 * loses it at once.
 * @param personId the token's subject.
 * @returns the actor; `person-not-registered` for a valid token of somebody whom the register does not know.
 */
export const identifyActor = async (
  { store, house }: Pick<Dependencies, 'store' | 'house'>,
  personId: PersonId,
): Promise<Outcome<PersonActor>> => {
  const record = await store.get(personKey(personId));
  if (record === undefined) {
    // Somebody has to fill the register first. Once it has an entry for this account, that entry alone counts.
    return personId === house.registrar
      ? { value: { personId, offices: [{ role: 'bureau-officer', division: house.district }] } }
      : refused('person-not-registered');
  }
  const { offices, ownHousehold } = fromJson<PersonRecord & { ownHousehold?: HouseholdId }>(record.body);
  return {
    value: {
      personId,
      offices,
      ...(ownHousehold === undefined ? {} : { ownHousehold }),
    },
  };
};
