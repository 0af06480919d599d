import { getCandidateListContract } from '../../../shared/contracts/candidate-list.ts';
import type { Dependencies } from '../../../shared/use-cases/dependencies.ts';
import { getCandidateList } from '../../../shared/use-cases/release/candidate-list.ts';
import { bearerHandler } from '../../runtime/http-edge.ts';
import type { LambdaHttpHandler } from '../../runtime/lambda.ts';

export const createHandler = (deps: Pick<Dependencies, 'store' | 'house'>): LambdaHttpHandler =>
  bearerHandler(getCandidateListContract, deps, async ({ actor, path }) => {
    const outcome = await getCandidateList(deps, actor, { group: path.groupCode, month: path.month });
    if ('refusal' in outcome) return outcome;
    const { group, month, candidates } = outcome.value;
    return { value: { group, month, candidates: [...candidates] } };
  });
