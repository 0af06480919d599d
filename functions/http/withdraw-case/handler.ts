import { withdrawCaseContract } from '../../../shared/contracts/release-case.ts';
import type { Dependencies } from '../../../shared/use-cases/dependencies.ts';
import { withdrawCase } from '../../../shared/use-cases/release/stop-case.ts';
import { bearerPostHandler } from '../../runtime/http-edge.ts';
import type { LambdaHttpHandler } from '../../runtime/lambda.ts';

export const createHandler = (
  deps: Pick<Dependencies, 'store' | 'backoff' | 'clock' | 'ids' | 'personalData' | 'vault' | 'house'>,
): LambdaHttpHandler =>
  bearerPostHandler(withdrawCaseContract, deps, async ({ actor, path, body, idempotency }) =>
    withdrawCase(deps, actor, { caseNumber: path.caseNumber, ...body }, idempotency),
  );
