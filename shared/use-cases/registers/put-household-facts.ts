import type { PersonActor } from '../../domain/access/actor.ts';
import { authorise } from '../../domain/access/authorise.ts';
import type { HouseholdId } from '../../domain/access/identifiers.ts';
import type { HouseholdFacts } from '../../domain/release/facts.ts';
import { asJson, fromJson } from '../../ledger/as-json.ts';
import { canonicalText } from '../../ledger/canonical.ts';
import { commit } from '../../ledger/commit.ts';
import type { PersonalData } from '../../ledger/personal-data.ts';
import type { JsonObject } from '../../ports/record-store.ts';
import type { Dependencies } from '../dependencies.ts';
import { accessRefusal, type Outcome, refused } from '../outcome.ts';
import { householdScope, readHousehold } from './records.ts';

const factsRef = 'facts';

/** @returns what is known of the household; nothing but an empty list of incomes while nothing was imported. */
export const readFacts = async (
  personalData: PersonalData,
  householdId: HouseholdId,
): Promise<HouseholdFacts> => {
  const sealed = await personalData.open(householdScope(householdId), factsRef);
  return sealed === undefined ? { monthlyIncome: [] } : fromJson<HouseholdFacts>(sealed.value as JsonObject);
};

/** Imports the dated facts of a household, sealed under its key. The whole set replaces the one before. */
export const putHouseholdFacts = async (
  { store, backoff, personalData }: Pick<Dependencies, 'store' | 'backoff' | 'personalData'>,
  actor: PersonActor,
  householdId: HouseholdId,
  facts: HouseholdFacts,
): Promise<Outcome<{ readonly householdId: HouseholdId }>> => {
  const found = await readHousehold(store, householdId);
  if (found === undefined) return refused('not-found');
  const hidden = accessRefusal(
    authorise(actor, 'household:record-facts', { place: found.household.group, householdId }),
  );
  if (hidden !== undefined) return hidden;
  if (actor.ownHousehold === householdId) return refused('own-household');
  const scope = householdScope(householdId);
  const value = asJson(facts);
  return commit({ store, backoff }, async () => {
    const before = await personalData.open(scope, factsRef);
    const answer = { value: { householdId } };
    if (before !== undefined && canonicalText(before.value) === canonicalText(value))
      return { writes: [], answer };
    const { write } = await personalData.seal(scope, factsRef, value, before?.rev);
    return { writes: [write], answer };
  });
};
