import { putHouseholdContract } from '../../../shared/contracts/household.ts';
import type { Dependencies } from '../../../shared/use-cases/dependencies.ts';
import { putHousehold } from '../../../shared/use-cases/registers/put-household.ts';
import { bearerHandler } from '../../runtime/http-edge.ts';
import type { LambdaHttpHandler } from '../../runtime/lambda.ts';

export const createHandler = (
  deps: Pick<Dependencies, 'store' | 'backoff' | 'personalData' | 'house'>,
): LambdaHttpHandler =>
  bearerHandler(putHouseholdContract, deps, async ({ actor, path, body }) =>
    putHousehold(deps, actor, { ...path, ...body }),
  );
