import type { DistrictCode } from '../../../shared/domain/access/identifiers.ts';
import type { YearMonth } from '../../../shared/domain/calendar/instant.ts';
import type { Dependencies } from '../../../shared/use-cases/dependencies.ts';
import { readCityReportStanding } from '../../../shared/use-cases/monthly/read-standing.ts';
import { type CityReportStanding, districtMonth } from '../../../workflows/city-report/signals.ts';
import { type LambdaTaskHandler, taskHandler } from '../../runtime/task-edge.ts';

/** Tells a city report's workflow where the report stands. */
export const createHandler = (deps: Pick<Dependencies, 'store'>): LambdaTaskHandler<CityReportStanding> =>
  taskHandler(districtMonth, ({ district, month }) =>
    readCityReportStanding(deps, { district: district as DistrictCode, month: month as YearMonth }),
  );
