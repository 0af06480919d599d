import { isOpen, type ReleaseCase } from '../../domain/release/state.ts';
import { loadStream, streamKey } from '../../ledger/stream.ts';
import type { RecordStore } from '../../ports/record-store.ts';
import type { Dependencies } from '../dependencies.ts';
import { asCaseNumber } from '../release/case-stream.ts';
import { ensureAttempt, executionRef, readPointer } from './executions.ts';
import { concernsWorkflows, relayChange } from './relay-change.ts';

export type Reconciliation = {
  /** Streams looked at: each still needs a workflow. */
  readonly open: number;
  /** Executions started anew, by name. */
  readonly restarted: readonly string[];
  /** Streams that could not be carried on, and what was thrown; the others were. */
  readonly failed: readonly { readonly streamId: string; readonly defect: unknown }[];
};

export type ReconcileDependencies = Pick<
  Dependencies,
  'store' | 'backoff' | 'personalData' | 'signals' | 'house'
>;

/** Says again everything of one stream that a workflow should have heard; all of it is idempotent. */
const replay = async (deps: ReconcileDependencies, streamId: string): Promise<void> => {
  for (const prefix of ['EVENT#', 'CALLBACK#']) {
    let after: string | undefined;
    do {
      const page = await deps.store.query({
        pk: streamKey(streamId),
        prefix,
        limit: 500,
        ...(after === undefined ? {} : { after }),
      });
      for (const { pk, sk } of page.records) {
        if (concernsWorkflows({ pk, sk })) await relayChange(deps, { pk, sk, change: 'insert' });
      }
      after = page.next;
    } while (after !== undefined);
  }
};

const roundOf = async (store: RecordStore, streamId: string): Promise<number | undefined> => {
  if (asCaseNumber(streamId) === undefined) return 1;
  const { state } = await loadStream<ReleaseCase>(store, streamId);
  return state !== undefined && isOpen(state) ? state.round : undefined;
};

/** A restored ledger can have forgotten that many attempts, whose names are used up; the next look goes on from there. */
const namesTriedAtMost = 100;

/** @returns the name of the new execution if the stream's had ended before its time. */
const restart = async (deps: ReconcileDependencies, streamId: string): Promise<string | undefined> => {
  const round = await roundOf(deps.store, streamId);
  for (let tried = 0; tried < namesTriedAtMost; tried += 1) {
    const pointer = await readPointer(deps.store, streamId);
    if (round === undefined || pointer === undefined || pointer.round !== round) return undefined;
    const current = executionRef(streamId, round, pointer.attempt);
    if ((await deps.signals.status(current)) === 'running') return undefined;
    const started = await ensureAttempt(deps, { streamId, round, cause: `reconcile:${current.name}` });
    if (started === 'started') return executionRef(streamId, round, pointer.attempt + 1).name;
    // Somebody else was at it, or has it running already.
    if (started !== 'already-ended') return undefined;
  }
  return undefined;
};

/** The execution that should go on for the stream, and whether it does. */
const look = async ({ store, signals }: ReconcileDependencies, streamId: string) => {
  const pointer = await readPointer(store, streamId);
  if (pointer === undefined) return { name: undefined, running: false };
  const current = executionRef(streamId, pointer.round, pointer.attempt);
  return { name: current.name, running: (await signals.status(current)) === 'running' };
};

/**
 * Says one open stream's changes again, and starts its execution if it does not run.
 * @returns the name of the execution that was started anew, if one was. @throws what a change of it throws.
 */
export const reconcileStream = async (
  deps: ReconcileDependencies,
  streamId: string,
): Promise<string | undefined> => {
  const before = await look(deps, streamId);
  await replay(deps, streamId);
  const restarted = await restart(deps, streamId);
  if (restarted !== undefined || before.running) return restarted;
  // One that was never started, or lost without a trace, starts by its own name when its beginning is said again.
  const after = await look(deps, streamId);
  return after.running && (before.name ?? after.name) === after.name ? after.name : undefined;
};

/**
 * Reconciles up to `limit` open streams after the stream `after`. One that fails holds up none of the others.
 * @returns in `next` the stream to go on after; absent when nothing follows.
 */
export const reconcileSome = async (
  deps: ReconcileDependencies,
  { after, limit }: { readonly after?: string; readonly limit: number },
): Promise<Reconciliation & { readonly next?: string }> => {
  const { records, next } = await deps.store.query({
    pk: `OPEN#${deps.house.district}`,
    limit,
    ...(after === undefined ? {} : { after }),
  });
  const restarted: string[] = [];
  const failed: { streamId: string; defect: unknown }[] = [];
  for (const { sk: streamId } of records) {
    try {
      const name = await reconcileStream(deps, streamId);
      if (name !== undefined) restarted.push(name);
    } catch (defect) {
      failed.push({ streamId, defect });
    }
  }
  return { open: records.length, restarted, failed, ...(next === undefined ? {} : { next }) };
};

const streamsPerQuery = 200;

/**
 * Compares what is open in the ledger with what runs, and starts what is missing: daily, and by hand after a restore or
 * when an alarm tells of a failed execution. Executions can all be deleted; every case continues.
 */
export const reconcileWorkflows = async (deps: ReconcileDependencies): Promise<Reconciliation> => {
  const restarted: string[] = [];
  const failed: Reconciliation['failed'][number][] = [];
  let open = 0;
  let after: string | undefined;
  do {
    const some = await reconcileSome(deps, {
      limit: streamsPerQuery,
      ...(after === undefined ? {} : { after }),
    });
    open += some.open;
    restarted.push(...some.restarted);
    failed.push(...some.failed);
    after = some.next;
  } while (after !== undefined);
  return { open, restarted, failed };
};
