import { retryDeadLetterContract } from '../../../shared/contracts/dead-letter.ts';
import type { Dependencies } from '../../../shared/use-cases/dependencies.ts';
import { retryDeadLetter } from '../../../shared/use-cases/operations/retry-dead-letter.ts';
import { logDefect } from '../../runtime/defect-log.ts';
import { bearerPostHandler } from '../../runtime/http-edge.ts';
import type { LambdaHttpHandler } from '../../runtime/lambda.ts';

export const createHandler = (
  deps: Pick<Dependencies, 'store' | 'backoff' | 'personalData' | 'signals' | 'house'>,
): LambdaHttpHandler =>
  bearerPostHandler(retryDeadLetterContract, deps, async ({ actor, path, idempotency }) =>
    retryDeadLetter(deps, actor, path, idempotency, (defect) => logDefect(path.deadLetterId, defect)),
  );
