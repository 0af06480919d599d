import type { Dependencies } from '../../../shared/use-cases/dependencies.ts';
import { recordCityReport } from '../../../shared/use-cases/workflow/case-tasks.ts';
import { type CaseStanding, caseRound } from '../../../workflows/release-case/signals.ts';
import { type LambdaTaskHandler, taskHandler } from '../../runtime/task-edge.ts';

/** After the 5th: records that the signed city report 市级备案 lists the case. */
export const createHandler = (
  deps: Pick<Dependencies, 'store' | 'backoff' | 'clock'>,
): LambdaTaskHandler<CaseStanding> => taskHandler(caseRound, (round) => recordCityReport(deps, round));
