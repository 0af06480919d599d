import type { JsonObject } from '../../shared/ports/record-store.ts';
import type { ExecutionDescription, WorkflowExecutions } from '../../shared/ports/workflow-executions.ts';
import type {
  ExecutionRef,
  ExecutionStatus,
  WorkflowName,
  WorkflowSignals,
} from '../../shared/ports/workflow-signals.ts';
import { shanghai } from './shanghai.ts';

/** A machine that runs nothing, but answers as Step Functions does, and remembers what it was told. */
export type RecordedExecutions = WorkflowSignals &
  WorkflowExecutions & {
    /** Names of the executions that run, sorted. */
    running(): string[];
    statusOf(name: string): ExecutionStatus | undefined;
    inputOf(name: string): JsonObject | undefined;
    reasonOf(name: string): string | undefined;
    /** An execution waits at this token. */
    waitsAt(token: string): void;
    delivered(): readonly { readonly token: string; readonly output: JsonObject }[];
    /** A running execution ends by itself: failed in a state, timed out, or finished. */
    ends(name: string, end: Pick<ExecutionDescription, 'status' | 'error' | 'failedState'>): void;
    /** Starting an execution of this stream throws, until told of none. */
    poison(streamId: string | undefined): void;
    /** How often somebody asked about one execution. */
    described(): number;
    /** Every execution ends, as after a bad deployment. */
    abortAll(): void;
    /** Every execution is gone without a trace, as after a restore. */
    forgetAll(): void;
  };

export const createRecordedExecutions = (): RecordedExecutions => {
  type Execution = {
    readonly workflow: WorkflowName;
    status: Exclude<ExecutionStatus, 'absent'>;
    readonly input: JsonObject;
    reason?: string;
    failure?: Pick<ExecutionDescription, 'error' | 'failedState'>;
  };
  const executions = new Map<string, Execution>();
  const waiting = new Set<string>();
  let asked = 0;
  let poisoned: string | undefined;
  const delivered: { token: string; output: JsonObject }[] = [];
  return {
    async start({ workflow, name }: ExecutionRef, input) {
      if (poisoned !== undefined && name.startsWith(poisoned)) throw new RangeError(`no ${name}`);
      const known = executions.get(name);
      if (known?.status === 'running') return 'already-running';
      if (known !== undefined) return 'already-ended';
      executions.set(name, { workflow, status: 'running', input });
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
    async describe({ name }) {
      asked += 1;
      const known = executions.get(name);
      if (known === undefined) return undefined;
      const { status, reason, failure = {} } = known;
      const startedAt = shanghai('2022-09-20 09:00');
      const stopped = status === 'running' ? {} : { stoppedAt: shanghai('2022-09-20 10:00') };
      return { status, startedAt, ...stopped, ...(reason === undefined ? failure : { error: reason }) };
    },
    async namesRunning(workflow) {
      const ofWorkflow = [...executions].filter(([, one]) => one.workflow === workflow);
      return new Set(ofWorkflow.flatMap(([name, { status }]) => (status === 'running' ? [name] : [])));
    },
    ends: (name, { status, ...failure }) => {
      const known = executions.get(name);
      if (known?.status !== 'running') throw new Error(`${name} does not run`);
      Object.assign(known, { status, failure });
    },
    poison: (streamId) => {
      poisoned = streamId;
    },
    described: () => asked,
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
