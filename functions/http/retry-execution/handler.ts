import { retryExecutionContract } from '../../../shared/contracts/execution.ts';
import type { Dependencies } from '../../../shared/use-cases/dependencies.ts';
import { retryExecution } from '../../../shared/use-cases/operations/retry-execution.ts';
import { logDefect } from '../../runtime/defect-log.ts';
import { bearerPostHandler } from '../../runtime/http-edge.ts';
import type { LambdaHttpHandler } from '../../runtime/lambda.ts';

export const createHandler = (
  deps: Pick<Dependencies, 'store' | 'backoff' | 'personalData' | 'signals' | 'house'>,
): LambdaHttpHandler =>
  bearerPostHandler(retryExecutionContract, deps, async ({ actor, path, idempotency }) =>
    retryExecution(deps, actor, path, idempotency, (defect) => logDefect(path.streamId, defect)),
  );
