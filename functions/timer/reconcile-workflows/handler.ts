import type { Dependencies } from '../../../shared/use-cases/dependencies.ts';
import { openMonth } from '../../../shared/use-cases/monthly/open-month.ts';
import {
  type Reconciliation,
  reconcileWorkflows,
} from '../../../shared/use-cases/workflow/reconcile-workflows.ts';
import { type LambdaTaskHandler, timerHandler } from '../../runtime/task-edge.ts';

/**
 * Every day: compares what is open in the ledger with what runs and starts what is missing. The month is opened first,
 * in case its own timer never came.
 */
export const createHandler = (
  deps: Pick<Dependencies, 'store' | 'backoff' | 'clock' | 'personalData' | 'signals' | 'house'>,
): LambdaTaskHandler<Reconciliation> =>
  timerHandler(async () => {
    await openMonth(deps);
    return reconcileWorkflows(deps);
  });
