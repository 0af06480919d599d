import type { Dependencies } from '../../../shared/use-cases/dependencies.ts';
import { concernsWorkflows, relayChange } from '../../../shared/use-cases/workflow/relay-change.ts';
import { feedHandler, type LambdaFeedHandler } from '../../runtime/feed-edge.ts';

/** The ledger is the outbox: carries its changes to the workflows. */
export const createHandler = (
  deps: Pick<Dependencies, 'store' | 'backoff' | 'personalData' | 'signals'>,
): LambdaFeedHandler => feedHandler(concernsWorkflows, (change) => relayChange(deps, change));
