import { getExecutionContract } from '../../../shared/contracts/execution.ts';
import type { Dependencies } from '../../../shared/use-cases/dependencies.ts';
import { getExecution } from '../../../shared/use-cases/operations/get-execution.ts';
import { bearerHandler } from '../../runtime/http-edge.ts';
import type { LambdaHttpHandler } from '../../runtime/lambda.ts';

export const createHandler = (
  deps: Pick<Dependencies, 'store' | 'clock' | 'house' | 'executions'>,
): LambdaHttpHandler =>
  bearerHandler(getExecutionContract, deps, async ({ actor, path }) =>
    getExecution(deps, actor, path.streamId),
  );
