import type { PersonActor } from '../../domain/access/actor.ts';
import type { Instant } from '../../domain/calendar/instant.ts';
import type { Dependencies } from '../dependencies.ts';
import { mapConcurrently } from '../map-concurrently.ts';
import { type Outcome, refused } from '../outcome.ts';
import { openStreamKey } from '../release/case-stream.ts';
import { executionRef } from '../workflow/executions.ts';
import { type ExecutionEntry, entryOf, errorOf } from './execution-entry.ts';
import { operatingRefusal } from './may-operate.ts';
import { type StreamSight, sightOf } from './stream-sight.ts';
import type { SeenStatus } from './stuck.ts';

export type AttemptView = {
  readonly execution: string;
  readonly round: number;
  readonly attempt: number;
  /** `missing`: the machine does not know it, or no longer. */
  readonly status: SeenStatus;
  readonly startedAt?: Instant;
  readonly stoppedAt?: Instant;
  /** Name of the error, or the reason code with which it was stopped. */
  readonly error?: string;
  readonly state?: string;
};

/** The stream's entry, and its attempts from the newest to the oldest. */
export type ExecutionView = ExecutionEntry & {
  /** Whether the stream still needs a workflow. */
  readonly open: boolean;
  readonly attempts: readonly AttemptView[];
};

/** Older attempts of a stream that was restarted again and again tell nothing new. */
const attemptsAtMost = 20;
const describedAtATime = 5;

const attemptsOf = ({ pointer }: StreamSight): readonly (readonly [round: number, attempt: number])[] =>
  Object.entries(pointer?.attempts ?? {})
    .flatMap(([round, last]) =>
      Array.from({ length: last }, (_, index) => [Number(round), index + 1] as const),
    )
    .toSorted(([roundA, a], [roundB, b]) => roundB - roundA || b - a)
    .slice(0, attemptsAtMost);

/** One stream with everything that was tried for it; also one that needs no workflow any more. */
export const getExecution = async (
  deps: Pick<Dependencies, 'store' | 'clock' | 'house' | 'executions'>,
  actor: PersonActor,
  streamId: string,
): Promise<Outcome<ExecutionView>> => {
  const { store, clock, house, executions } = deps;
  const refusal = operatingRefusal(deps, actor);
  if (refusal !== undefined) return refusal;
  const now = clock.now();
  const sight = await sightOf(store, streamId, now);
  if (sight === undefined) return refused('not-found');
  const open = (await store.get(openStreamKey(house.district, streamId))) !== undefined;
  const described = await mapConcurrently(attemptsOf(sight), describedAtATime, async ([round, attempt]) => {
    const ref = executionRef(streamId, round, attempt);
    return { round, attempt, execution: ref.name, found: await executions.describe(ref) };
  });
  const attempts = described.map(({ found, ...named }): AttemptView => {
    const { status = 'missing', startedAt, stoppedAt, error, failedState } = found ?? {};
    return {
      ...named,
      status,
      ...(startedAt === undefined ? {} : { startedAt }),
      ...(stoppedAt === undefined ? {} : { stoppedAt }),
      ...(error === undefined ? {} : { error }),
      ...(failedState === undefined ? {} : { state: failedState }),
    };
  });
  const current = attempts.find(({ execution }) => execution === sight.execution?.name);
  const lastError = described
    .map(({ execution, found }) =>
      errorOf(execution, found, { aborted: execution === sight.execution?.name }),
    )
    .find((error) => error !== undefined);
  return {
    value: {
      ...entryOf(sight, current?.status ?? 'missing', { now, open }),
      ...(lastError === undefined ? {} : { lastError }),
      open,
      attempts,
    },
  };
};
