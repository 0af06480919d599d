import { getHealthContract } from '../../../shared/contracts/health.ts';
import { apiVersion } from '../../../shared/contracts/version.ts';
import type { Dependencies } from '../../../shared/use-cases/dependencies.ts';
import { logDefect } from '../../runtime/defect-log.ts';
import { publicHandler } from '../../runtime/http-edge.ts';
import type { LambdaHttpHandler } from '../../runtime/lambda.ts';
import { problemResult } from '../../runtime/problem.ts';

/** Nothing lies here: reading it costs the store a look and tells that it answers. */
const nowhere = { pk: 'HEALTH', sk: 'HEALTH' };

/** Well only if the store answers; else 503, so that whoever asks sends nobody here. */
export const createHandler = ({ store, clock }: Pick<Dependencies, 'store' | 'clock'>): LambdaHttpHandler => {
  const well = publicHandler(getHealthContract, async () => ({
    value: { status: 'ok' as const, version: apiVersion, now: clock.now() },
  }));
  return async (event, context) => {
    const { requestId } = event.requestContext;
    try {
      await store.get(nowhere);
    } catch (thrown) {
      logDefect(requestId, thrown);
      return problemResult('try-again', requestId);
    }
    return well(event, context);
  };
};
