import { requestUploadContract } from '../../../shared/contracts/evidence.ts';
import type { Dependencies } from '../../../shared/use-cases/dependencies.ts';
import { requestUpload } from '../../../shared/use-cases/evidence/request-upload.ts';
import { bearerPostHandler } from '../../runtime/http-edge.ts';
import type { LambdaHttpHandler } from '../../runtime/lambda.ts';

export const createHandler = (
  deps: Pick<Dependencies, 'store' | 'backoff' | 'clock' | 'ids' | 'vault' | 'house'>,
): LambdaHttpHandler =>
  bearerPostHandler(requestUploadContract, deps, async ({ actor, body, idempotency }) =>
    requestUpload(deps, actor, body, idempotency),
  );
