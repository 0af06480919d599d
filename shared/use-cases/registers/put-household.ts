import type { PersonActor } from '../../domain/access/actor.ts';
import { authorise } from '../../domain/access/authorise.ts';
import {
  contains,
  districtOf,
  type GroupCode,
  type HouseholdId,
  townOf,
  villageOf,
} from '../../domain/access/identifiers.ts';
import type { CivilDate } from '../../domain/calendar/instant.ts';
import { asJson } from '../../ledger/as-json.ts';
import { canonicalText } from '../../ledger/canonical.ts';
import { commit } from '../../ledger/commit.ts';
import type { RecordKey, RecordStore, RecordWrite } from '../../ports/record-store.ts';
import type { Dependencies } from '../dependencies.ts';
import { accessRefusal, type Outcome, refused } from '../outcome.ts';
import {
  type HouseholdCategory,
  type HouseholdProfile,
  type HouseholdRecord,
  householdKey,
  householdListPartition,
  householdScope,
  readHousehold,
} from './records.ts';

export type HouseholdInput = {
  readonly householdId: HouseholdId;
  readonly group: GroupCode;
  readonly category: HouseholdCategory;
  readonly monitoredSince?: CivilDate;
} & HouseholdProfile;

/** The writes that put a household into its lists: a household stays where it was registered, so they are made once. */
const listWrites = async (
  store: RecordStore,
  householdId: HouseholdId,
  group: GroupCode,
): Promise<RecordWrite[]> => {
  const keys = [districtOf(group), townOf(group), villageOf(group)].map(
    (division): RecordKey => ({ pk: householdListPartition(division), sk: householdId }),
  );
  const [first] = keys;
  if (first !== undefined && (await store.get(first)) !== undefined) return [];
  return keys.map((key) => ({ kind: 'put', key, body: {}, expect: 'absent' }));
};

/**
 * Registers a household, or changes what is known of it; its people are sealed under the household's own key.
 * A household stays in the group in which it was first registered; its release status is not changed here.
 */
export const putHousehold = async (
  { store, backoff, personalData, house }: Pick<Dependencies, 'store' | 'backoff' | 'personalData' | 'house'>,
  actor: PersonActor,
  { householdId, group, category, monitoredSince, address, head, members }: HouseholdInput,
): Promise<Outcome<{ readonly householdId: HouseholdId }>> => {
  const hidden = accessRefusal(authorise(actor, 'register:write', { place: house.district }));
  if (hidden !== undefined) return hidden;
  if (!contains(house.district, group)) return refused('outside-district', { field: 'group' });
  const scope = householdScope(householdId);
  const profile = asJson({ address, head, members } satisfies HouseholdProfile);
  return commit<Outcome<{ readonly householdId: HouseholdId }>>({ store, backoff }, async () => {
    const before = await readHousehold(store, householdId);
    if (before !== undefined && before.household.group !== group)
      return { writes: [], answer: refused('household-moved', { field: 'group' }) };
    const status = before?.household.status ?? (monitoredSince === undefined ? 'not-monitored' : 'monitored');
    const household = {
      householdId,
      group,
      category,
      people: members.length,
      status: status === 'not-monitored' && monitoredSince !== undefined ? 'monitored' : status,
      ...(monitoredSince === undefined ? {} : { monitoredSince }),
      ...(before?.household.releasedAt === undefined ? {} : { releasedAt: before.household.releasedAt }),
    } satisfies HouseholdRecord;
    const answer = { value: { householdId } };
    const sealed = before === undefined ? undefined : await personalData.open(scope, 'profile');
    const unchanged =
      before !== undefined &&
      canonicalText(asJson(before.household)) === canonicalText(asJson(household)) &&
      sealed !== undefined &&
      canonicalText(sealed.value) === canonicalText(profile);
    const lists = await listWrites(store, householdId, group);
    if (unchanged) return { writes: lists, answer };
    const prepared = await personalData.prepare(scope);
    const { write } = await personalData.seal(scope, 'profile', profile, sealed?.rev);
    const expect = before === undefined ? 'absent' : { rev: before.rev };
    return {
      writes: [
        ...prepared,
        { kind: 'put', key: householdKey(householdId), body: asJson(household), expect },
        write,
        ...lists,
      ],
      answer,
    };
  });
};
