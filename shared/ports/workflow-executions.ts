import { failedStateIn } from '../../workflows/fragments/signals.ts';
import type { Instant } from '../domain/calendar/instant.ts';
import type { ExecutionRef, ExecutionStatus, WorkflowName } from './workflow-signals.ts';

/** What an operator may know of one execution. Its input, output and the text of its error stay where they are: they may quote anything. */
export type ExecutionDescription = {
  readonly status: Exclude<ExecutionStatus, 'absent'>;
  readonly startedAt: Instant;
  readonly stoppedAt?: Instant;
  /** Name of the error that it failed with, or the reason code with which it was stopped. */
  readonly error?: string;
  /** The state that could not be carried out, where the execution says so. */
  readonly failedState?: string;
};

/** A look at the machine that runs workflows (Step Functions, or the embedded runner), without a hand on it. */
export type WorkflowExecutions = {
  /** @returns `undefined` for an execution that the machine does not know, or no longer. */
  describe(execution: ExecutionRef): Promise<ExecutionDescription | undefined>;
  /**
   * Names of the executions that run, in one look instead of one per execution. Best effort: one that began or ended
   * within the last seconds may stand wrongly, so whoever finds a name missing asks {@link describe}.
   */
  namesRunning(workflow: WorkflowName): Promise<ReadonlySet<string>>;
};

const errorName = /^[\w.$-]{1,80}$/;

/** What may be told of an execution that ended badly: the name of its error and the state. Any other text is left out. */
export const failureOf = (
  error: string | undefined,
  cause: string | undefined,
): Pick<ExecutionDescription, 'error' | 'failedState'> => {
  const failedState = failedStateIn(cause ?? '');
  return {
    ...(error === undefined || error === '' ? {} : { error: errorName.test(error) ? error : 'Error' }),
    ...(failedState === undefined ? {} : { failedState }),
  };
};
