import type { TownCode } from '../../../shared/domain/access/identifiers.ts';
import type { YearMonth } from '../../../shared/domain/calendar/instant.ts';
import type { Dependencies } from '../../../shared/use-cases/dependencies.ts';
import { remindTown } from '../../../shared/use-cases/monthly/file-cases.ts';
import { type FilingStanding, townMonth } from '../../../workflows/monthly-filing/signals.ts';
import { type LambdaTaskHandler, taskHandler } from '../../runtime/task-edge.ts';

/** On the last working day before the cut-off: the month stands in the town's inbox. */
export const createHandler = (
  deps: Pick<Dependencies, 'store' | 'backoff' | 'clock'>,
): LambdaTaskHandler<FilingStanding> =>
  taskHandler(townMonth, ({ town, month }) =>
    remindTown(deps, { town: town as TownCode, month: month as YearMonth }),
  );
