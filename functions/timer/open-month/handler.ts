import type { Dependencies } from '../../../shared/use-cases/dependencies.ts';
import { openMonth } from '../../../shared/use-cases/monthly/open-month.ts';
import { type LambdaTaskHandler, timerHandler } from '../../runtime/task-edge.ts';

/** On the 1st: opens every town's filing for the month and prepares the city report on the month before. */
export const createHandler = (
  deps: Pick<Dependencies, 'store' | 'backoff' | 'clock' | 'house'>,
): LambdaTaskHandler<{ readonly towns: number }> => timerHandler(() => openMonth(deps));
