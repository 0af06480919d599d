import { requestReleaseContract } from '../../../shared/contracts/release-case.ts';
import type { Dependencies } from '../../../shared/use-cases/dependencies.ts';
import { requestRelease } from '../../../shared/use-cases/release/open-release-case.ts';
import { bearerPostHandler } from '../../runtime/http-edge.ts';
import type { LambdaHttpHandler } from '../../runtime/lambda.ts';

export const createHandler = (
  deps: Pick<Dependencies, 'store' | 'backoff' | 'clock' | 'personalData' | 'house'>,
): LambdaHttpHandler =>
  bearerPostHandler(requestReleaseContract, deps, async ({ actor, body, idempotency }) => {
    const outcome = await requestRelease(deps, actor, body, idempotency);
    if ('refusal' in outcome) return outcome;
    const { caseNumber } = outcome.value;
    return { value: outcome.value, headers: { location: `/v1/release-cases/${caseNumber}` } };
  });
