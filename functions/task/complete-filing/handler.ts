import type { TownCode } from '../../../shared/domain/access/identifiers.ts';
import type { YearMonth } from '../../../shared/domain/calendar/instant.ts';
import type { Dependencies } from '../../../shared/use-cases/dependencies.ts';
import { completeFiling } from '../../../shared/use-cases/monthly/file-cases.ts';
import { type FilingStanding, townMonth } from '../../../workflows/monthly-filing/signals.ts';
import { type LambdaTaskHandler, taskHandler } from '../../runtime/task-edge.ts';

/** At the cut-off: files every approved case of the town and completes the month. */
export const createHandler = (
  deps: Pick<Dependencies, 'store' | 'backoff' | 'clock' | 'ids'>,
): LambdaTaskHandler<FilingStanding> =>
  taskHandler(townMonth, ({ town, month }) =>
    completeFiling(deps, { town: town as TownCode, month: month as YearMonth }),
  );
