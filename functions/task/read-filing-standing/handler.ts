import type { TownCode } from '../../../shared/domain/access/identifiers.ts';
import type { YearMonth } from '../../../shared/domain/calendar/instant.ts';
import type { Dependencies } from '../../../shared/use-cases/dependencies.ts';
import { readFilingStanding } from '../../../shared/use-cases/monthly/read-standing.ts';
import { type FilingStanding, townMonth } from '../../../workflows/monthly-filing/signals.ts';
import { type LambdaTaskHandler, taskHandler } from '../../runtime/task-edge.ts';

/** Tells a monthly filing's workflow where the town's month stands. */
export const createHandler = (
  deps: Pick<Dependencies, 'store' | 'clock'>,
): LambdaTaskHandler<FilingStanding> =>
  taskHandler(townMonth, ({ town, month }) =>
    readFilingStanding(deps, { town: town as TownCode, month: month as YearMonth }),
  );
