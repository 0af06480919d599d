import { putHouseholdFactsContract } from '../../../shared/contracts/household-facts.ts';
import type { Dependencies } from '../../../shared/use-cases/dependencies.ts';
import { putHouseholdFacts } from '../../../shared/use-cases/registers/put-household-facts.ts';
import { bearerHandler } from '../../runtime/http-edge.ts';
import type { LambdaHttpHandler } from '../../runtime/lambda.ts';

export const createHandler = (
  deps: Pick<Dependencies, 'store' | 'backoff' | 'personalData' | 'house'>,
): LambdaHttpHandler =>
  bearerHandler(putHouseholdFactsContract, deps, async ({ actor, path, body }) =>
    putHouseholdFacts(deps, actor, path.householdId, body),
  );
