import type { Dependencies } from '../../../shared/use-cases/dependencies.ts';
import { concludeNotice } from '../../../shared/use-cases/workflow/case-tasks.ts';
import { type CaseStanding, caseRound } from '../../../workflows/release-case/signals.ts';
import { type LambdaTaskHandler, taskHandler } from '../../runtime/task-edge.ts';

/** The time of a notice 公示 is over: passes it, unless an objection is undecided. */
export const createHandler = (
  deps: Pick<Dependencies, 'store' | 'backoff' | 'clock'>,
): LambdaTaskHandler<CaseStanding> => taskHandler(caseRound, (round) => concludeNotice(deps, round));
