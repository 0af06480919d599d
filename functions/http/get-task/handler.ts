import { getTaskContract } from '../../../shared/contracts/task.ts';
import type { Dependencies } from '../../../shared/use-cases/dependencies.ts';
import { getTask } from '../../../shared/use-cases/tasks/get-task.ts';
import { bearerHandler } from '../../runtime/http-edge.ts';
import type { LambdaHttpHandler } from '../../runtime/lambda.ts';

export const createHandler = (deps: Pick<Dependencies, 'store' | 'clock' | 'house'>): LambdaHttpHandler =>
  bearerHandler(getTaskContract, deps, async ({ actor, path }) => getTask(deps, actor, path.taskId));
