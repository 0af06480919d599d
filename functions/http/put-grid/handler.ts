import { putGridContract } from '../../../shared/contracts/grid.ts';
import type { Dependencies } from '../../../shared/use-cases/dependencies.ts';
import { putGrid } from '../../../shared/use-cases/registers/put-grid.ts';
import { bearerHandler } from '../../runtime/http-edge.ts';
import type { LambdaHttpHandler } from '../../runtime/lambda.ts';

export const createHandler = (deps: Pick<Dependencies, 'store' | 'backoff' | 'house'>): LambdaHttpHandler =>
  bearerHandler(putGridContract, deps, async ({ actor, path, body }) => {
    const outcome = await putGrid(deps, actor, { group: path.groupCode, ...body });
    return 'refusal' in outcome ? outcome : { value: { groupCode: outcome.value.group } };
  });
