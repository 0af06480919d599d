import { inboxesOf, type PersonActor } from '../../domain/access/actor.ts';
import type { TaskName } from '../../domain/access/open-task.ts';
import type { Instant } from '../../domain/calendar/instant.ts';
import { fromJson } from '../../ledger/as-json.ts';
import type { InboxKind } from '../../ledger/stream.ts';
import type { Dependencies } from '../dependencies.ts';

/** An open step 待办 as the inbox lists it. */
export type InboxEntry = {
  readonly streamId: string;
  readonly taskId: string;
  readonly step: TaskName;
  readonly openedAt: Instant;
  readonly dueAt: Instant;
  readonly notBefore?: Instant;
  /** To be decided here; or told, because it stays undone elsewhere. */
  readonly kind: InboxKind;
  readonly reminded: boolean;
  readonly overdue: boolean;
};

export type InboxPage = { readonly tasks: readonly InboxEntry[]; readonly next?: string };

/** Everything that waits for this person, in any of their offices, the most urgent first. */
export const listTasks = async (
  { store, clock }: Pick<Dependencies, 'store' | 'clock'>,
  actor: PersonActor,
  { after, limit }: { readonly after?: string; readonly limit: number },
): Promise<InboxPage> => {
  const pages = await Promise.all(
    inboxesOf(actor).map((inbox) =>
      // One more than asked for, so that it is known whether anything follows.
      store.query({ pk: `INBOX#${inbox}`, limit: limit + 1, ...(after === undefined ? {} : { after }) }),
    ),
  );
  const now = clock.now();
  // Somebody who holds two offices may have to decide what they are told of as well: then they have to decide it.
  const found = new Map(
    pages
      .flatMap((page) => page.records)
      .toSorted((a, b) => Number(a.body['kind'] === 'to-decide') - Number(b.body['kind'] === 'to-decide'))
      .map((record) => [record.sk, record.body] as const),
  );
  const sorted = [...found].toSorted(([a], [b]) => (a < b ? -1 : 1));
  const shown = sorted.slice(0, limit);
  const tasks = shown.map(([, body]) => {
    const entry = fromJson<Omit<InboxEntry, 'overdue'>>(body);
    return { ...entry, overdue: now >= entry.dueAt };
  });
  const last = shown.at(-1)?.[0];
  return { tasks, ...(sorted.length > limit && last !== undefined ? { next: last } : {}) };
};
