import { putDivisionContract } from '../../../shared/contracts/division.ts';
import type { Dependencies } from '../../../shared/use-cases/dependencies.ts';
import { putDivision } from '../../../shared/use-cases/registers/put-division.ts';
import { bearerHandler } from '../../runtime/http-edge.ts';
import type { LambdaHttpHandler } from '../../runtime/lambda.ts';

export const createHandler = (
  deps: Pick<Dependencies, 'store' | 'backoff' | 'clock' | 'house'>,
): LambdaHttpHandler =>
  bearerHandler(putDivisionContract, deps, async ({ actor, path, body }) => {
    const outcome = await putDivision(deps, actor, { code: path.divisionCode, name: body.name });
    if ('refusal' in outcome) return outcome;
    const { code, name } = outcome.value;
    return { value: { divisionCode: code, name } };
  });
