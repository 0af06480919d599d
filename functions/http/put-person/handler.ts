import { putPersonContract } from '../../../shared/contracts/person.ts';
import type { Dependencies } from '../../../shared/use-cases/dependencies.ts';
import { putPerson } from '../../../shared/use-cases/registers/put-person.ts';
import { bearerHandler } from '../../runtime/http-edge.ts';
import type { LambdaHttpHandler } from '../../runtime/lambda.ts';

export const createHandler = (
  deps: Pick<Dependencies, 'store' | 'backoff' | 'clock' | 'personalData' | 'house'>,
): LambdaHttpHandler =>
  bearerHandler(putPersonContract, deps, async ({ actor, path, body }) =>
    putPerson(deps, actor, { ...path, ...body }),
  );
