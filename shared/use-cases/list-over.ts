import type { PersonActor } from '../domain/access/actor.ts';
import { type Action, authorise } from '../domain/access/authorise.ts';
import { contains, type DivisionCode } from '../domain/access/identifiers.ts';
import type { RecordStore } from '../ports/record-store.ts';
import { readHousehold } from './registers/records.ts';

/** Digits of the divisions that have a list of their own: village, town and district, the smallest first. */
const listedDigits = [12, 9, 6] as const;

/** Names that one query asks for: a list holds nothing but them, so that even many hidden ones are soon passed. */
const namesPerQuery = 200;

/** Where this person may do it at all: the divisions of their offices, and the group of their own household. */
const placesOf = async (
  store: RecordStore,
  { personId, offices, ownHousehold }: PersonActor,
  action: Action,
): Promise<readonly DivisionCode[]> => {
  const places = offices
    .filter((office) => {
      const departments = office.department === undefined ? [] : [office.department];
      const resource = { place: office.division, departments };
      return authorise({ personId, offices: [office] }, action, resource) === 'allowed';
    })
    .map(({ division }) => division);
  const own = ownHousehold === undefined ? undefined : await readHousehold(store, ownHousehold);
  return own === undefined ? places : [...places, own.household.group];
};

/** @returns what the place and the division have in common: one of the two, or nothing. */
const inCommon = (place: DivisionCode, division: DivisionCode): readonly DivisionCode[] => {
  if (contains(division, place)) return [place];
  return contains(place, division) ? [division] : [];
};

/**
 * @returns the smallest division with a list that holds everything which this person may see, of everywhere or of one
 * division; `undefined` if there is nothing for them.
 */
export const listOver = async (
  store: RecordStore,
  actor: PersonActor,
  action: Action,
  division?: DivisionCode,
): Promise<DivisionCode | undefined> => {
  const everywhere = await placesOf(store, actor, action);
  const places =
    division === undefined ? everywhere : everywhere.flatMap((place) => inCommon(place, division));
  const [first] = places;
  return listedDigits
    .flatMap((digits) => (first === undefined ? [] : [first.slice(0, digits) as DivisionCode]))
    .find((list) => places.every((place) => contains(list, place)));
};

/** Every name of a list, or of those that begin with `prefix`, in order, beginning behind `after`. */
export async function* namesIn(
  store: RecordStore,
  pk: string,
  { prefix, after }: { readonly prefix?: string | undefined; readonly after?: string | undefined },
): AsyncGenerator<string> {
  let from = after;
  do {
    const page = await store.query({
      pk,
      limit: namesPerQuery,
      ...(prefix === undefined ? {} : { prefix }),
      ...(from === undefined ? {} : { after: from }),
    });
    for (const { sk } of page.records) yield sk;
    from = page.next;
  } while (from !== undefined);
}

/**
 * The first `limit` of what somebody may see. The page is full unless it is the last, and `next` is the name of an entry
 * that was shown: neither it nor its absence tells of one that they may not see.
 */
export const firstOf = async <Entry>(
  visible: AsyncGenerator<Entry>,
  limit: number,
  nameOf: (entry: Entry) => string,
): Promise<{ readonly entries: readonly Entry[]; readonly next?: string }> => {
  const entries: Entry[] = [];
  for await (const entry of visible) {
    const last = entries.at(-1);
    // One more than asked for: something follows that this person may see.
    if (last !== undefined && entries.length === limit) return { entries, next: nameOf(last) };
    entries.push(entry);
  }
  return { entries };
};
