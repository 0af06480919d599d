import type * as z from 'zod';
import { getCityReportContract } from '../../../shared/contracts/city-report.ts';
import type { CityReport } from '../../../shared/domain/city-report/city-report.ts';
import type { Dependencies } from '../../../shared/use-cases/dependencies.ts';
import { getCityReport } from '../../../shared/use-cases/monthly/read-city-report.ts';
import { bearerHandler } from '../../runtime/http-edge.ts';
import type { LambdaHttpHandler } from '../../runtime/lambda.ts';

type ReportBody = z.input<typeof getCityReportContract.success.body>['report'];

const bodyOf = ({ reportId, policyVersion, preparedAt, dueAt, tasks, signed }: CityReport): ReportBody => {
  const taskId = tasks[0]?.taskId;
  return {
    reportId,
    policyVersion,
    preparedAt,
    dueAt,
    ...(taskId === undefined ? {} : { taskId }),
    ...(signed === undefined ? {} : { signed: { ...signed, cases: [...signed.cases] } }),
  };
};

export const createHandler = (deps: Pick<Dependencies, 'store' | 'house'>): LambdaHttpHandler =>
  bearerHandler(getCityReportContract, deps, async ({ actor, path }) => {
    const outcome = await getCityReport(deps, actor, path.month);
    if ('refusal' in outcome) return outcome;
    const { month, report, announced } = outcome.value;
    return {
      value: { month, report: report === null ? null : bodyOf(report), announced: [...announced] },
    };
  });
