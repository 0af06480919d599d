import { assigneeHeldBy, type PersonActor } from '../../domain/access/actor.ts';
import type { Instant } from '../../domain/calendar/instant.ts';
import type { StepName } from '../../domain/calendar/policy.ts';
import { streamOfTask, taskKey, taskOfRecord } from '../../ledger/stream.ts';
import type { Dependencies } from '../dependencies.ts';
import { readCityReportAs } from '../monthly/read-city-report.ts';
import { type Outcome, refused } from '../outcome.ts';
import { asCaseNumber } from '../release/case-stream.ts';
import { readCaseAs } from '../release/read-case.ts';

export type TaskView = {
  readonly streamId: string;
  readonly taskId: string;
  readonly step: StepName;
  readonly status: 'open' | 'decided' | 'ended';
  readonly openedAt: Instant;
  readonly dueAt: Instant;
  readonly notBefore?: Instant;
  readonly escalations: number;
  readonly overdue: boolean;
  /** Whether the person who asks is one of those who may decide it. */
  readonly yours: boolean;
};

/** One step, open or done, for those who may see what it belongs to. */
export const getTask = async (
  { store, clock, house }: Pick<Dependencies, 'store' | 'clock' | 'house'>,
  actor: PersonActor,
  taskId: string,
): Promise<Outcome<TaskView>> => {
  const streamId = streamOfTask(taskId);
  const visible =
    asCaseNumber(streamId) === undefined
      ? await readCityReportAs({ store, house }, actor, streamId)
      : await readCaseAs(store, actor, streamId, 'case:read');
  if ('refusal' in visible) return visible;
  const record = await store.get(taskKey(streamId, taskId));
  if (record === undefined) return refused('not-found');
  const task = taskOfRecord(record);
  const { step, status, openedAt, dueAt, notBefore, escalations, assignees } = task;
  return {
    value: {
      streamId,
      taskId,
      step,
      status,
      openedAt,
      dueAt,
      ...(notBefore === undefined ? {} : { notBefore }),
      escalations,
      overdue: status === 'open' && clock.now() >= dueAt,
      yours: assigneeHeldBy(actor, assignees) !== undefined,
    },
  };
};
