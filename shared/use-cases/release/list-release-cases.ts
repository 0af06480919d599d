import type { PersonActor } from '../../domain/access/actor.ts';
import { authorise } from '../../domain/access/authorise.ts';
import { contains, type DivisionCode } from '../../domain/access/identifiers.ts';
import type { ReleaseCase } from '../../domain/release/state.ts';
import { loadStream } from '../../ledger/stream.ts';
import type { RecordStore } from '../../ports/record-store.ts';
import type { Dependencies } from '../dependencies.ts';
import { readHousehold } from '../registers/records.ts';
import { resourceOf } from './case-stream.ts';

export type CasePage = { readonly cases: readonly ReleaseCase[]; readonly next?: string };

/** Digits of the divisions that have a list of their cases: village, town and district, the smallest first. */
const listedDigits = [12, 9, 6] as const;

/** Numbers that one query asks for: a list holds nothing but them, so that even many hidden ones are soon passed. */
const numbersPerQuery = 200;

/** Where this person may see cases at all: the divisions of their offices, and the group of their own household. */
const placesOf = async (store: RecordStore, actor: PersonActor): Promise<readonly DivisionCode[]> => {
  const { personId, offices, ownHousehold } = actor;
  const places = offices
    .filter((office) => {
      const departments = office.department === undefined ? [] : [office.department];
      const resource = { place: office.division, departments };
      return authorise({ personId, offices: [office] }, 'case:read', resource) === 'allowed';
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

/** @returns the smallest division with a list that contains all of the places; `undefined` for no place. */
const listOver = (places: readonly DivisionCode[]): DivisionCode | undefined => {
  const [first] = places;
  return listedDigits
    .flatMap((digits) => (first === undefined ? [] : [first.slice(0, digits) as DivisionCode]))
    .find((list) => places.every((place) => contains(list, place)));
};

/** The cases of one list that this person may see, by number. */
async function* visibleCases(
  store: RecordStore,
  actor: PersonActor,
  list: DivisionCode,
  after: string | undefined,
): AsyncGenerator<ReleaseCase> {
  let from = after;
  do {
    const page = await store.query({
      pk: `CASES#${list}`,
      limit: numbersPerQuery,
      ...(from === undefined ? {} : { after: from }),
    });
    for (const { sk } of page.records) {
      const { state } = await loadStream<ReleaseCase>(store, sk);
      if (state !== undefined && authorise(actor, 'case:read', resourceOf(state)) === 'allowed') yield state;
    }
    from = page.next;
  } while (from !== undefined);
}

/**
 * The cases that this person may see, by number: of everywhere, or of one division. A page is full unless it is the
 * last, and `next` names a case that was shown: neither it nor its absence tells of a case that they may not see.
 */
export const listReleaseCases = async (
  { store }: Pick<Dependencies, 'store'>,
  actor: PersonActor,
  {
    division,
    after,
    limit,
  }: { readonly division?: DivisionCode; readonly after?: string; readonly limit: number },
): Promise<CasePage> => {
  const places = await placesOf(store, actor);
  const list = listOver(
    division === undefined ? places : places.flatMap((place) => inCommon(place, division)),
  );
  if (list === undefined) return { cases: [] };
  const cases: ReleaseCase[] = [];
  for await (const state of visibleCases(store, actor, list, after)) {
    const last = cases.at(-1);
    // One more than asked for: something follows that this person may see.
    if (last !== undefined && cases.length === limit) return { cases, next: last.caseNumber };
    cases.push(state);
  }
  return { cases };
};
