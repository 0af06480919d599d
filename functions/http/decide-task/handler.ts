import { decideTaskContract } from '../../../shared/contracts/task.ts';
import type { Dependencies } from '../../../shared/use-cases/dependencies.ts';
import { decideTask } from '../../../shared/use-cases/tasks/decide-task.ts';
import { bearerPostHandler } from '../../runtime/http-edge.ts';
import type { LambdaHttpHandler } from '../../runtime/lambda.ts';

export const createHandler = (
  deps: Pick<Dependencies, 'store' | 'backoff' | 'clock' | 'ids' | 'personalData' | 'vault' | 'house'>,
): LambdaHttpHandler =>
  bearerPostHandler(decideTaskContract, deps, async ({ actor, path, body, idempotency }) =>
    decideTask(deps, actor, { taskId: path.taskId, input: body }, idempotency),
  );
