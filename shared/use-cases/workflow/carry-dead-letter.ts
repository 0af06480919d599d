import { fromJson } from '../../ledger/as-json.ts';
import { commit, type Plan } from '../../ledger/commit.ts';
import type { RecordWrite } from '../../ports/record-store.ts';
import type { Dependencies } from '../dependencies.ts';
import { type DeadLetter, deadLetterKey, deadLettersOf } from './dead-letters.ts';
import { type RelayDependencies, relayChange } from './relay-change.ts';

export type CarryDependencies = RelayDependencies & Pick<Dependencies, 'house'>;

/** `absent`: there is no such letter, or no longer. `defect` is what was thrown; the letter stays as it is. */
export type Carried =
  | { readonly carried: DeadLetter }
  | { readonly absent: true }
  | { readonly defect: unknown };

/**
 * Carries a change that was set aside once more. Carrying is idempotent and reads the store, so it does no harm that
 * the change is old, or was carried meanwhile.
 * @param andWith what to write in the transaction that removes the letter.
 */
export const carryDeadLetter = async (
  deps: CarryDependencies,
  deadLetterId: string,
  andWith: (letter: DeadLetter) => readonly RecordWrite[] = () => [],
): Promise<Carried> => {
  const { store, house } = deps;
  const key = deadLetterKey(house.district, deadLetterId);
  const record = await store.get(key);
  if (record === undefined) return { absent: true };
  const { pk, sk } = fromJson<DeadLetter>(record.body);
  try {
    await relayChange(deps, { pk, sk, change: 'modify' });
  } catch (defect) {
    return { defect };
  }
  return commit(deps, async (): Promise<Plan<Carried>> => {
    const now = await store.get(key);
    if (now === undefined) return { writes: [], answer: { absent: true } };
    const letter = fromJson<DeadLetter>(now.body);
    return {
      writes: [{ kind: 'delete', key, expect: { rev: now.rev } }, ...andWith(letter)],
      answer: { carried: letter },
    };
  });
};

const lettersPerQuery = 100;

/** Tries every dead letter again, in the order in which they were set aside. @returns how many went through and how many stay. */
export const carryDeadLetters = async (
  deps: CarryDependencies,
): Promise<{ readonly carried: number; readonly left: number }> => {
  let carried = 0;
  let left = 0;
  let after: string | undefined;
  do {
    const page = await deps.store.query({
      pk: deadLettersOf(deps.house.district),
      limit: lettersPerQuery,
      ...(after === undefined ? {} : { after }),
    });
    for (const { sk: deadLetterId } of page.records) {
      const done = await carryDeadLetter(deps, deadLetterId);
      if ('carried' in done) carried += 1;
      if ('defect' in done) left += 1;
    }
    after = page.next;
  } while (after !== undefined);
  return { carried, left };
};
