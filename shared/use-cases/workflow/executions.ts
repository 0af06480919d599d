import { asJson, fromJson } from '../../ledger/as-json.ts';
import { commit } from '../../ledger/commit.ts';
import { streamKey } from '../../ledger/stream.ts';
import type { JsonObject, RecordKey, RecordStore } from '../../ports/record-store.ts';
import type { ExecutionRef, WorkflowName } from '../../ports/workflow-signals.ts';
import type { Dependencies } from '../dependencies.ts';

/**
 * Which execution goes on for a stream. `causes` are the events that have already led to an attempt, so that the same
 * event, delivered again, leads to none.
 */
export type ExecutionPointer = {
  readonly round: number;
  readonly attempt: number;
  /** The last attempt of every round so far, by round. */
  readonly attempts: Readonly<Record<string, number>>;
  readonly causes: readonly string[];
  /** The reason code with which earlier attempts of the round are stopped. */
  readonly stopReason: string;
};

const pointerKey = (streamId: string): RecordKey => ({ pk: streamKey(streamId), sk: 'EXECUTION' });

export const readPointer = async (
  store: RecordStore,
  streamId: string,
): Promise<ExecutionPointer | undefined> => {
  const record = await store.get(pointerKey(streamId));
  return record === undefined ? undefined : fromJson<ExecutionPointer>(record.body);
};

/** The workflow of a stream, by the first letter of its id. @throws on any other id: a defect. */
export const workflowOf = (streamId: string): WorkflowName => {
  switch (streamId[0]) {
    case 'R':
      return 'release-case';
    case 'F':
      return 'monthly-filing';
    case 'C':
      return 'city-report';
    default:
      throw new Error(`no workflow for ${streamId}`);
  }
};

/** `R-610302-2022-000123-r2-a1`; documents of a month have no rounds: `F-610302101-2022-10-a1`. */
export const executionRef = (streamId: string, round: number, attempt: number): ExecutionRef => {
  const workflow = workflowOf(streamId);
  const name = workflow === 'release-case' ? `${streamId}-r${round}-a${attempt}` : `${streamId}-a${attempt}`;
  return { workflow, name };
};

/** `F-610302101-2022-10` → its two parts after the letter. */
const partsOf = (streamId: string): { readonly place: string; readonly month: string } => {
  const [, place = '', ...month] = streamId.split('-');
  return { place, month: month.join('-') };
};

const inputOf = (streamId: string, round: number, attempt: number): JsonObject => {
  const { place, month } = partsOf(streamId);
  switch (workflowOf(streamId)) {
    case 'release-case':
      return { caseNumber: streamId, round, attempt };
    case 'monthly-filing':
      return { town: place, month, attempt };
    case 'city-report':
      return { district: place, month, attempt };
    default:
      throw new Error(`no workflow for ${streamId}`);
  }
};

export type Attempt = {
  readonly streamId: string;
  readonly round: number;
  /** What asks for it: an event, or a reconciliation; each cause leads to one attempt at most. */
  readonly cause: string;
  /** When given, the attempt before is stopped with this code. */
  readonly interrupts?: string;
};

const nextPointer = (
  before: ExecutionPointer | undefined,
  { round, cause, interrupts }: Attempt,
): ExecutionPointer => {
  const attempt = (before?.attempts[String(round)] ?? 0) + 1;
  return {
    round,
    attempt,
    attempts: { ...before?.attempts, [String(round)]: attempt },
    causes: [...(before?.causes ?? []), cause],
    stopReason: interrupts ?? 'superseded-attempt',
  };
};

export type Started = 'started' | 'already-running' | 'already-ended' | 'not-due';

/** So many earlier attempts are made sure to be stopped; older ones were stopped with an attempt in between. */
const attemptsStopped = 5;

/**
 * Makes sure that an execution goes on for `round`, because of `cause`. First the pointer is moved, durably and once
 * per cause; then earlier executions of the round are stopped and the new one started. Both are idempotent, so a crash between any
 * two steps is mended by delivering the cause again.
 * @returns what became of the start; `not-due` when another cause has moved on from this one.
 */
export const ensureAttempt = async (
  deps: Pick<Dependencies, 'store' | 'backoff' | 'signals'>,
  attempt: Attempt,
): Promise<Started> => {
  const { store, signals } = deps;
  const { streamId, round, cause } = attempt;
  const pointer = await commit(deps, async () => {
    const record = await store.get(pointerKey(streamId));
    const before = record === undefined ? undefined : fromJson<ExecutionPointer>(record.body);
    if (before !== undefined && (before.causes.includes(cause) || before.round > round))
      return { writes: [], answer: before };
    const after = nextPointer(before, attempt);
    const expect = record === undefined ? 'absent' : { rev: record.rev };
    return {
      writes: [{ kind: 'put', key: pointerKey(streamId), body: asJson(after), expect }],
      answer: after,
    };
  });
  if (pointer.round > round) {
    // A later round goes on already: whatever still runs of this one only has to end.
    const last = pointer.attempts[String(round)];
    if (attempt.interrupts !== undefined && last !== undefined) {
      await signals.stop(executionRef(streamId, round, last), attempt.interrupts);
    }
    return 'not-due';
  }
  for (
    let earlier = Math.max(1, pointer.attempt - attemptsStopped);
    earlier < pointer.attempt;
    earlier += 1
  ) {
    await signals.stop(executionRef(streamId, round, earlier), pointer.stopReason);
  }
  // An older cause, delivered again, finds that a newer one has moved on from it.
  if (pointer.causes.at(-1) !== cause) return 'not-due';
  const execution = executionRef(streamId, round, pointer.attempt);
  const started = await signals.start(execution, inputOf(streamId, round, pointer.attempt));
  // Whoever moved the pointer on between our look and our start found nothing to stop.
  const now = await readPointer(store, streamId);
  if (now !== undefined && now.round === round && now.attempt > pointer.attempt)
    await signals.stop(execution, now.stopReason);
  return started;
};

/**
 * Stops whatever goes on for the stream, and starts nothing in its place. An attempt that is only starting reads that
 * the case is closed, and ends by itself.
 * @param reason the code that the execution ends with.
 */
export const stopAttempt = async (
  { store, signals }: Pick<Dependencies, 'store' | 'signals'>,
  streamId: string,
  reason: string,
): Promise<void> => {
  const pointer = await readPointer(store, streamId);
  if (pointer === undefined) return;
  await signals.stop(executionRef(streamId, pointer.round, pointer.attempt), reason);
};
