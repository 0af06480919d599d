import type { PersonActor } from '../../domain/access/actor.ts';
import { authorise } from '../../domain/access/authorise.ts';
import type { DivisionCode, HouseholdId } from '../../domain/access/identifiers.ts';
import type { RecordStore } from '../../ports/record-store.ts';
import type { Dependencies } from '../dependencies.ts';
import { firstOf, listOver, namesIn } from '../list-over.ts';
import { type HouseholdRecord, householdListPartition, readHousehold } from './records.ts';

export type HouseholdPage = { readonly households: readonly HouseholdRecord[]; readonly next?: string };

/** The households of one list that this person may see, by id. */
async function* visibleHouseholds(
  store: RecordStore,
  actor: PersonActor,
  list: DivisionCode,
  after: string | undefined,
): AsyncGenerator<HouseholdRecord> {
  for await (const name of namesIn(store, householdListPartition(list), { after })) {
    const found = await readHousehold(store, name as HouseholdId);
    if (found === undefined) continue;
    const { household } = found;
    const resource = { place: household.group, householdId: household.householdId };
    if (authorise(actor, 'household:read', resource) === 'allowed') yield household;
  }
}

/** The households that this person may see, by id: of everywhere, or of one division. */
export const listHouseholds = async (
  { store }: Pick<Dependencies, 'store'>,
  actor: PersonActor,
  {
    division,
    after,
    limit,
  }: { readonly division?: DivisionCode; readonly after?: string; readonly limit: number },
): Promise<HouseholdPage> => {
  const list = await listOver(store, actor, 'household:read', division);
  if (list === undefined) return { households: [] };
  const { entries: households, ...more } = await firstOf(
    visibleHouseholds(store, actor, list, after),
    limit,
    ({ householdId }) => householdId,
  );
  return { households, ...more };
};
