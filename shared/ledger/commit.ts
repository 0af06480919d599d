import type { Backoff } from '../ports/backoff.ts';
import type { Json, JsonObject, RecordStore, RecordWrite } from '../ports/record-store.ts';
import { fingerprintOf } from './canonical.ts';

/** What one look at the store led to: writes to commit together (none: nothing changes), and what to answer then. */
export type Plan<Answer> = { readonly writes: readonly RecordWrite[]; readonly answer: Answer };

/** Somebody else was in the way every time; nothing was written and the request may be sent again. */
export class CommitContended extends Error {
  override readonly name = 'CommitContended';
}

const attemptsAtMost = 40;

/**
 * Plans, commits, and plans again from a fresh read whenever another transaction came between.
 * @throws CommitContended after {@link attemptsAtMost} attempts.
 */
export const commit = async <Answer>(
  { store, backoff }: { readonly store: RecordStore; readonly backoff: Backoff },
  plan: () => Promise<Plan<Answer>>,
): Promise<Answer> => {
  for (let attempt = 1; attempt <= attemptsAtMost; attempt += 1) {
    const { writes, answer } = await plan();
    if (writes.length === 0) return answer;
    const result = await store.transact(writes);
    if (result.committed) return answer;
    await backoff(attempt);
  }
  throw new CommitContended();
};

/** The caller's `Idempotency-Key`, and a fingerprint of what it was sent with. */
export type IdempotencyKey = {
  /** Whose key it is: two people may choose the same text. */
  readonly owner: string;
  readonly key: string;
  readonly fingerprint: string;
};

export type Replay =
  | { readonly kind: 'first' }
  | { readonly kind: 'replay'; readonly answer: JsonObject }
  | { readonly kind: 'reused' };

const idempotencyRecord = ({ owner, key }: IdempotencyKey) => ({
  pk: `IDEMPOTENCY#${fingerprintOf([owner, key])}`,
  sk: 'ANSWER',
});

/** @returns whether this key was used before: with the same request (then what was answered), or with another one. */
export const lookUpReplay = async (store: RecordStore, idempotency: IdempotencyKey): Promise<Replay> => {
  const record = await store.get(idempotencyRecord(idempotency));
  if (record === undefined) return { kind: 'first' };
  if (record.body['fingerprint'] !== idempotency.fingerprint) return { kind: 'reused' };
  return { kind: 'replay', answer: record.body['answer'] as JsonObject };
};

/** The write that remembers the answer, in the same transaction as what it answers for. */
export const rememberAnswer = (idempotency: IdempotencyKey, answer: Json): RecordWrite => ({
  kind: 'put',
  key: idempotencyRecord(idempotency),
  body: { fingerprint: idempotency.fingerprint, answer },
  expect: 'absent',
});
