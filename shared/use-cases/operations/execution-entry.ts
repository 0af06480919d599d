import type { Assignee } from '../../domain/access/actor.ts';
import type { OpenTask } from '../../domain/access/open-task.ts';
import { type Instant, millisOf } from '../../domain/calendar/instant.ts';
import type { ExecutionDescription } from '../../ports/workflow-executions.ts';
import { workflowOf } from '../workflow/executions.ts';
import type { StreamSight } from './stream-sight.ts';
import { type SeenStatus, type StuckCode, stuckBecause } from './stuck.ts';

/** Whoever keeps executions running has to know that a household is waited for, not which. */
type WaitedFor = Exclude<Assignee, { role: 'household' }> | { readonly role: 'household' };

/** How an execution ended badly: by name, never with what it was given. */
export type ExecutionError = {
  readonly execution: string;
  readonly error: string;
  /** The state that could not be carried out, where it is known. */
  readonly state?: string;
  readonly at?: Instant;
};

/** One stream that has a workflow, as an operator sees it. */
export type ExecutionEntry = Pick<
  StreamSight,
  'streamId' | 'stage' | 'round' | 'openedAt' | 'standsSince' | 'waitingUntil'
> & {
  readonly workflow: ReturnType<typeof workflowOf>;
  /** Name of the execution that should go on. */
  readonly execution?: string;
  /** Attempts of the round so far. */
  readonly attempt: number;
  readonly ageSeconds: number;
  readonly waitingFor: readonly {
    readonly step: OpenTask['step'];
    readonly offices: readonly WaitedFor[];
    readonly dueAt: Instant;
    readonly escalations: number;
  }[];
  readonly status: SeenStatus;
  readonly stuck: boolean;
  readonly stuckBecause?: StuckCode;
  readonly lastError?: ExecutionError;
};

const withoutHousehold = (assignee: Assignee): WaitedFor =>
  assignee.role === 'household' ? { role: 'household' } : assignee;

/** @returns how the execution ended, if badly. One that was stopped carries our reason code, and is told only on request. */
export const errorOf = (
  execution: string,
  described: ExecutionDescription | undefined,
  { aborted }: { readonly aborted: boolean },
): ExecutionError | undefined => {
  if (described === undefined) return undefined;
  const { status, error = 'Error', failedState, stoppedAt } = described;
  if (status !== 'failed' && status !== 'timed-out' && !(aborted && status === 'aborted')) return undefined;
  return {
    execution,
    error,
    ...(failedState === undefined ? {} : { state: failedState }),
    ...(stoppedAt === undefined ? {} : { at: stoppedAt }),
  };
};

/** @param open whether the stream still needs a workflow: one that does not is never stuck. */
export const entryOf = (
  sight: StreamSight,
  status: SeenStatus,
  { now, open }: { readonly now: Instant; readonly open: boolean },
): ExecutionEntry => {
  const { streamId, stage, round, openedAt, standsSince, waitingUntil, execution, pointer, tasks } = sight;
  const because = open ? stuckBecause(sight, status, now) : undefined;
  return {
    streamId,
    workflow: workflowOf(streamId),
    ...(execution === undefined ? {} : { execution: execution.name }),
    round,
    attempt: pointer?.attempts[String(round)] ?? 0,
    stage,
    openedAt,
    ageSeconds: Math.max(0, Math.floor((millisOf(now) - millisOf(openedAt)) / 1000)),
    standsSince,
    ...(waitingUntil === undefined ? {} : { waitingUntil }),
    waitingFor: tasks.map(({ step, assignees, dueAt, escalations }) => ({
      step,
      offices: assignees.map(withoutHousehold),
      dueAt,
      escalations,
    })),
    status,
    stuck: because !== undefined,
    ...(because === undefined ? {} : { stuckBecause: because }),
  };
};
