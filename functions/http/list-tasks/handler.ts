import { cursorOf, keyOfCursor } from '../../../shared/contracts/paging.ts';
import { listTasksContract } from '../../../shared/contracts/task.ts';
import type { Dependencies } from '../../../shared/use-cases/dependencies.ts';
import { listTasks } from '../../../shared/use-cases/tasks/list-tasks.ts';
import { bearerHandler } from '../../runtime/http-edge.ts';
import type { LambdaHttpHandler } from '../../runtime/lambda.ts';

export const createHandler = (deps: Pick<Dependencies, 'store' | 'clock' | 'house'>): LambdaHttpHandler =>
  bearerHandler(listTasksContract, deps, async ({ actor, query: { after, limit } }) => {
    const from = after === undefined ? undefined : keyOfCursor(after);
    const { tasks, next } = await listTasks(deps, actor, {
      ...(from === undefined ? {} : { after: from }),
      limit,
    });
    return { value: { tasks: [...tasks], ...(next === undefined ? {} : { next: cursorOf(next) }) } };
  });
