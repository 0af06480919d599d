import type { Dependencies } from '../../../shared/use-cases/dependencies.ts';
import { awaitStep as storeCallback } from '../../../shared/use-cases/workflow/step-tasks.ts';
import { awaitStep } from '../../../workflows/fragments/signals.ts';
import { type LambdaTaskHandler, taskHandler } from '../../runtime/task-edge.ts';

/** Stores where a workflow waits for a person. Its answer is read by nobody: the token is what resumes the workflow. */
export const createHandler = (
  deps: Pick<Dependencies, 'store' | 'backoff' | 'clock' | 'personalData'>,
): LambdaTaskHandler<void> => taskHandler(awaitStep, (callback) => storeCallback(deps, callback));
