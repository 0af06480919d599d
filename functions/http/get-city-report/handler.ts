import { getCityReportContract } from '../../../shared/contracts/city-report.ts';
import type { Dependencies } from '../../../shared/use-cases/dependencies.ts';
import { getCityReport } from '../../../shared/use-cases/monthly/read-city-report.ts';
import { bearerHandler } from '../../runtime/http-edge.ts';
import type { LambdaHttpHandler } from '../../runtime/lambda.ts';
import { reportBody } from '../city-report-body.ts';

export const createHandler = (deps: Pick<Dependencies, 'store' | 'house'>): LambdaHttpHandler =>
  bearerHandler(getCityReportContract, deps, async ({ actor, path }) => {
    const outcome = await getCityReport(deps, actor, path.month);
    if ('refusal' in outcome) return outcome;
    const { month, report, announced } = outcome.value;
    return {
      value: { month, report: report === null ? null : reportBody(report), announced: [...announced] },
    };
  });
