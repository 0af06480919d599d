import type { PersonActor } from '../../domain/access/actor.ts';
import { authorise } from '../../domain/access/authorise.ts';
import type { HouseholdId } from '../../domain/access/identifiers.ts';
import type { HouseholdFacts } from '../../domain/release/facts.ts';
import { fromJson } from '../../ledger/as-json.ts';
import type { JsonObject } from '../../ports/record-store.ts';
import type { Dependencies } from '../dependencies.ts';
import { accessRefusal, type Outcome, refused } from '../outcome.ts';
import { readFacts } from './put-household-facts.ts';
import {
  type HouseholdProfile,
  type HouseholdRecord,
  householdScope,
  openCaseKey,
  readHousehold,
} from './records.ts';

export type HouseholdView = {
  readonly household: HouseholdRecord;
  readonly profile: HouseholdProfile;
  readonly facts: HouseholdFacts;
  readonly openCase: string | null;
};

/** A household with its people and facts, for those who are entitled to know them. */
export const getHousehold = async (
  { store, personalData }: Pick<Dependencies, 'store' | 'personalData'>,
  actor: PersonActor,
  householdId: HouseholdId,
): Promise<Outcome<HouseholdView>> => {
  const found = await readHousehold(store, householdId);
  if (found === undefined) return refused('not-found');
  const hidden = accessRefusal(
    authorise(actor, 'household:read', { place: found.household.group, householdId }),
  );
  if (hidden !== undefined) return hidden;
  const sealed = await personalData.open(householdScope(householdId), 'profile');
  if (sealed === undefined) throw new Error('a registered household has no profile');
  const openCase = await store.get(openCaseKey(householdId));
  return {
    value: {
      household: found.household,
      profile: fromJson<HouseholdProfile>(sealed.value as JsonObject),
      facts: await readFacts(personalData, householdId),
      openCase: (openCase?.body['caseNumber'] as string | null | undefined) ?? null,
    },
  };
};
