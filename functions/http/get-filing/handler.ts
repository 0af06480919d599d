import { getFilingContract } from '../../../shared/contracts/filing.ts';
import type { Dependencies } from '../../../shared/use-cases/dependencies.ts';
import { getFiling } from '../../../shared/use-cases/monthly/read-filing.ts';
import { bearerHandler } from '../../runtime/http-edge.ts';
import type { LambdaHttpHandler } from '../../runtime/lambda.ts';
import { filingBody } from '../filing-body.ts';

export const createHandler = (deps: Pick<Dependencies, 'store' | 'house'>): LambdaHttpHandler =>
  bearerHandler(getFilingContract, deps, async ({ actor, path }) => {
    const outcome = await getFiling(deps, actor, { town: path.townCode, month: path.month });
    return 'refusal' in outcome ? outcome : { value: filingBody(outcome.value) };
  });
