import { fileObjectionContract } from '../../../shared/contracts/notice.ts';
import type { Dependencies } from '../../../shared/use-cases/dependencies.ts';
import { fileObjection } from '../../../shared/use-cases/release/file-objection.ts';
import { publicPostHandler } from '../../runtime/http-edge.ts';
import type { LambdaHttpHandler } from '../../runtime/lambda.ts';

export const createHandler = (
  deps: Pick<Dependencies, 'store' | 'backoff' | 'clock' | 'ids' | 'personalData'>,
): LambdaHttpHandler =>
  publicPostHandler(fileObjectionContract, async ({ path, body, idempotency }) =>
    fileObjection(deps, { ...path, ...body }, idempotency),
  );
