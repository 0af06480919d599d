import type { Dependencies } from '../../../shared/use-cases/dependencies.ts';
import { readCaseStanding } from '../../../shared/use-cases/workflow/case-tasks.ts';
import { type CaseStanding, caseRound } from '../../../workflows/release-case/signals.ts';
import { type LambdaTaskHandler, taskHandler } from '../../runtime/task-edge.ts';

/** Tells a release case's workflow where the case stands. */
export const createHandler = (deps: Pick<Dependencies, 'store' | 'clock'>): LambdaTaskHandler<CaseStanding> =>
  taskHandler(caseRound, (round) => readCaseStanding(deps, round));
