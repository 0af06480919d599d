import type { Dependencies } from '../../../shared/use-cases/dependencies.ts';
import { escalateStep as escalate } from '../../../shared/use-cases/workflow/step-tasks.ts';
import { escalateStep, type StepEscalated } from '../../../workflows/fragments/signals.ts';
import { type LambdaTaskHandler, taskHandler } from '../../runtime/task-edge.ts';

/** Nobody has decided in time: puts the escalation 升级督办 on record and says when to look again. */
export const createHandler = (
  deps: Pick<Dependencies, 'store' | 'backoff' | 'clock'>,
): LambdaTaskHandler<StepEscalated> => taskHandler(escalateStep, (task) => escalate(deps, task));
