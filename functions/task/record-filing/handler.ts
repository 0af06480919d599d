import type { Dependencies } from '../../../shared/use-cases/dependencies.ts';
import { recordFiling } from '../../../shared/use-cases/workflow/case-tasks.ts';
import { type CaseStanding, caseRound } from '../../../workflows/release-case/signals.ts';
import { type LambdaTaskHandler, taskHandler } from '../../runtime/task-edge.ts';

/** After the cut-off: records that the town's filing 备案 holds the case. */
export const createHandler = (
  deps: Pick<Dependencies, 'store' | 'backoff' | 'clock'>,
): LambdaTaskHandler<CaseStanding> => taskHandler(caseRound, (round) => recordFiling(deps, round));
