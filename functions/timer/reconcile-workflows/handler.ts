import type { Dependencies } from '../../../shared/use-cases/dependencies.ts';
import { openMonth } from '../../../shared/use-cases/monthly/open-month.ts';
import { carryDeadLetters } from '../../../shared/use-cases/workflow/carry-dead-letter.ts';
import { reconcileWorkflows } from '../../../shared/use-cases/workflow/reconcile-workflows.ts';
import { logger } from '../../runtime/defect-log.ts';
import { type LambdaTaskHandler, timerHandler } from '../../runtime/task-edge.ts';

/** Some streams could not be carried on; the others were, and the same call may be made again. */
class ReconciliationIncomplete extends Error {
  override readonly name = 'ReconciliationIncomplete';
}

type Reconciled = {
  readonly open: number;
  readonly restarted: readonly string[];
  readonly deadLetters: { readonly carried: number; readonly left: number };
};

/**
 * Every day: compares what is open in the ledger with what runs, starts what is missing, and tries again what was set
 * aside. The month is opened first, in case its own timer never came.
 */
export const createHandler = (
  deps: Pick<Dependencies, 'store' | 'backoff' | 'clock' | 'personalData' | 'signals' | 'house'>,
): LambdaTaskHandler<Reconciled> =>
  timerHandler(async () => {
    await openMonth(deps);
    const { failed, ...reconciled } = await reconcileWorkflows(deps);
    const deadLetters = await carryDeadLetters(deps);
    const [first] = failed;
    if (first !== undefined) {
      logger.error('not reconciled', { streams: failed.map(({ streamId }) => streamId) });
      throw new ReconciliationIncomplete('some streams failed', { cause: first.defect });
    }
    return { ...reconciled, deadLetters };
  });
