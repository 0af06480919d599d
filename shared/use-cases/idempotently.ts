import { fromJson } from '../ledger/as-json.ts';
import { type IdempotencyKey, lookUpReplay, rememberAnswer } from '../ledger/commit.ts';
import type { JsonObject, RecordStore, RecordWrite } from '../ports/record-store.ts';
import { type Outcome, refused } from './outcome.ts';

/**
 * Looks first whether this key was answered before.
 * @returns the earlier answer, a refusal if the key stood for another request, or `undefined` for a first time.
 */
export const earlierAnswer = async <Value extends object>(
  store: RecordStore,
  idempotency: IdempotencyKey,
): Promise<Outcome<Value> | undefined> => {
  const replay = await lookUpReplay(store, idempotency);
  if (replay.kind === 'reused') return refused('idempotency-key-reused', { field: 'Idempotency-Key' });
  return replay.kind === 'replay' ? { value: fromJson<Value>(replay.answer) } : undefined;
};

/** The write that makes a repetition of this request answer the same. */
export const answerWrite = (idempotency: IdempotencyKey, answer: JsonObject): RecordWrite =>
  rememberAnswer(idempotency, answer);
