import { getFilingContract } from '../../../shared/contracts/filing.ts';
import type { Dependencies } from '../../../shared/use-cases/dependencies.ts';
import { getFiling } from '../../../shared/use-cases/monthly/file-cases.ts';
import { bearerHandler } from '../../runtime/http-edge.ts';
import type { LambdaHttpHandler } from '../../runtime/lambda.ts';

export const createHandler = (deps: Pick<Dependencies, 'store' | 'house'>): LambdaHttpHandler =>
  bearerHandler(getFilingContract, deps, async ({ actor, path }) => {
    const outcome = await getFiling(deps, actor, { town: path.townCode, month: path.month });
    if ('refusal' in outcome) return outcome;
    const { filing, waiting } = outcome.value;
    const filings = filing.filings.map((one) => ({ ...one, caseNumbers: [...one.caseNumbers] }));
    return { value: { ...filing, filings, waiting: [...waiting] } };
  });
