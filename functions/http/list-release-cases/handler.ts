import { cursorOf, keyOfCursor } from '../../../shared/contracts/paging.ts';
import { listReleaseCasesContract } from '../../../shared/contracts/release-case.ts';
import { villageOf } from '../../../shared/domain/access/identifiers.ts';
import type { Dependencies } from '../../../shared/use-cases/dependencies.ts';
import { listReleaseCases } from '../../../shared/use-cases/release/list-release-cases.ts';
import { bearerHandler } from '../../runtime/http-edge.ts';
import type { LambdaHttpHandler } from '../../runtime/lambda.ts';

export const createHandler = (deps: Pick<Dependencies, 'store' | 'house'>): LambdaHttpHandler =>
  bearerHandler(listReleaseCasesContract, deps, async ({ actor, query: { division, after, limit } }) => {
    const from = after === undefined ? undefined : keyOfCursor(after);
    const { cases, next } = await listReleaseCases(deps, actor, {
      ...(division === undefined ? {} : { division }),
      ...(from === undefined ? {} : { after: from }),
      limit,
    });
    return {
      value: {
        cases: cases.map(
          ({ caseNumber, householdId, group, people, openedAt, round, stage, releasedAt }) => ({
            caseNumber,
            householdId,
            village: villageOf(group),
            group,
            people,
            openedAt,
            round,
            stage: stage.name,
            ...(releasedAt === undefined ? {} : { releasedAt }),
          }),
        ),
        ...(next === undefined ? {} : { next: cursorOf(next) }),
      },
    };
  });
