import type { PersonActor } from '../../domain/access/actor.ts';
import type { RecordStore } from '../../ports/record-store.ts';
import type { ExecutionDescription } from '../../ports/workflow-executions.ts';
import type { ExecutionRef, WorkflowName } from '../../ports/workflow-signals.ts';
import type { Dependencies } from '../dependencies.ts';
import { mapConcurrently } from '../map-concurrently.ts';
import type { Outcome } from '../outcome.ts';
import { executionRef } from '../workflow/executions.ts';
import { type ExecutionEntry, type ExecutionError, entryOf, errorOf } from './execution-entry.ts';
import { operatingRefusal } from './may-operate.ts';
import { type StreamSight, sightOf } from './stream-sight.ts';
import type { SeenStatus } from './stuck.ts';

export type ExecutionPage = { readonly executions: readonly ExecutionEntry[]; readonly next?: string };

/** So many streams are put in order at once: more than a district has open. Were there more, the next ones follow after these. */
const streamsAtMost = 5_000;
const streamsPerQuery = 1_000;
const readsAtATime = 25;
/** Step Functions gives an account some hundred descriptions at once and ten a second after that. A page has no more entries than this. */
const describedAtMost = 100;
const describedAtATime = 5;

/** Where a page begins: after which stream the streams to be put in order begin, and after which place in that order. */
type Cursor = { readonly streamsAfter: string; readonly placeAfter: string };

const parseCursor = (text = ''): Cursor => {
  const [streamsAfter = '', placeAfter = ''] = text.split('|');
  return { streamsAfter, placeAfter };
};
const cursorText = ({ streamsAfter, placeAfter }: Cursor): string => `${streamsAfter}|${placeAfter}`;

const openStreams = async (store: RecordStore, district: string, { streamsAfter }: Cursor) => {
  const streamIds: string[] = [];
  let after = streamsAfter === '' ? undefined : streamsAfter;
  do {
    const page = await store.query({
      pk: `OPEN#${district}`,
      limit: streamsPerQuery,
      ...(after === undefined ? {} : { after }),
    });
    streamIds.push(...page.records.map(({ sk }) => sk));
    after = page.next;
  } while (after !== undefined && streamIds.length < streamsAtMost);
  return { streamIds, ...(after === undefined ? {} : { followedFrom: after }) };
};

const workflows: readonly WorkflowName[] = ['release-case', 'monthly-filing', 'city-report'];

/** Asks about executions once each, and only about so many. */
const describing = ({ executions }: Pick<Dependencies, 'executions'>) => {
  const known = new Map<string, ExecutionDescription | undefined>();
  return {
    known,
    async ask(refs: readonly ExecutionRef[]): Promise<void> {
      const asked = refs.filter(({ name }) => !known.has(name)).slice(0, describedAtMost);
      await mapConcurrently(asked, describedAtATime, async (ref) => {
        known.set(ref.name, await executions.describe(ref));
      });
    },
  };
};

/** Stuck ones first, then the oldest. The instant of opening does not change, so neither does a place among its like. */
const placeOf = ({ stuck, openedAt, streamId }: Pick<ExecutionEntry, 'stuck' | 'openedAt' | 'streamId'>) =>
  `${stuck ? 0 : 1}#${openedAt}#${streamId}`;

const byPlace = (a: { readonly place: string }, b: { readonly place: string }): number =>
  a.place < b.place ? -1 : 1;

/** The attempt before the one that runs: what it failed with is the last error. */
const attemptBefore = ({ streamId, round, execution, pointer }: StreamSight): ExecutionRef | undefined =>
  execution !== undefined && pointer !== undefined && pointer.attempt > 1
    ? executionRef(streamId, round, pointer.attempt - 1)
    : undefined;

/** Executions that should run and do not, those that a page after `placeAfter` may show first. */
const suspectsInTurn = (
  sights: readonly StreamSight[],
  running: ReadonlySet<string>,
  placeAfter: string,
): readonly ExecutionRef[] => {
  const suspects = sights
    .flatMap((sight) =>
      sight.execution === undefined || running.has(sight.execution.name)
        ? []
        : [{ execution: sight.execution, place: placeOf({ ...sight, stuck: true }) }],
    )
    .toSorted(byPlace);
  return [
    ...suspects.filter(({ place }) => place > placeAfter),
    ...suspects.filter(({ place }) => place <= placeAfter),
  ].map(({ execution }) => execution);
};

/** Names of everything that runs. Asked before the ledger is read: what starts in between is then described, not overlooked. */
const namesRunning = async ({
  executions,
}: Pick<Dependencies, 'executions'>): Promise<ReadonlySet<string>> => {
  const names = await Promise.all(workflows.map((workflow) => executions.namesRunning(workflow)));
  return new Set(names.flatMap((ofWorkflow) => [...ofWorkflow]));
};

/** The entries with how their execution ended, or the attempt before one that runs. */
const withLastErrors = async (
  shown: readonly { readonly sight: StreamSight; readonly entry: ExecutionEntry }[],
  { known, ask }: ReturnType<typeof describing>,
): Promise<readonly ExecutionEntry[]> => {
  const paired = shown.map(({ sight, entry }) => ({
    entry,
    before: entry.status === 'running' ? attemptBefore(sight) : undefined,
  }));
  await ask(paired.flatMap(({ before }) => before ?? []));
  const errorIn = (execution: string | undefined, aborted: boolean): ExecutionError | undefined =>
    execution === undefined ? undefined : errorOf(execution, known.get(execution), { aborted });
  return paired.map(({ entry, before }) => {
    const lastError = errorIn(entry.execution, true) ?? errorIn(before?.name, false);
    return lastError === undefined ? entry : { ...entry, lastError };
  });
};

/**
 * Every stream that should have a workflow, stuck ones first and then the oldest. Each page is a fresh look at all of
 * them: the ledger is read for every open stream, the machine is asked once which executions run, and described are only
 * those that do not. A stream that gets stuck while somebody turns pages is on the first page of their next look.
 */
export const listExecutions = async (
  deps: Pick<Dependencies, 'store' | 'clock' | 'house' | 'executions'>,
  actor: PersonActor,
  { after, limit }: { readonly after?: string; readonly limit: number },
): Promise<Outcome<ExecutionPage>> => {
  const { store, clock, house } = deps;
  const refusal = operatingRefusal(deps, actor);
  if (refusal !== undefined) return refusal;
  const cursor = parseCursor(after);
  const { streamIds, followedFrom } = await openStreams(store, house.district, cursor);
  const running = await namesRunning(deps);
  const now = clock.now();
  const read = await mapConcurrently(streamIds, readsAtATime, (streamId) => sightOf(store, streamId, now));
  const sights = read.filter((sight) => sight !== undefined);
  const descriptions = describing(deps);
  await descriptions.ask(suspectsInTurn(sights, running, cursor.placeAfter));

  const statusOf = ({ execution }: StreamSight): SeenStatus => {
    if (execution === undefined) return 'missing';
    const { known } = descriptions;
    if (known.has(execution.name)) return known.get(execution.name)?.status ?? 'missing';
    return running.has(execution.name) ? 'running' : 'unknown';
  };
  const placed = sights
    .map((sight) => ({ sight, entry: entryOf(sight, statusOf(sight), { now, open: true }) }))
    .map((one) => ({ ...one, place: placeOf(one.entry) }))
    .filter(({ place }) => place > cursor.placeAfter)
    .toSorted(byPlace);
  const shown = placed.slice(0, limit);
  const entries = await withLastErrors(shown, descriptions);
  const last = shown.at(-1);
  if (placed.length > limit && last !== undefined)
    return { value: { executions: entries, next: cursorText({ ...cursor, placeAfter: last.place }) } };
  const next =
    followedFrom === undefined ? {} : { next: cursorText({ streamsAfter: followedFrom, placeAfter: '' }) };
  return { value: { executions: entries, ...next } };
};
