import { assigneeHeldBy, type PersonActor } from '../../domain/access/actor.ts';
import type { TownCode } from '../../domain/access/identifiers.ts';
import type { TaskName } from '../../domain/access/open-task.ts';
import type { Instant, YearMonth } from '../../domain/calendar/instant.ts';
import { streamOfTask, taskKey, taskOfRecord } from '../../ledger/stream.ts';
import type { Dependencies } from '../dependencies.ts';
import { readCityReportAs } from '../monthly/read-city-report.ts';
import { getFiling } from '../monthly/read-filing.ts';
import { type Outcome, refused } from '../outcome.ts';
import { asCaseNumber } from '../release/case-stream.ts';
import { readCaseAs } from '../release/read-case.ts';

export type TaskView = {
  readonly streamId: string;
  readonly taskId: string;
  readonly step: TaskName;
  readonly status: 'open' | 'decided' | 'ended';
  readonly openedAt: Instant;
  readonly dueAt: Instant;
  readonly notBefore?: Instant;
  /** Whether those who must decide were reminded. */
  readonly reminded: boolean;
  readonly escalations: number;
  readonly overdue: boolean;
  /** Whether the person who asks is one of those who may decide it. */
  readonly yours: boolean;
};

/** What a task belongs to, for somebody who may see it: a case, a town's filing, or a city report. */
const streamVisible = async (
  deps: Pick<Dependencies, 'store' | 'house'>,
  actor: PersonActor,
  streamId: string,
): Promise<Outcome<object>> => {
  if (asCaseNumber(streamId) !== undefined) return readCaseAs(deps.store, actor, streamId, 'case:read');
  const [, town, month] = /^F-(\d{9})-(\d{4}-\d{2})$/.exec(streamId) ?? [];
  return town === undefined || month === undefined
    ? readCityReportAs(deps, actor, streamId)
    : getFiling(deps, actor, { town: town as TownCode, month: month as YearMonth });
};

/** One step, open or done, for those who may see what it belongs to. */
export const getTask = async (
  { store, clock, house }: Pick<Dependencies, 'store' | 'clock' | 'house'>,
  actor: PersonActor,
  taskId: string,
): Promise<Outcome<TaskView>> => {
  const streamId = streamOfTask(taskId);
  const visible = await streamVisible({ store, house }, actor, streamId);
  if ('refusal' in visible) return visible;
  const record = await store.get(taskKey(streamId, taskId));
  if (record === undefined) return refused('not-found');
  const task = taskOfRecord(record);
  const { step, status, openedAt, dueAt, notBefore, reminded, escalations, assignees } = task;
  return {
    value: {
      streamId,
      taskId,
      step,
      status,
      openedAt,
      dueAt,
      ...(notBefore === undefined ? {} : { notBefore }),
      reminded,
      escalations,
      overdue: status === 'open' && clock.now() >= dueAt,
      yours: assigneeHeldBy(actor, assignees) !== undefined,
    },
  };
};
