import { listHouseholdsContract } from '../../../shared/contracts/household.ts';
import { cursorOf, keyOfCursor } from '../../../shared/contracts/paging.ts';
import { villageOf } from '../../../shared/domain/access/identifiers.ts';
import type { Dependencies } from '../../../shared/use-cases/dependencies.ts';
import { listHouseholds } from '../../../shared/use-cases/registers/list-households.ts';
import { bearerHandler } from '../../runtime/http-edge.ts';
import type { LambdaHttpHandler } from '../../runtime/lambda.ts';

export const createHandler = (deps: Pick<Dependencies, 'store' | 'house'>): LambdaHttpHandler =>
  bearerHandler(listHouseholdsContract, deps, async ({ actor, query: { division, after, limit } }) => {
    const from = after === undefined ? undefined : keyOfCursor(after);
    const { households, next } = await listHouseholds(deps, actor, {
      ...(division === undefined ? {} : { division }),
      ...(from === undefined ? {} : { after: from }),
      limit,
    });
    return {
      value: {
        households: households.map((household) => ({ ...household, village: villageOf(household.group) })),
        ...(next === undefined ? {} : { next: cursorOf(next) }),
      },
    };
  });
