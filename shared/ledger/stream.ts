import { type Assignee, inboxOf, type RecordedActor } from '../domain/access/actor.ts';
import type { OpenTask } from '../domain/access/open-task.ts';
import type { Instant } from '../domain/calendar/instant.ts';
import type { JsonObject, RecordKey, RecordStore, RecordWrite, StoredRecord } from '../ports/record-store.ts';
import { asJson, fromJson } from './as-json.ts';
import { type ChainedEvent, chained, chainStart } from './hash-chain.ts';

export type StreamEvent = { readonly type: string; readonly data: object };
export type Recorded<Event> = Event & { readonly at: Instant; readonly actor: RecordedActor };

/** How one kind of stream is folded, and which tasks its state holds open. */
export type StreamDefinition<State, Event extends StreamEvent> = {
  readonly evolve: (state: State | undefined, event: Recorded<Event>) => State;
  readonly tasksOf: (state: State) => readonly OpenTask[];
};

/** A stream as it stood when it was read. `version` counts its events. */
export type LoadedStream<State> = {
  readonly streamId: string;
  readonly version: number;
  readonly head: string;
  readonly state: State | undefined;
  readonly rev: number;
  readonly lastAt: Instant | undefined;
};

export const streamKey = (streamId: string): string => `STREAM#${streamId}`;
/** @returns the stream of a partition key that {@link streamKey} made. */
export const streamOfKey = (pk: string): string => pk.slice('STREAM#'.length);
export const stateKey = (streamId: string): RecordKey => ({ pk: streamKey(streamId), sk: 'STATE' });
export const taskKey = (streamId: string, taskId: string): RecordKey => ({
  pk: streamKey(streamId),
  sk: `TASK#${taskId}`,
});
/** @returns the stream that a task belongs to: everything before the first dot. */
export const streamOfTask = (taskId: string): string => taskId.slice(0, Math.max(0, taskId.indexOf('.')));

/** The type stands in the key, so that whoever is woken by the feed can tell without reading. */
const eventKey = (event: ChainedEvent): RecordKey => ({
  pk: streamKey(event.stream),
  sk: `EVENT#${String(event.seq).padStart(6, '0')}#${event.type}`,
});

/** What a task item says. The relay needs nothing else to resume whoever waits for it. */
export type TaskRecord = OpenTask & {
  readonly streamId: string;
  readonly status: 'open' | 'decided' | 'ended';
  /** Once decided: what the waiting workflow is told. */
  readonly result?: JsonObject;
  /** The decision interrupts the workflow instead of resuming it. */
  readonly interrupts?: boolean;
};

export const loadStream = async <State>(
  store: RecordStore,
  streamId: string,
): Promise<LoadedStream<State>> => {
  const record = await store.get(stateKey(streamId));
  if (record === undefined) {
    return { streamId, version: 0, head: chainStart, state: undefined, rev: 0, lastAt: undefined };
  }
  const { version, head, state, lastAt } = fromJson<{
    version: number;
    head: string;
    state: State;
    lastAt: Instant;
  }>(record.body);
  return { streamId, version, head, state, rev: record.rev, lastAt };
};

/** @returns every event of the stream in order. */
export const readEvents = async (store: RecordStore, streamId: string): Promise<ChainedEvent[]> => {
  const events: ChainedEvent[] = [];
  let after: string | undefined;
  do {
    const page = await store.query({
      pk: streamKey(streamId),
      prefix: 'EVENT#',
      limit: 500,
      ...(after === undefined ? {} : { after }),
    });
    events.push(...page.records.map((record) => fromJson<ChainedEvent>(record.body)));
    after = page.next;
  } while (after !== undefined);
  return events;
};

/**
 * The instant at which something is decided on a stream: never before its last event, whatever the clock says. What
 * counts before a deadline is then what stands on record before it, also where two clocks differ a little.
 */
export const momentFor = ({ lastAt }: Pick<LoadedStream<unknown>, 'lastAt'>, now: Instant): Instant =>
  lastAt !== undefined && lastAt > now ? lastAt : now;

/** What the caller says about the tasks that its events close. */
export type TaskOutcome<State> = (
  taskId: string,
  after: State,
) => { readonly result: JsonObject; readonly interrupts?: boolean };

export type Append<State, Event extends StreamEvent> = {
  readonly loaded: LoadedStream<State>;
  readonly events: readonly Event[];
  readonly at: Instant;
  readonly actor: RecordedActor;
  readonly outcome: TaskOutcome<State>;
};

/** Why a task stands in an inbox: to be decided there, or because it stayed undone elsewhere. */
export type InboxKind = 'to-decide' | 'escalated';

const inboxKey = (assignee: Assignee, { dueAt, taskId }: OpenTask): RecordKey => ({
  pk: `INBOX#${inboxOf(assignee)}`,
  sk: `${dueAt}#${taskId}`,
});

const inboxEntry = (streamId: string, task: OpenTask, kind: InboxKind): JsonObject => {
  const { taskId, step, openedAt, dueAt, notBefore } = task;
  // Whoever is only told of it stays with what they were told; only those who must decide are reminded.
  const reminded = kind === 'to-decide' && task.reminded;
  return asJson({ streamId, taskId, step, openedAt, dueAt, notBefore, kind, reminded });
};

/** How often the item of a task was written after its opening. */
const rewritten = ({ reminded, escalations }: OpenTask): number => (reminded ? 1 : 0) + escalations;

const openTaskWrite = (streamId: string, task: OpenTask, expect: RecordWrite['expect']): RecordWrite => ({
  kind: 'put',
  key: taskKey(streamId, task.taskId),
  body: asJson({ ...task, streamId, status: 'open' }),
  expect,
});

const openingWrites = (streamId: string, task: OpenTask): RecordWrite[] => [
  openTaskWrite(streamId, task, 'absent'),
  ...task.assignees.map(
    (assignee): RecordWrite => ({
      kind: 'put',
      key: inboxKey(assignee, task),
      body: inboxEntry(streamId, task, 'to-decide'),
      expect: 'absent',
    }),
  ),
];

/** A look at an undone task: those who must decide are reminded once, and everybody who is told gets an entry once. */
const lookWrites = (streamId: string, before: OpenTask, after: OpenTask): RecordWrite[] => {
  const told = new Set(before.escalatedTo.map(inboxOf));
  const reminded = after.reminded && !before.reminded ? after.assignees : [];
  return [
    openTaskWrite(streamId, after, { rev: rewritten(before) + 1 }),
    ...reminded.map(
      (assignee): RecordWrite => ({
        kind: 'put',
        key: inboxKey(assignee, after),
        body: inboxEntry(streamId, after, 'to-decide'),
        expect: { rev: 1 },
      }),
    ),
    ...after.escalatedTo
      .filter((assignee) => !told.has(inboxOf(assignee)))
      .map(
        (assignee): RecordWrite => ({
          kind: 'put',
          key: inboxKey(assignee, after),
          body: inboxEntry(streamId, after, 'escalated'),
          expect: 'absent',
        }),
      ),
  ];
};

const endingWrites = (streamId: string, task: OpenTask, closing: object): RecordWrite[] => [
  {
    kind: 'put',
    key: taskKey(streamId, task.taskId),
    body: asJson({ ...task, streamId, ...closing }),
    expect: { rev: rewritten(task) + 1 },
  },
  ...task.assignees.map(
    (assignee): RecordWrite => ({
      kind: 'delete',
      key: inboxKey(assignee, task),
      expect: { rev: task.reminded ? 2 : 1 },
    }),
  ),
  ...task.escalatedTo.map(
    (assignee): RecordWrite => ({ kind: 'delete', key: inboxKey(assignee, task), expect: { rev: 1 } }),
  ),
];

/**
 * Task and inbox items that follow from the tasks before and after. A task item is written once when it opens, once
 * per look that left it undone and once when it ends, so its revision is known without reading it.
 */
const taskWrites = <State>(
  streamId: string,
  before: readonly OpenTask[],
  after: readonly OpenTask[],
  answered: ReadonlySet<string>,
  outcome: (taskId: string) => ReturnType<TaskOutcome<State>>,
): RecordWrite[] => {
  const earlier = new Map(before.map((task) => [task.taskId, task]));
  const later = new Set(after.map((task) => task.taskId));
  const opened = after
    .filter((task) => !earlier.has(task.taskId))
    .flatMap((task) => openingWrites(streamId, task));
  const lookedAt = after.flatMap((task) => {
    const known = earlier.get(task.taskId);
    return known === undefined || rewritten(known) === rewritten(task)
      ? []
      : lookWrites(streamId, known, task);
  });
  const ended = before
    .filter((task) => !later.has(task.taskId))
    .flatMap((task) => {
      const closing = answered.has(task.taskId)
        ? { status: 'decided', ...outcome(task.taskId) }
        : { status: 'ended' };
      return endingWrites(streamId, task, closing);
    });
  return [...opened, ...lookedAt, ...ended];
};

/**
 * The writes of one append: the events, the new state, the task and inbox items. To be committed in one transaction;
 * the state's revision makes two appends on one stream exclude each other.
 * @returns the writes, and the state as it will be.
 */
export const planAppend = <State, Event extends StreamEvent>(
  definition: StreamDefinition<State, Event>,
  { loaded, events, at, actor, outcome }: Append<State, Event>,
): { readonly writes: readonly RecordWrite[]; readonly state: State } => {
  const { streamId } = loaded;
  let { state, head, version } = loaded;
  const committedAt = momentFor(loaded, at);
  const writes: RecordWrite[] = [];
  for (const event of events) {
    version += 1;
    const link = chained({
      stream: streamId,
      seq: version,
      type: event.type,
      data: asJson(event.data),
      at: committedAt,
      actor,
      prev: head,
    });
    head = link.hash;
    state = definition.evolve(state, { ...event, at: committedAt, actor });
    writes.push({ kind: 'put', key: eventKey(link), body: asJson(link), expect: 'absent' });
  }
  if (state === undefined) throw new Error('an append needs at least one event');
  const settled = state;
  const answered = new Set(
    events.flatMap((event) =>
      'taskId' in event.data && 'opens' in event.data ? [String(event.data.taskId)] : [],
    ),
  );
  const before = loaded.state === undefined ? [] : definition.tasksOf(loaded.state);
  writes.push(
    {
      kind: 'put',
      key: stateKey(streamId),
      body: asJson({ version, head, state: settled, lastAt: committedAt }),
      expect: loaded.rev === 0 ? 'absent' : { rev: loaded.rev },
    },
    ...taskWrites<State>(streamId, before, definition.tasksOf(settled), answered, (taskId) =>
      outcome(taskId, settled),
    ),
  );
  return { writes, state: settled };
};

/** @returns the task as its item says. */
export const taskOfRecord = (record: StoredRecord): TaskRecord => fromJson<TaskRecord>(record.body);
