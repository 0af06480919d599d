import { verifyLedgerContract } from '../../../shared/contracts/audit.ts';
import type { Dependencies } from '../../../shared/use-cases/dependencies.ts';
import { verifyLedger } from '../../../shared/use-cases/verify-ledger.ts';
import { bearerHandler } from '../../runtime/http-edge.ts';
import type { LambdaHttpHandler } from '../../runtime/lambda.ts';

export const createHandler = (
  deps: Pick<Dependencies, 'store' | 'house' | 'personalData'>,
): LambdaHttpHandler =>
  bearerHandler(verifyLedgerContract, deps, async ({ actor, path }) => {
    const outcome = await verifyLedger(deps, actor, path.streamId);
    if ('refusal' in outcome) return outcome;
    return { value: { ...outcome.value, problems: [...outcome.value.problems] } };
  });
