import type { PersonActor } from '../../domain/access/actor.ts';
import { authorise } from '../../domain/access/authorise.ts';
import type { DivisionCode } from '../../domain/access/identifiers.ts';
import type { ReleaseCase } from '../../domain/release/state.ts';
import { loadStream } from '../../ledger/stream.ts';
import type { RecordStore } from '../../ports/record-store.ts';
import type { Dependencies } from '../dependencies.ts';
import { firstOf, listOver, namesIn } from '../list-over.ts';
import { resourceOf } from './case-stream.ts';

export type CasePage = { readonly cases: readonly ReleaseCase[]; readonly next?: string };

/** The cases of one list that this person may see, by number. */
async function* visibleCases(
  store: RecordStore,
  actor: PersonActor,
  list: DivisionCode,
  after: string | undefined,
): AsyncGenerator<ReleaseCase> {
  for await (const caseNumber of namesIn(store, `CASES#${list}`, { after })) {
    const { state } = await loadStream<ReleaseCase>(store, caseNumber);
    if (state !== undefined && authorise(actor, 'case:read', resourceOf(state)) === 'allowed') yield state;
  }
}

/** The cases that this person may see, by number: of everywhere, or of one division. */
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
  const { entries: cases, ...more } = await firstOf(
    visibleCases(store, actor, list, after),
    limit,
    ({ caseNumber }) => caseNumber,
  );
  return { cases, ...more };
};
