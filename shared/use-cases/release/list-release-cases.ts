import type { PersonActor } from '../../domain/access/actor.ts';
import { authorise } from '../../domain/access/authorise.ts';
import type { DivisionCode } from '../../domain/access/identifiers.ts';
import type { ReleaseCase } from '../../domain/release/state.ts';
import { loadStream } from '../../ledger/stream.ts';
import type { RecordStore } from '../../ports/record-store.ts';
import type { Dependencies } from '../dependencies.ts';
import { listOver, namesIn } from '../list-over.ts';
import { resourceOf } from './case-stream.ts';

export type CasePage = { readonly cases: readonly ReleaseCase[]; readonly next?: string };

/** The cases of one list that this person may see, by number. */
async function* visibleCases(
  store: RecordStore,
  actor: PersonActor,
  list: DivisionCode,
  after: string | undefined,
): AsyncGenerator<ReleaseCase> {
  for await (const caseNumber of namesIn(store, `CASES#${list}`, after)) {
    const { state } = await loadStream<ReleaseCase>(store, caseNumber);
    if (state !== undefined && authorise(actor, 'case:read', resourceOf(state)) === 'allowed') yield state;
  }
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
  const list = await listOver(store, actor, 'case:read', division);
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
