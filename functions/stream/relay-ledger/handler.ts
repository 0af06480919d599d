import type { Dependencies } from '../../../shared/use-cases/dependencies.ts';
import { concernsWorkflows, relayChange } from '../../../shared/use-cases/workflow/relay-change.ts';
import { setChangeAside } from '../../../shared/use-cases/workflow/set-change-aside.ts';
import { feedHandler, type LambdaFeedHandler } from '../../runtime/feed-edge.ts';

/** The ledger is the outbox: carries its changes to the workflows, and sets aside what does not go through. */
export const createHandler = (
  deps: Pick<Dependencies, 'store' | 'backoff' | 'clock' | 'ids' | 'personalData' | 'signals' | 'house'>,
): LambdaFeedHandler =>
  feedHandler({
    concerns: concernsWorkflows,
    carry: (change) => relayChange(deps, change),
    setAside: (failed) => setChangeAside(deps, failed),
  });
