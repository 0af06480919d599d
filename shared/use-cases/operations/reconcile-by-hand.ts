import type { PersonActor } from '../../domain/access/actor.ts';
import { asJson } from '../../ledger/as-json.ts';
import { commit, type IdempotencyKey } from '../../ledger/commit.ts';
import type { Dependencies } from '../dependencies.ts';
import { errorNameOf } from '../error-name.ts';
import { answerWrite, earlierAnswer } from '../idempotently.ts';
import { openMonth } from '../monthly/open-month.ts';
import type { Outcome } from '../outcome.ts';
import { type ReconcileDependencies, reconcileSome } from '../workflow/reconcile-workflows.ts';
import { operatingRefusal } from './may-operate.ts';

export type ReconciledByHand = {
  /** Open streams that this call looked at. */
  readonly open: number;
  readonly restarted: readonly string[];
  readonly failed: readonly { readonly streamId: string; readonly error: string }[];
  /** The stream to go on after; absent when every one was looked at. */
  readonly next?: string;
};

/** So many streams are reconciled well within the time that somebody may wait for an answer. */
const streamsPerCall = 50;

/**
 * The daily reconciliation, by hand and in parts: some streams a call, and where the next call goes on. The first part
 * also opens the month, as the timer does. Begun again after a crash it does what is left to do.
 */
export const reconcileByHand = async (
  deps: ReconcileDependencies & Pick<Dependencies, 'clock'>,
  actor: PersonActor,
  { after }: { readonly after?: string },
  idempotency: IdempotencyKey,
): Promise<Outcome<ReconciledByHand>> => {
  const refusal = operatingRefusal(deps, actor);
  if (refusal !== undefined) return refusal;
  const earlier = await earlierAnswer<ReconciledByHand>(deps.store, idempotency);
  if (earlier !== undefined) return earlier;
  if (after === undefined) await openMonth(deps);
  const { failed, ...some } = await reconcileSome(deps, {
    limit: streamsPerCall,
    ...(after === undefined ? {} : { after }),
  });
  const value: ReconciledByHand = {
    ...some,
    failed: failed.map(({ streamId, defect }) => ({ streamId, error: errorNameOf(defect) })),
  };
  return commit(deps, async () => {
    const meanwhile = await earlierAnswer<ReconciledByHand>(deps.store, idempotency);
    return meanwhile === undefined
      ? { writes: [answerWrite(idempotency, asJson(value))], answer: { value } }
      : { writes: [], answer: meanwhile };
  });
};
