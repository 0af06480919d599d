import { amendCityReportContract } from '../../../shared/contracts/city-report.ts';
import type { Dependencies } from '../../../shared/use-cases/dependencies.ts';
import { amendCityReport } from '../../../shared/use-cases/monthly/amend-city-report.ts';
import { bearerPostHandler } from '../../runtime/http-edge.ts';
import type { LambdaHttpHandler } from '../../runtime/lambda.ts';

export const createHandler = (
  deps: Pick<Dependencies, 'store' | 'backoff' | 'clock' | 'house'>,
): LambdaHttpHandler =>
  bearerPostHandler(amendCityReportContract, deps, async ({ actor, path, body, idempotency }) =>
    amendCityReport(deps, actor, { month: path.month, ...body }, idempotency),
  );
