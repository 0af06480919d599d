import document from '../../../docs/openapi.json' with { type: 'json' };
import { getOpenapiContract } from '../../../shared/contracts/health.ts';
import { publicHandler } from '../../runtime/http-edge.ts';
import type { LambdaHttpHandler } from '../../runtime/lambda.ts';

/** The document as it was committed; it holds nothing of anybody and may be kept for five minutes. Needs no dependency. */
export const createHandler = (_deps: object = {}): LambdaHttpHandler =>
  publicHandler(getOpenapiContract, async () => ({
    value: document,
    headers: { 'cache-control': 'public, max-age=300' },
  }));
