import { reconcileExecutionsContract } from '../../../shared/contracts/execution.ts';
import { cursorOf, keyOfCursor } from '../../../shared/contracts/paging.ts';
import type { Dependencies } from '../../../shared/use-cases/dependencies.ts';
import { reconcileByHand } from '../../../shared/use-cases/operations/reconcile-by-hand.ts';
import { bearerPostHandler } from '../../runtime/http-edge.ts';
import type { LambdaHttpHandler } from '../../runtime/lambda.ts';

export const createHandler = (
  deps: Pick<Dependencies, 'store' | 'backoff' | 'clock' | 'personalData' | 'signals' | 'house'>,
): LambdaHttpHandler =>
  bearerPostHandler(reconcileExecutionsContract, deps, async ({ actor, body, idempotency }) => {
    const after = body.after === undefined ? undefined : keyOfCursor(body.after);
    const outcome = await reconcileByHand(deps, actor, after === undefined ? {} : { after }, idempotency);
    if ('refusal' in outcome) return outcome;
    const { next, ...reconciled } = outcome.value;
    return { value: { ...reconciled, ...(next === undefined ? {} : { next: cursorOf(next) }) } };
  });
