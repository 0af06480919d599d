import { createHash } from 'node:crypto';
import type { DatabaseSync, SQLInputValue, SQLOutputValue } from 'node:sqlite';
import type { Instant } from '../../shared/domain/calendar/instant.ts';
import type { Json, JsonObject } from '../../shared/ports/record-store.ts';
import type { ExecutionRef, ExecutionStatus, WorkflowName } from '../../shared/ports/workflow-signals.ts';
import type { HistoryEvent, HistoryEventType } from './history.ts';

/**
 * Where a branch stands. `entered`, `invoking`, `completed` and `failed` can go on at once; the others wait.
 * `queued` iterations wait for a place in their Map, `mapping` waits for its iterations, `finished` for its siblings.
 */
export type Phase =
  | 'entered'
  | 'invoking'
  | 'completed'
  | 'failed'
  | 'awaiting'
  | 'sleeping'
  | 'backing-off'
  | 'mapping'
  | 'queued'
  | 'finished';

export type StoredStatus = Exclude<ExecutionStatus, 'absent'>;

export type ExecutionRow = {
  readonly id: number;
  readonly workflow: WorkflowName;
  readonly name: string;
  readonly definitionHash: string;
  readonly status: StoredStatus;
  readonly input: Json;
  readonly output: Json | undefined;
  readonly error: string | undefined;
  readonly cause: string | undefined;
  readonly startedAt: Instant;
  readonly stoppedAt: Instant | undefined;
  readonly lastEvent: number;
};

/** One line of control: the execution itself, or one iteration of a Map in it. */
export type BranchRow = {
  readonly id: number;
  readonly executionId: number;
  readonly parentId: number | undefined;
  readonly itemIndex: number | undefined;
  readonly itemValue: Json | undefined;
  readonly state: string;
  readonly phase: Phase;
  readonly input: Json;
  readonly variables: JsonObject;
  readonly enteredAt: Instant;
  readonly enteredEvent: number;
  readonly lastEvent: number;
  /** Failures so far, one number per retrier of the state. */
  readonly retryCounts: readonly number[];
  readonly dueAt: Instant | undefined;
  readonly tokenHash: string | undefined;
  /** The task's or Map's result, or the error output of a failed Map. */
  readonly result: Json | undefined;
  /** Most iterations at once, of a branch that is `mapping`. */
  readonly concurrency: number | undefined;
  /** Grows with every change; a step that was computed from an older one is dropped. */
  readonly rev: number;
};

export type NewBranch = Omit<BranchRow, 'id' | 'rev'>;

const schema = `
  CREATE TABLE IF NOT EXISTS workflow_definition (
    hash TEXT PRIMARY KEY, document TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS workflow_execution (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    workflow TEXT NOT NULL, name TEXT NOT NULL, definition_hash TEXT NOT NULL, status TEXT NOT NULL,
    input TEXT NOT NULL, output TEXT, error TEXT, cause TEXT,
    started_at TEXT NOT NULL, stopped_at TEXT, deadline TEXT,
    UNIQUE (workflow, name)
  ) STRICT;
  CREATE INDEX IF NOT EXISTS workflow_execution_status ON workflow_execution (status, id);
  CREATE INDEX IF NOT EXISTS workflow_execution_workflow ON workflow_execution (workflow, status, id);
  CREATE INDEX IF NOT EXISTS workflow_execution_deadline ON workflow_execution (deadline) WHERE deadline IS NOT NULL;
  CREATE TABLE IF NOT EXISTS workflow_branch (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    execution_id INTEGER NOT NULL, parent_id INTEGER, item_index INTEGER, item_value TEXT,
    state TEXT NOT NULL, phase TEXT NOT NULL, input TEXT NOT NULL, variables TEXT NOT NULL,
    entered_at TEXT NOT NULL, entered_event INTEGER NOT NULL, last_event INTEGER NOT NULL,
    retry_counts TEXT NOT NULL, due_at TEXT, token_hash TEXT, result TEXT, concurrency INTEGER, rev INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX IF NOT EXISTS workflow_branch_execution ON workflow_branch (execution_id);
  CREATE INDEX IF NOT EXISTS workflow_branch_parent ON workflow_branch (parent_id, phase, item_index)
    WHERE parent_id IS NOT NULL;
  CREATE INDEX IF NOT EXISTS workflow_branch_due ON workflow_branch (due_at, id) WHERE due_at IS NOT NULL;
  CREATE INDEX IF NOT EXISTS workflow_branch_ready ON workflow_branch (id)
    WHERE phase IN ('entered', 'invoking', 'completed', 'failed');
  CREATE UNIQUE INDEX IF NOT EXISTS workflow_branch_token ON workflow_branch (token_hash) WHERE token_hash IS NOT NULL;
  CREATE TABLE IF NOT EXISTS workflow_event (
    execution_id INTEGER NOT NULL, id INTEGER NOT NULL, previous INTEGER NOT NULL,
    at TEXT NOT NULL, type TEXT NOT NULL, details TEXT NOT NULL,
    PRIMARY KEY (execution_id, id)
  ) STRICT, WITHOUT ROWID;
`;

/** With the number of the last event, which only the events themselves tell. */
const executionColumns = `*, (SELECT coalesce(max(id), 0) FROM workflow_event WHERE execution_id = workflow_execution.id) AS last_event`;

type Row = Record<string, SQLOutputValue>;

const text = (row: Row, column: string): string => {
  const value = row[column];
  if (typeof value !== 'string') throw new TypeError(`${column} is not text`);
  return value;
};
const maybeText = (row: Row, column: string): string | undefined =>
  row[column] === null ? undefined : text(row, column);
const integer = (row: Row, column: string): number => {
  const value = row[column];
  if (typeof value !== 'number') throw new TypeError(`${column} is not a number`);
  return value;
};
const maybeInteger = (row: Row, column: string): number | undefined =>
  row[column] === null ? undefined : integer(row, column);
const parse = <T extends Json>(json: string): T => JSON.parse(json) as T;
const maybeJson = (row: Row, column: string): Json | undefined => {
  const json = maybeText(row, column);
  return json === undefined ? undefined : parse(json);
};
const maybeString = (value: Json | undefined): string | null =>
  value === undefined ? null : JSON.stringify(value);

const executionOf = (row: Row): ExecutionRow => ({
  id: integer(row, 'id'),
  workflow: text(row, 'workflow') as WorkflowName,
  name: text(row, 'name'),
  definitionHash: text(row, 'definition_hash'),
  status: text(row, 'status') as StoredStatus,
  input: parse(text(row, 'input')),
  output: maybeJson(row, 'output'),
  error: maybeText(row, 'error'),
  cause: maybeText(row, 'cause'),
  startedAt: text(row, 'started_at') as Instant,
  stoppedAt: maybeText(row, 'stopped_at') as Instant | undefined,
  lastEvent: integer(row, 'last_event'),
});

const branchOf = (row: Row): BranchRow => ({
  id: integer(row, 'id'),
  executionId: integer(row, 'execution_id'),
  parentId: maybeInteger(row, 'parent_id'),
  itemIndex: maybeInteger(row, 'item_index'),
  itemValue: maybeJson(row, 'item_value'),
  state: text(row, 'state'),
  phase: text(row, 'phase') as Phase,
  input: parse(text(row, 'input')),
  variables: parse<JsonObject>(text(row, 'variables')),
  enteredAt: text(row, 'entered_at') as Instant,
  enteredEvent: integer(row, 'entered_event'),
  lastEvent: integer(row, 'last_event'),
  retryCounts: parse<number[]>(text(row, 'retry_counts')),
  dueAt: maybeText(row, 'due_at') as Instant | undefined,
  tokenHash: maybeText(row, 'token_hash'),
  result: maybeJson(row, 'result'),
  concurrency: maybeInteger(row, 'concurrency'),
  rev: integer(row, 'rev'),
});

export const hashToken = (token: string): string => createHash('sha256').update(token).digest('hex');

/**
 * The runner's tables, in the same database as the ledger. Every lookup is by an index: nothing reads all executions.
 * The caller holds the transaction.
 */
export const openStore = (db: DatabaseSync) => {
  db.exec(schema);
  const one =
    <T>(sql: string, read: (row: Row) => T) =>
    (...values: SQLInputValue[]): T | undefined => {
      const row = statement(sql).get(...values);
      return row === undefined ? undefined : read(row);
    };
  const many =
    <T>(sql: string, read: (row: Row) => T) =>
    (...values: SQLInputValue[]): T[] =>
      statement(sql)
        .all(...values)
        .map(read);
  const prepared = new Map<string, ReturnType<DatabaseSync['prepare']>>();
  const statement = (sql: string) => {
    const known = prepared.get(sql) ?? db.prepare(sql);
    prepared.set(sql, known);
    return known;
  };
  const run = (sql: string, ...values: SQLInputValue[]) => statement(sql).run(...values);

  const dueBranches = many(
    `SELECT * FROM workflow_branch WHERE due_at IS NOT NULL AND due_at <= ?
       AND execution_id NOT IN (SELECT value FROM json_each(?)) ORDER BY due_at, id LIMIT 2`,
    branchOf,
  );
  const readyBranches = many(
    `SELECT * FROM workflow_branch WHERE phase IN ('entered', 'invoking', 'completed', 'failed')
       AND execution_id NOT IN (SELECT value FROM json_each(?)) ORDER BY id LIMIT 2`,
    branchOf,
  );
  const earliestBranch = one(
    'SELECT due_at AS at FROM workflow_branch WHERE due_at IS NOT NULL ORDER BY due_at, id LIMIT 1',
    (row) => text(row, 'at') as Instant,
  );
  const earliestDeadline = one(
    'SELECT deadline AS at FROM workflow_execution WHERE deadline IS NOT NULL ORDER BY deadline LIMIT 1',
    (row) => text(row, 'at') as Instant,
  );

  // The next number is the end of the execution's own stretch of the table: no row of the execution is written for it.
  const insertEvent = one(
    `INSERT INTO workflow_event (execution_id, id, previous, at, type, details)
     VALUES (?1, (SELECT coalesce(max(id), 0) + 1 FROM workflow_event WHERE execution_id = ?1), ?2, ?3, ?4, ?5)
     RETURNING id`,
    (row) => integer(row, 'id'),
  );

  return {
    saveDefinition: (hash: string, document: string) => {
      run('INSERT INTO workflow_definition VALUES (?, ?) ON CONFLICT DO NOTHING', hash, document);
    },
    definition: one('SELECT document FROM workflow_definition WHERE hash = ?', (row) =>
      parse<JsonObject>(text(row, 'document')),
    ),

    insertExecution: (execution: {
      readonly ref: ExecutionRef;
      readonly definitionHash: string;
      readonly input: Json;
      readonly startedAt: Instant;
      readonly deadline: Instant | undefined;
    }): number => {
      const { ref, definitionHash, input, startedAt, deadline } = execution;
      const { lastInsertRowid } = run(
        `INSERT INTO workflow_execution (workflow, name, definition_hash, status, input, started_at, deadline)
         VALUES (?, ?, ?, 'running', ?, ?, ?)`,
        ref.workflow,
        ref.name,
        definitionHash,
        JSON.stringify(input),
        startedAt,
        deadline ?? null,
      );
      return Number(lastInsertRowid);
    },
    execution: one(`SELECT ${executionColumns} FROM workflow_execution WHERE id = ?`, executionOf),
    executionNamed: ({ workflow, name }: ExecutionRef) =>
      one(`SELECT ${executionColumns} FROM workflow_execution WHERE workflow = ? AND name = ?`, executionOf)(
        workflow,
        name,
      ),
    endExecution: (
      id: number,
      end: {
        readonly status: StoredStatus;
        readonly at: Instant;
        readonly output?: Json;
        readonly error?: string;
        readonly cause?: string;
      },
    ) => {
      run(
        `UPDATE workflow_execution SET status = ?, stopped_at = ?, output = ?, error = ?, cause = ?, deadline = NULL
         WHERE id = ?`,
        end.status,
        end.at,
        maybeString(end.output),
        end.error ?? null,
        end.cause ?? null,
        id,
      );
      run('DELETE FROM workflow_branch WHERE execution_id = ?', id);
    },
    listExecutions: (filter: {
      readonly status: StoredStatus | undefined;
      readonly workflow: WorkflowName | undefined;
      readonly after: number;
      readonly limit: number;
    }): ExecutionRow[] => {
      const { status, workflow, after, limit } = filter;
      const wanted = [
        ...(workflow === undefined ? [] : [['workflow = ?', workflow] as const]),
        ...(status === undefined ? [] : [['status = ?', status] as const]),
      ];
      const where = ['id > ?', ...wanted.map(([condition]) => condition)].join(' AND ');
      return many(
        `SELECT ${executionColumns} FROM workflow_execution WHERE ${where} ORDER BY id LIMIT ?`,
        executionOf,
      )(after, ...wanted.map(([, value]) => value), limit);
    },
    overdueExecution: one(
      `SELECT ${executionColumns} FROM workflow_execution WHERE deadline IS NOT NULL AND deadline <= ? ORDER BY deadline LIMIT 1`,
      executionOf,
    ),
    deleteAll: () => {
      for (const table of ['workflow_branch', 'workflow_event', 'workflow_execution', 'workflow_definition'])
        run(`DELETE FROM ${table}`);
    },

    insertBranch: (branch: NewBranch): number => {
      const { lastInsertRowid } = run(
        `INSERT INTO workflow_branch (execution_id, parent_id, item_index, item_value, state, phase, input, variables,
           entered_at, entered_event, last_event, retry_counts, due_at, token_hash, result, concurrency, rev)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1)`,
        branch.executionId,
        branch.parentId ?? null,
        branch.itemIndex ?? null,
        maybeString(branch.itemValue),
        ...changing(branch),
      );
      return Number(lastInsertRowid);
    },
    updateBranch: (branch: BranchRow) => {
      run(
        `UPDATE workflow_branch SET state = ?, phase = ?, input = ?, variables = ?, entered_at = ?, entered_event = ?,
           last_event = ?, retry_counts = ?, due_at = ?, token_hash = ?, result = ?, concurrency = ?, rev = rev + 1
         WHERE id = ?`,
        ...changing(branch),
        branch.id,
      );
    },
    branch: one('SELECT * FROM workflow_branch WHERE id = ?', branchOf),
    branchRev: one('SELECT rev FROM workflow_branch WHERE id = ?', (row) => integer(row, 'rev')),
    branchWithToken: one('SELECT * FROM workflow_branch WHERE token_hash = ?', branchOf),
    branchesOf: many('SELECT * FROM workflow_branch WHERE execution_id = ? ORDER BY id', branchOf),
    iterationsOf: many('SELECT * FROM workflow_branch WHERE parent_id = ? ORDER BY item_index', branchOf),
    unfinishedIterations: (parentId: number): number =>
      one(`SELECT count(*) AS n FROM workflow_branch WHERE parent_id = ? AND phase <> 'finished'`, (row) =>
        integer(row, 'n'),
      )(parentId) ?? 0,
    firstQueued: one(
      `SELECT * FROM workflow_branch WHERE parent_id = ? AND phase = 'queued' ORDER BY item_index LIMIT 1`,
      branchOf,
    ),
    deleteBranch: (id: number) => {
      run('DELETE FROM workflow_branch WHERE id = ?', id);
    },
    /**
     * The next branch that can go on at `now` in an execution not in `busy`: what is due first, then what is ready.
     * `more` is false where no other branch can go on either.
     */
    runnableBranch: (
      now: Instant,
      busy: readonly number[],
    ): { readonly branch: BranchRow; readonly more: boolean } | undefined => {
      const excluded = JSON.stringify(busy);
      const due = dueBranches(now, excluded);
      const [branch, another] = due.length > 1 ? due : [...due, ...readyBranches(excluded)];
      return branch === undefined ? undefined : { branch, more: another !== undefined };
    },
    earliestDue: (): Instant | undefined => {
      const [branch, deadline] = [earliestBranch(), earliestDeadline()];
      if (branch === undefined || deadline === undefined) return branch ?? deadline;
      return branch < deadline ? branch : deadline;
    },

    /** @returns the number of the event, the next one of its execution */
    appendEvent: (executionId: number, event: Omit<HistoryEvent, 'id'>): number => {
      const { previousEventId, timestamp, type, details } = event;
      const id = insertEvent(executionId, previousEventId, timestamp, type, JSON.stringify(details));
      if (id === undefined) throw new Error('an inserted row is missing');
      return id;
    },
    events: many(
      'SELECT * FROM workflow_event WHERE execution_id = ? ORDER BY id',
      (row): HistoryEvent => ({
        id: integer(row, 'id'),
        previousEventId: integer(row, 'previous'),
        timestamp: text(row, 'at') as Instant,
        type: text(row, 'type') as HistoryEventType,
        details: parse<JsonObject>(text(row, 'details')),
      }),
    ),
  };
};

export type Store = ReturnType<typeof openStore>;

const changing = (branch: NewBranch): SQLInputValue[] => [
  branch.state,
  branch.phase,
  JSON.stringify(branch.input),
  JSON.stringify(branch.variables),
  branch.enteredAt,
  branch.enteredEvent,
  branch.lastEvent,
  JSON.stringify(branch.retryCounts),
  branch.dueAt ?? null,
  branch.tokenHash ?? null,
  maybeString(branch.result),
  branch.concurrency ?? null,
];
