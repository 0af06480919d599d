import type { PersonActor } from '../../domain/access/actor.ts';
import { asJson } from '../../ledger/as-json.ts';
import { commit, type IdempotencyKey } from '../../ledger/commit.ts';
import { loadStream } from '../../ledger/stream.ts';
import { errorNameOf } from '../error-name.ts';
import { answerWrite, earlierAnswer } from '../idempotently.ts';
import { type Outcome, refused } from '../outcome.ts';
import { openStreamKey } from '../release/case-stream.ts';
import { type ReconcileDependencies, reconcileStream } from '../workflow/reconcile-workflows.ts';
import { operatingRefusal } from './may-operate.ts';

export type ExecutionRetried = {
  readonly streamId: string;
  /** The execution that was started; null when one runs already. */
  readonly restarted: string | null;
};

/**
 * The reconciliation of one stream, at once: whatever its workflow should have heard is said again, and if nothing runs
 * the next attempt is started.
 * @param report is told of what a change of the stream throws; the person only of its name (`change-not-carried`).
 */
export const retryExecution = async (
  deps: ReconcileDependencies,
  actor: PersonActor,
  { streamId }: { readonly streamId: string },
  idempotency: IdempotencyKey,
  report: (defect: unknown) => void,
): Promise<Outcome<ExecutionRetried>> => {
  const { store, house } = deps;
  const refusal = operatingRefusal(deps, actor);
  if (refusal !== undefined) return refusal;
  const earlier = await earlierAnswer<ExecutionRetried>(store, idempotency);
  if (earlier !== undefined) return earlier;
  if ((await store.get(openStreamKey(house.district, streamId))) === undefined) {
    const { version } = await loadStream<unknown>(store, streamId);
    return refused(version === 0 ? 'not-found' : 'workflow-not-needed');
  }
  let restarted: string | undefined;
  try {
    restarted = await reconcileStream(deps, streamId);
  } catch (defect) {
    report(defect);
    return refused('change-not-carried', { because: [errorNameOf(defect)] });
  }
  const value: ExecutionRetried = { streamId, restarted: restarted ?? null };
  return commit(deps, async () => {
    const meanwhile = await earlierAnswer<ExecutionRetried>(store, idempotency);
    return meanwhile === undefined
      ? { writes: [answerWrite(idempotency, asJson(value))], answer: { value } }
      : { writes: [], answer: meanwhile };
  });
};
