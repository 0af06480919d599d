import type { JsonObject } from './record-store.ts';

export type WorkflowName = 'release-case' | 'monthly-filing' | 'city-report';

/** One execution, named so that an operator can read it: case number, round, attempt. Never personal data. */
export type ExecutionRef = { readonly workflow: WorkflowName; readonly name: string };

export type ExecutionStatus = 'running' | 'succeeded' | 'failed' | 'timed-out' | 'aborted' | 'absent';

/** How the ledger's relay reaches the machine that runs workflows (Step Functions, or the embedded runner). */
export type WorkflowSignals = {
  /**
   * Idempotent: a second start of a running name with the same input starts nothing. It is `already-running`, or
   * `started` on Step Functions, which answers it as it answered the first.
   */
  start(execution: ExecutionRef, input: JsonObject): Promise<'started' | 'already-running' | 'already-ended'>;
  /** `reason` is a code of ours; alarms ignore aborts that carry one. */
  stop(execution: ExecutionRef, reason: string): Promise<'stopped' | 'not-running'>;
  /** `nobody-waits` covers a token that is unknown, used, timed out or malformed. */
  succeed(token: string, output: JsonObject): Promise<'delivered' | 'nobody-waits'>;
  status(execution: ExecutionRef): Promise<ExecutionStatus>;
};
