import { listCityReportsContract } from '../../../shared/contracts/city-report.ts';
import { cursorOf, keyOfCursor } from '../../../shared/contracts/paging.ts';
import type { Dependencies } from '../../../shared/use-cases/dependencies.ts';
import { listCityReports } from '../../../shared/use-cases/monthly/read-city-report.ts';
import { bearerHandler } from '../../runtime/http-edge.ts';
import type { LambdaHttpHandler } from '../../runtime/lambda.ts';
import { reportBody } from '../city-report-body.ts';

export const createHandler = (deps: Pick<Dependencies, 'store' | 'house'>): LambdaHttpHandler =>
  bearerHandler(listCityReportsContract, deps, async ({ actor, query: { after, limit } }) => {
    const from = after === undefined ? undefined : keyOfCursor(after);
    const outcome = await listCityReports(deps, actor, {
      ...(from === undefined ? {} : { after: from }),
      limit,
    });
    if ('refusal' in outcome) return outcome;
    const { reports, next } = outcome.value;
    return {
      value: {
        reports: reports.map((report) => ({ month: report.month, ...reportBody(report) })),
        ...(next === undefined ? {} : { next: cursorOf(next) }),
      },
    };
  });
