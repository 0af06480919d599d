import type { JsonObject } from '../../shared/ports/record-store.ts';
import type { ExecutionRef, ExecutionStatus, WorkflowSignals } from '../../shared/ports/workflow-signals.ts';

/** A machine that runs nothing, but answers as Step Functions does, and remembers what it was told. */
export type RecordedExecutions = WorkflowSignals & {
  /** Names of the executions that run, sorted. */
  running(): string[];
  statusOf(name: string): ExecutionStatus | undefined;
  inputOf(name: string): JsonObject | undefined;
  reasonOf(name: string): string | undefined;
  /** An execution waits at this token. */
  waitsAt(token: string): void;
  delivered(): readonly { readonly token: string; readonly output: JsonObject }[];
  /** Every execution ends, as after a bad deployment. */
  abortAll(): void;
  /** Every execution is gone without a trace, as after a restore. */
  forgetAll(): void;
};

export const createRecordedExecutions = (): RecordedExecutions => {
  type Execution = { status: ExecutionStatus; readonly input: JsonObject; reason?: string };
  const executions = new Map<string, Execution>();
  const waiting = new Set<string>();
  const delivered: { token: string; output: JsonObject }[] = [];
  return {
    async start({ name }: ExecutionRef, input) {
      const known = executions.get(name);
      if (known?.status === 'running') return 'already-running';
      if (known !== undefined) return 'already-ended';
      executions.set(name, { status: 'running', input });
      return 'started';
    },
    async stop({ name }, reason) {
      const known = executions.get(name);
      if (known?.status !== 'running') return 'not-running';
      known.status = 'aborted';
      known.reason = reason;
      return 'stopped';
    },
    async succeed(token, output) {
      if (!waiting.delete(token)) return 'nobody-waits';
      delivered.push({ token, output });
      return 'delivered';
    },
    async status({ name }) {
      return executions.get(name)?.status ?? 'absent';
    },
    running: () =>
      [...executions]
        .filter(([, { status }]) => status === 'running')
        .map(([name]) => name)
        .toSorted(),
    statusOf: (name) => executions.get(name)?.status,
    inputOf: (name) => executions.get(name)?.input,
    reasonOf: (name) => executions.get(name)?.reason,
    waitsAt: (token) => {
      waiting.add(token);
    },
    delivered: () => delivered,
    abortAll: () => {
      for (const execution of executions.values()) execution.status = 'aborted';
    },
    forgetAll: () => executions.clear(),
  };
};
