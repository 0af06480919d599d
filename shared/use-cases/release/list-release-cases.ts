import type { PersonActor } from '../../domain/access/actor.ts';
import { authorise } from '../../domain/access/authorise.ts';
import { type DivisionCode, villageOf } from '../../domain/access/identifiers.ts';
import type { ReleaseCase } from '../../domain/release/state.ts';
import { loadStream } from '../../ledger/stream.ts';
import type { Dependencies } from '../dependencies.ts';
import { resourceOf } from './case-stream.ts';

export type CasePage = { readonly cases: readonly ReleaseCase[]; readonly next?: string };

/** The list that this person's widest office looks at; a group's people look at their village's, and see their own. */
const listOf = (actor: PersonActor): DivisionCode | undefined => {
  const widest = actor.offices.toSorted((a, b) => a.division.length - b.division.length)[0]?.division;
  return widest === undefined || widest.length < 15
    ? widest
    : villageOf(widest as Parameters<typeof villageOf>[0]);
};

/** The cases that this person may see, by number. A page may be short although `next` says that more follow. */
export const listReleaseCases = async (
  { store }: Pick<Dependencies, 'store'>,
  actor: PersonActor,
  {
    division,
    after,
    limit,
  }: { readonly division?: DivisionCode; readonly after?: string; readonly limit: number },
): Promise<CasePage> => {
  const list = division ?? listOf(actor);
  if (list === undefined) return { cases: [] };
  const page = await store.query({ pk: `CASES#${list}`, limit, ...(after === undefined ? {} : { after }) });
  const cases: ReleaseCase[] = [];
  for (const { sk } of page.records) {
    const { state } = await loadStream<ReleaseCase>(store, sk);
    if (state !== undefined && authorise(actor, 'case:read', resourceOf(state)) === 'allowed')
      cases.push(state);
  }
  return { cases, ...(page.next === undefined ? {} : { next: page.next }) };
};
