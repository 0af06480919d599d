import type { PersonActor } from '../../domain/access/actor.ts';
import { fromJson } from '../../ledger/as-json.ts';
import { streamOfKey } from '../../ledger/stream.ts';
import type { Dependencies } from '../dependencies.ts';
import type { Outcome } from '../outcome.ts';
import { type DeadLetter, deadLettersOf } from '../workflow/dead-letters.ts';
import { operatingRefusal } from './may-operate.ts';

/** `item` is the sort key of the change within its stream: an event, a task or a callback, by name. */
export type DeadLetterView = Omit<DeadLetter, 'pk' | 'sk'> & {
  readonly deadLetterId: string;
  readonly streamId: string;
  readonly item: string;
};

export type DeadLetterPage = { readonly deadLetters: readonly DeadLetterView[]; readonly next?: string };

/** Changes that did not reach their workflow after every try, the oldest first. */
export const listDeadLetters = async (
  deps: Pick<Dependencies, 'store' | 'house'>,
  actor: PersonActor,
  { after, limit }: { readonly after?: string; readonly limit: number },
): Promise<Outcome<DeadLetterPage>> => {
  const refusal = operatingRefusal(deps, actor);
  if (refusal !== undefined) return refusal;
  const { records, next } = await deps.store.query({
    pk: deadLettersOf(deps.house.district),
    limit,
    ...(after === undefined ? {} : { after }),
  });
  const deadLetters = records.map(({ sk: deadLetterId, body }): DeadLetterView => {
    const { pk, sk: item, ...letter } = fromJson<DeadLetter>(body);
    return { deadLetterId, streamId: streamOfKey(pk), item, ...letter };
  });
  return { value: { deadLetters, ...(next === undefined ? {} : { next }) } };
};
