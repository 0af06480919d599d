import type { Office, PersonActor } from '../../domain/access/actor.ts';
import { authorise } from '../../domain/access/authorise.ts';
import { contains, type HouseholdId, type PersonId } from '../../domain/access/identifiers.ts';
import { asJson, fromJson } from '../../ledger/as-json.ts';
import { canonicalText } from '../../ledger/canonical.ts';
import { commit } from '../../ledger/commit.ts';
import type { Dependencies } from '../dependencies.ts';
import { accessRefusal, type Outcome, refused } from '../outcome.ts';
import { tellOfVacatedOffice } from '../workflow/step-tasks.ts';
import { holderWrites, inboxesLeft } from './office-holders.ts';
import { type PersonRecord, peopleScope, personKey, readHousehold } from './records.ts';

export type PersonInput = {
  readonly personId: PersonId;
  readonly name: string;
  readonly offices: readonly Office[];
  readonly ownHousehold?: HouseholdId;
};

/**
 * Registers a person with their offices, or changes them. The name is sealed. Sending the same again changes nothing.
 * Steps that an office is left with when nobody holds it any more are told upwards at once.
 * Nobody changes their own entry: who may decide what, and about which household not, is for others to say.
 */
export const putPerson = async (
  {
    store,
    backoff,
    clock,
    personalData,
    house,
  }: Pick<Dependencies, 'store' | 'backoff' | 'clock' | 'personalData' | 'house'>,
  actor: PersonActor,
  { personId, name, offices, ownHousehold }: PersonInput,
): Promise<Outcome<{ readonly personId: PersonId }>> => {
  const hidden = accessRefusal(authorise(actor, 'register:write', { place: house.district }));
  if (hidden !== undefined) return hidden;
  const outside = offices.findIndex((office) => !contains(house.district, office.division));
  if (outside >= 0) return refused('outside-district', { field: `offices.${outside}.division` });
  if (ownHousehold !== undefined && (await readHousehold(store, ownHousehold)) === undefined) {
    return refused('household-unknown', { field: 'ownHousehold' });
  }
  const scope = peopleScope(house.district);
  const body = asJson({ offices, ownHousehold });
  let left: readonly string[] = [];
  const outcome = await commit<Outcome<{ readonly personId: PersonId }>>({ store, backoff }, async () => {
    const answer = { value: { personId } };
    const before = await store.get(personKey(personId));
    const holdings = before === undefined ? undefined : fromJson<PersonRecord>(before.body);
    const nameBefore = before === undefined ? undefined : await personalData.open(scope, personId);
    const unchanged =
      before !== undefined &&
      canonicalText(before.body) === canonicalText(body) &&
      nameBefore?.value === name;
    if (unchanged) return { writes: [], answer };
    if (before !== undefined && personId === actor.personId)
      return { writes: [], answer: refused('own-record', { field: 'personId' }) };
    const after = { offices, ...(ownHousehold === undefined ? {} : { ownHousehold }) };
    left = inboxesLeft(personId, holdings, after);
    const prepared = await personalData.prepare(scope);
    const { write } = await personalData.seal(scope, personId, name, nameBefore?.rev);
    const expect = before === undefined ? 'absent' : { rev: before.rev };
    return {
      writes: [
        ...prepared,
        { kind: 'put', key: personKey(personId), body, expect },
        write,
        ...holderWrites(personId, holdings, after),
      ],
      answer,
    };
  });
  for (const inbox of left) await tellOfVacatedOffice({ store, backoff, clock }, inbox);
  return outcome;
};
