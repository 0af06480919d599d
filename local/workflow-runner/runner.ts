import { createHash } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { isDeepStrictEqual } from 'node:util';
import { onOneSnapshot, withTransaction } from '../../shared/adapters/embedded/database.ts';
import type { Instant } from '../../shared/domain/calendar/instant.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { Ids } from '../../shared/ports/ids.ts';
import type { Json, JsonObject } from '../../shared/ports/record-store.ts';
import type { ExecutionRef, WorkflowName, WorkflowSignals } from '../../shared/ports/workflow-signals.ts';
import type { Definition } from './definition.ts';
import type { HistoryEvent } from './history.ts';
import { createInterpreter, type Invoke } from './interpreter.ts';
import { loadDefinition } from './load-definition.ts';
import { payloadLimit } from './scene.ts';
import { timeoutError } from './state-failure.ts';
import { addSeconds, failureDetails, openStep } from './step.ts';
import { type ExecutionRow, hashToken, openStore, type StoredStatus } from './store.ts';

/** A state machine in Amazon States Language, as it stands in `workflows/*.asl.json`. */
export type AslDocument = JsonObject;

export type WorkflowRunnerOptions = {
  readonly db: DatabaseSync;
  readonly definitions: Readonly<Partial<Record<WorkflowName, AslDocument>>>;
  readonly invoke: Invoke;
  readonly clock: Clock;
  readonly ids: Ids;
  /** Executions that are advanced at the same time; each of them is serial. Default 4. */
  readonly concurrency?: number;
};

export type ExecutionSummary = ExecutionRef & {
  readonly status: StoredStatus;
  readonly startedAt: Instant;
  readonly stoppedAt?: Instant;
};

export type ExecutionDescription = ExecutionSummary & {
  readonly input: Json;
  /** SHA-256 of the definition that the execution began with, and keeps. */
  readonly definitionHash: string;
  readonly output?: Json;
  readonly error?: string;
  readonly cause?: string;
  /** Where the execution stands: one entry per branch that is under way. */
  readonly states: readonly {
    readonly name: string;
    readonly enteredAt: Instant;
    readonly dueAt?: Instant;
  }[];
};

export type ExecutionFilter = {
  readonly status?: StoredStatus;
  readonly workflow?: WorkflowName;
  /** `next` of the page before. */
  readonly after?: string;
  /** 1 to 1,000. */
  readonly limit: number;
};

export type ExecutionPage = { readonly executions: readonly ExecutionSummary[]; readonly next?: string };

export type WorkflowRunner = {
  readonly signals: WorkflowSignals;
  /**
   * Advances everything that can go on at the clock's present instant, with all that follows from it.
   * Callers may overlap; a function that the runner calls must not wait for it.
   * @returns the number of transitions that this call made
   * @throws on a defect; what was committed stays, and the next call goes on
   */
  runReady(): Promise<number>;
  /** The earliest instant at which a Wait, a timeout or a retry falls due; it may be in the past. */
  nextDueAt(): Instant | undefined;
  /** Executions in the order of their start. */
  list(filter: ExecutionFilter): ExecutionPage;
  describe(execution: ExecutionRef): ExecutionDescription | undefined;
  /** Events in order; empty when there is no such execution. */
  history(execution: ExecutionRef): readonly HistoryEvent[];
  /** Forgets every execution, its history and its tokens, as if the service had lost them. */
  deleteAll(): void;
  /** Begins no more transitions, and waits for those under way: a clean shutdown. */
  close(): Promise<void>;
};

const executionName = /^[A-Za-z0-9_-]{1,80}$/;
const tokenShape = /^[0-9a-f]{64}$/;

const summaryOf = (row: ExecutionRow): ExecutionSummary => ({
  workflow: row.workflow,
  name: row.name,
  status: row.status,
  startedAt: row.startedAt,
  ...(row.stoppedAt === undefined ? {} : { stoppedAt: row.stoppedAt }),
});

/**
 * Runs the workflows of this house on one machine: a persisted interpreter of Amazon States Language with JSONata.
 * Every transition is one transaction of `db`, so it may be killed at any point and goes on after a restart; functions
 * are called at least once. Time passes only by `clock`.
 * @throws DefinitionRefused when a definition asks for something that is not supported
 */
export const createWorkflowRunner = (options: WorkflowRunnerOptions): WorkflowRunner => {
  const { db, clock, ids, invoke, concurrency = 4 } = options;
  const store = openStore(db);
  const transact = <T>(change: () => T): T => withTransaction(db, change);

  const compiled = new Map<string, Definition>();
  const current = new Map<WorkflowName, { readonly hash: string; readonly document: string }>();
  for (const [workflow, asl] of Object.entries(options.definitions)) {
    const document = JSON.stringify(asl);
    const hash = createHash('sha256').update(document).digest('hex');
    compiled.set(hash, loadDefinition(asl));
    current.set(workflow as WorkflowName, { hash, document });
  }
  const definitionOf = (hash: string): Definition => {
    const known = compiled.get(hash);
    if (known !== undefined) return known;
    const document = store.definition(hash);
    if (document === undefined) throw new Error(`definition ${hash} is not stored`);
    const definition = loadDefinition(document);
    compiled.set(hash, definition);
    return definition;
  };

  const interpreter = createInterpreter({ store, invoke, clock, ids, transact, definitionOf });

  const record = (row: ExecutionRow, type: HistoryEvent['type'], details: JsonObject): void => {
    store.appendEvent(row.id, { previousEventId: row.lastEvent, timestamp: clock.now(), type, details });
  };

  const signals: WorkflowSignals = {
    start: async (ref, input) => {
      if (!executionName.test(ref.name)) throw new Error(`${ref.name} is no name for an execution`);
      const workflow = current.get(ref.workflow);
      if (workflow === undefined) throw new Error(`there is no workflow ${ref.workflow}`);
      if (Buffer.byteLength(JSON.stringify(input)) > payloadLimit) throw new Error('the input is too large');
      return transact(() => {
        const present = store.executionNamed(ref);
        if (present !== undefined)
          return present.status === 'running' && isDeepStrictEqual(present.input, input)
            ? 'already-running'
            : 'already-ended';
        const now = clock.now();
        const definition = definitionOf(workflow.hash);
        const { startAt, timeoutSeconds } = definition;
        store.saveDefinition(workflow.hash, workflow.document);
        const executionId = store.insertExecution({
          ref,
          definitionHash: workflow.hash,
          input,
          startedAt: now,
          deadline: timeoutSeconds === undefined ? undefined : addSeconds(now, timeoutSeconds),
        });
        const started = store.execution(executionId);
        const branchId = store.insertBranch({
          executionId,
          parentId: undefined,
          itemIndex: undefined,
          itemValue: undefined,
          state: startAt,
          phase: 'entered',
          input,
          variables: {},
          enteredAt: now,
          enteredEvent: 0,
          lastEvent: 0,
          retryCounts: [],
          dueAt: undefined,
          tokenHash: undefined,
          result: undefined,
          concurrency: undefined,
        });
        const branch = store.branch(branchId);
        if (started === undefined || branch === undefined) throw new Error('an inserted row is missing');
        record(started, 'ExecutionStarted', { input });
        openStep(store, definition, branch, now).enter(startAt, input, {});
        return 'started';
      });
    },

    stop: async (ref, reason) =>
      transact(() => {
        const present = store.executionNamed(ref);
        if (present?.status !== 'running') return 'not-running';
        record(present, 'ExecutionAborted', failureDetails(reason, ''));
        store.endExecution(present.id, { status: 'aborted', at: clock.now(), error: reason });
        return 'stopped';
      }),

    succeed: async (token, output) => {
      if (!tokenShape.test(token)) return 'nobody-waits';
      if (Buffer.byteLength(JSON.stringify(output)) > payloadLimit)
        throw new Error('the output is too large');
      return transact(() => {
        const now = clock.now();
        const branch = store.branchWithToken(hashToken(token));
        // A task whose time is over has timed out, whether or not the runner has come to it yet.
        if (branch === undefined || (branch.dueAt !== undefined && branch.dueAt <= now))
          return 'nobody-waits';
        const execution = store.execution(branch.executionId);
        if (execution === undefined) throw new Error(`branch ${branch.id} has lost its execution`);
        const step = openStep(store, definitionOf(execution.definitionHash), branch, now);
        step.record('TaskSucceeded', {
          resourceType: 'lambda',
          resource: 'invoke.waitForTaskToken',
          output,
        });
        step.park('completed', { result: output, retryCounts: branch.retryCounts });
        return 'delivered';
      });
    },

    status: async (ref) => store.executionNamed(ref)?.status ?? 'absent',
  };

  const expire = (overdue: ExecutionRow): void => {
    transact(() => {
      record(overdue, 'ExecutionTimedOut', failureDetails(timeoutError, ''));
      store.endExecution(overdue.id, { status: 'timed-out', at: clock.now(), error: timeoutError });
    });
  };

  const busy = new Map<number, Promise<void>>();
  let closed = false;

  /** What is to be done next, if anything; all of it was so at one moment. */
  const look = (broken: readonly number[]) =>
    onOneSnapshot(db, () => {
      const now = clock.now();
      const overdue = store.overdueExecution(now);
      const next = overdue === undefined ? store.runnableBranch(now, [...busy.keys(), ...broken]) : undefined;
      return {
        overdue,
        next: next && { ...next, execution: store.execution(next.branch.executionId) },
      };
    });

  const runReady = async (): Promise<number> => {
    let transitions = 0;
    // A defect of one execution must not hold up the others: they go on, and then it is told.
    const broken = new Map<number, unknown>();
    for (;;) {
      for (let more = true; more && !closed && busy.size < concurrency; ) {
        const { overdue, next } = look([...broken.keys()]);
        if (overdue !== undefined) {
          expire(overdue);
          transitions += 1;
          continue;
        }
        if (next === undefined) break;
        const { branch, execution } = next;
        more = next.more;
        const work = interpreter
          .advance(branch, execution)
          .then((advanced) => {
            if (advanced) transitions += 1;
          })
          .catch((defect: unknown) => {
            broken.set(branch.executionId, defect);
          })
          .finally(() => busy.delete(branch.executionId));
        busy.set(branch.executionId, work);
      }
      if (busy.size === 0) break;
      await Promise.race(busy.values());
    }
    for (const defect of broken.values()) throw defect;
    return transitions;
  };

  return {
    signals,
    runReady,
    nextDueAt: store.earliestDue,
    list: ({ status, workflow, after, limit }) => {
      const rows = store.listExecutions({
        status,
        workflow,
        after: after === undefined ? 0 : Number(after),
        limit: limit + 1,
      });
      const page = rows.slice(0, limit);
      const last = rows.length > limit ? page.at(-1) : undefined;
      return { executions: page.map(summaryOf), ...(last === undefined ? {} : { next: String(last.id) }) };
    },
    describe: (ref) => {
      const row = store.executionNamed(ref);
      if (row === undefined) return undefined;
      return {
        ...summaryOf(row),
        input: row.input,
        definitionHash: row.definitionHash,
        ...(row.output === undefined ? {} : { output: row.output }),
        ...(row.error === undefined ? {} : { error: row.error }),
        ...(row.cause === undefined ? {} : { cause: row.cause }),
        states: store
          .branchesOf(row.id)
          .filter((branch) => branch.phase !== 'queued' && branch.phase !== 'finished')
          .map((branch) => ({
            name: branch.state,
            enteredAt: branch.enteredAt,
            ...(branch.dueAt === undefined ? {} : { dueAt: branch.dueAt }),
          })),
      };
    },
    history: (ref) => {
      const row = store.executionNamed(ref);
      return row === undefined ? [] : store.events(row.id);
    },
    deleteAll: () => {
      transact(store.deleteAll);
    },
    close: async () => {
      closed = true;
      await Promise.all(busy.values());
    },
  };
};
