import { listExecutionsContract } from '../../../shared/contracts/execution.ts';
import { cursorOf, keyOfCursor } from '../../../shared/contracts/paging.ts';
import type { Dependencies } from '../../../shared/use-cases/dependencies.ts';
import { listExecutions } from '../../../shared/use-cases/operations/list-executions.ts';
import { bearerHandler } from '../../runtime/http-edge.ts';
import type { LambdaHttpHandler } from '../../runtime/lambda.ts';

export const createHandler = (
  deps: Pick<Dependencies, 'store' | 'clock' | 'house' | 'executions'>,
): LambdaHttpHandler =>
  bearerHandler(listExecutionsContract, deps, async ({ actor, query: { after, limit } }) => {
    const from = after === undefined ? undefined : keyOfCursor(after);
    const outcome = await listExecutions(deps, actor, {
      ...(from === undefined ? {} : { after: from }),
      limit,
    });
    if ('refusal' in outcome) return outcome;
    const { executions, next } = outcome.value;
    return { value: { executions, ...(next === undefined ? {} : { next: cursorOf(next) }) } };
  });
