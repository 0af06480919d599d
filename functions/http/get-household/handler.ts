import { getHouseholdContract } from '../../../shared/contracts/household.ts';
import type { Dependencies } from '../../../shared/use-cases/dependencies.ts';
import { getHousehold } from '../../../shared/use-cases/registers/get-household.ts';
import { bearerHandler } from '../../runtime/http-edge.ts';
import type { LambdaHttpHandler } from '../../runtime/lambda.ts';

export const createHandler = (
  deps: Pick<Dependencies, 'store' | 'personalData' | 'house'>,
): LambdaHttpHandler =>
  bearerHandler(getHouseholdContract, deps, async ({ actor, path }) => {
    const outcome = await getHousehold(deps, actor, path.householdId);
    if ('refusal' in outcome) return outcome;
    const { household, profile, facts, openCase } = outcome.value;
    const { monthlyIncome, measures, ...others } = facts;
    return {
      value: {
        ...household,
        address: profile.address,
        head: profile.head,
        members: profile.members.map(({ phone, ...member }) => ({
          ...member,
          ...(phone === undefined ? {} : { phone }),
        })),
        facts: {
          ...others,
          monthlyIncome: [...monthlyIncome],
          ...(measures === undefined ? {} : { measures: [...measures] }),
        },
        openCase,
      },
    };
  });
