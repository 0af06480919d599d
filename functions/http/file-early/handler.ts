import { fileEarlyContract } from '../../../shared/contracts/filing.ts';
import type { Dependencies } from '../../../shared/use-cases/dependencies.ts';
import { fileEarly } from '../../../shared/use-cases/monthly/file-cases.ts';
import { bearerPostHandler } from '../../runtime/http-edge.ts';
import type { LambdaHttpHandler } from '../../runtime/lambda.ts';

export const createHandler = (
  deps: Pick<Dependencies, 'store' | 'backoff' | 'clock' | 'ids' | 'house'>,
): LambdaHttpHandler =>
  bearerPostHandler(fileEarlyContract, deps, async ({ actor, path, idempotency }) => {
    const townMonth = { town: path.townCode, month: path.month };
    const outcome = await fileEarly(deps, actor, townMonth, idempotency);
    if ('refusal' in outcome) return outcome;
    return { value: { ...outcome.value, cases: [...outcome.value.cases] } };
  });
