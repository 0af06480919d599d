import type { PersonActor } from '../../domain/access/actor.ts';
import { authorise } from '../../domain/access/authorise.ts';
import { contains, type GroupCode } from '../../domain/access/identifiers.ts';
import { asJson } from '../../ledger/as-json.ts';
import { canonicalText } from '../../ledger/canonical.ts';
import { commit } from '../../ledger/commit.ts';
import type { Dependencies } from '../dependencies.ts';
import { accessRefusal, type Outcome, refused } from '../outcome.ts';
import { type GridRecord, gridKey, personKey, readHousehold } from './records.ts';

/**
 * Who watches over the households of a group 组级动态监测网格: one leader, each household with exactly one member.
 * That a member has at most 15 households (seed) is checked where the request is read.
 */
export const putGrid = async (
  { store, backoff, house }: Pick<Dependencies, 'store' | 'backoff' | 'house'>,
  actor: PersonActor,
  { group, leader, members }: { readonly group: GroupCode } & GridRecord,
): Promise<Outcome<{ readonly group: GroupCode }>> => {
  const hidden = accessRefusal(authorise(actor, 'register:write', { place: house.district }));
  if (hidden !== undefined) return hidden;
  if (!contains(house.district, group)) return refused('outside-district', { field: 'groupCode' });
  const seen = new Set<string>();
  for (const personId of [leader, ...members.map((member) => member.personId)]) {
    if ((await store.get(personKey(personId))) === undefined)
      return refused('person-unknown', { because: [personId] });
  }
  for (const householdId of members.flatMap((member) => member.households)) {
    if (seen.has(householdId))
      return refused('household-has-two-grid-members', { field: 'members', because: [householdId] });
    seen.add(householdId);
    const found = await readHousehold(store, householdId);
    if (found === undefined)
      return refused('household-unknown', { field: 'members', because: [householdId] });
    if (found.household.group !== group)
      return refused('household-outside-group', { field: 'members', because: [householdId] });
  }
  const body = asJson({ leader, members } satisfies GridRecord);
  return commit({ store, backoff }, async () => {
    const before = await store.get(gridKey(group));
    const answer = { value: { group } };
    if (before !== undefined && canonicalText(before.body) === canonicalText(body))
      return { writes: [], answer };
    return {
      writes: [
        {
          kind: 'put',
          key: gridKey(group),
          body,
          expect: before === undefined ? 'absent' : { rev: before.rev },
        },
      ],
      answer,
    };
  });
};
