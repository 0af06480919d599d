import type { CityReportStanding } from '../../../workflows/city-report/signals.ts';
import type { FilingStanding } from '../../../workflows/monthly-filing/signals.ts';
import type { OpenTask } from '../../domain/access/open-task.ts';
import type { Instant } from '../../domain/calendar/instant.ts';
import type { CityReport } from '../../domain/city-report/city-report.ts';
import type { Filing } from '../../domain/filing/filing.ts';
import type { ReleaseCase, StageName } from '../../domain/release/state.ts';
import { type LoadedStream, loadStream } from '../../ledger/stream.ts';
import type { RecordStore } from '../../ports/record-store.ts';
import type { ExecutionRef } from '../../ports/workflow-signals.ts';
import { cityReportStandingOf, filingStandingOf } from '../monthly/standing.ts';
import { standingOf } from '../release/case-stream.ts';
import { type ExecutionPointer, executionRef, readPointer, workflowOf } from '../workflow/executions.ts';

export type StandingStage = StageName | FilingStanding['stage'] | CityReportStanding['stage'];

/** What the ledger says of a stream, as far as it concerns whoever keeps its workflow running. */
export type StreamSight = {
  readonly streamId: string;
  readonly stage: StandingStage;
  /** 1 for the documents of a month. */
  readonly round: number;
  readonly openedAt: Instant;
  /** Since when it stands there: the first of its open tasks, or else the last event. */
  readonly standsSince: Instant;
  readonly lastEventAt: Instant;
  readonly tasks: readonly OpenTask[];
  /** When its workflow acts next if nobody decides before: it escalates, or the day comes that it waits for. */
  readonly waitingUntil?: Instant;
  readonly pointer?: ExecutionPointer;
  /** The execution that should go on for the round; absent before there was one. */
  readonly execution?: ExecutionRef;
};

type Standing = Pick<StreamSight, 'stage' | 'round' | 'openedAt' | 'tasks'> & {
  /** The day that its workflow waits for, if it is not for somebody's decision. */
  readonly day: Instant | undefined;
};

const standingOfState = (streamId: string, state: unknown, now: Instant): Standing => {
  switch (workflowOf(streamId)) {
    case 'release-case': {
      const { stage, round, openedAt, tasks } = state as ReleaseCase;
      const { waitUntil } = standingOf(state as ReleaseCase, round);
      // Somebody who must decide first holds the day up: an objection, its notice.
      const day = tasks.length === 0 ? waitUntil : null;
      return { stage: stage.name, round, openedAt, tasks, day: (day as Instant | null) ?? undefined };
    }
    case 'monthly-filing': {
      const { openedAt, tasks } = state as Filing;
      const { stage, waitUntil } = filingStandingOf(state as Filing, now);
      return { stage, round: 1, openedAt, tasks, day: (waitUntil as Instant | null) ?? undefined };
    }
    case 'city-report': {
      const { preparedAt, tasks } = state as CityReport;
      const { stage } = cityReportStandingOf(state as CityReport);
      return { stage, round: 1, openedAt: preparedAt, tasks, day: undefined };
    }
  }
};

const earliest = (instants: readonly Instant[]): Instant | undefined => instants.toSorted().at(0);

/** @returns `undefined` for a stream that never was. */
export const sightOf = async (
  store: RecordStore,
  streamId: string,
  now: Instant,
): Promise<StreamSight | undefined> => {
  const [{ state, lastAt }, pointer]: [LoadedStream<unknown>, ExecutionPointer | undefined] =
    await Promise.all([loadStream<unknown>(store, streamId), readPointer(store, streamId)]);
  if (state === undefined || lastAt === undefined) return undefined;
  const { day, ...standing } = standingOfState(streamId, state, now);
  const { tasks, round } = standing;
  const waitingUntil = day ?? earliest(tasks.map(({ wakeAt }) => wakeAt));
  return {
    streamId,
    ...standing,
    standsSince: earliest(tasks.map(({ openedAt }) => openedAt)) ?? lastAt,
    lastEventAt: lastAt,
    ...(waitingUntil === undefined ? {} : { waitingUntil }),
    ...(pointer === undefined ? {} : { pointer }),
    ...(pointer?.round === round ? { execution: executionRef(streamId, round, pointer.attempt) } : {}),
  };
};
