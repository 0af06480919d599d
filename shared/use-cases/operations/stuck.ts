import { type Instant, millisOf } from '../../domain/calendar/instant.ts';
import type { ExecutionDescription } from '../../ports/workflow-executions.ts';
import type { StreamSight } from './stream-sight.ts';

/**
 * `missing`: the machine knows no execution for the round that runs. `unknown`: it does not run, and was not asked what
 * became of it, because too many others do not run either.
 */
export type SeenStatus = ExecutionDescription['status'] | 'missing' | 'unknown';

/** Why somebody has to look at a stream. Codes are public and stable; the graver ones come first. */
export type StuckCode =
  | 'execution-failed'
  | 'execution-timed-out'
  | 'execution-aborted'
  | 'execution-ended'
  | 'execution-missing'
  | 'execution-not-running'
  | 'wait-passed'
  | 'overdue';

const endedCodes: Readonly<Record<Exclude<SeenStatus, 'running'>, StuckCode>> = {
  failed: 'execution-failed',
  'timed-out': 'execution-timed-out',
  aborted: 'execution-aborted',
  succeeded: 'execution-ended',
  missing: 'execution-missing',
  unknown: 'execution-not-running',
};

/** So long an event may be on its way to the workflows; what comes later alarms as a feed that is behind. */
const onItsWayMillis = 5 * 60_000;

/** So long a workflow may take to act on a day that has come: cases wake spread over the villages, and some retry. */
const actsWithinMillis = 60 * 60_000;

const passedBy = (instant: Instant, now: Instant): number => millisOf(now) - millisOf(instant);

/**
 * Why a stream that is open at `now` is stuck, if it is. An execution that was stopped or is not there yet is none of
 * that as long as the last event may still be on its way to the workflows.
 */
export const stuckBecause = (
  { lastEventAt, waitingUntil, tasks }: Pick<StreamSight, 'lastEventAt' | 'waitingUntil' | 'tasks'>,
  status: SeenStatus,
  now: Instant,
): StuckCode | undefined => {
  if (status !== 'running') {
    const forGood = status === 'failed' || status === 'timed-out';
    return forGood || passedBy(lastEventAt, now) >= onItsWayMillis ? endedCodes[status] : undefined;
  }
  if (waitingUntil !== undefined && passedBy(waitingUntil, now) >= actsWithinMillis) return 'wait-passed';
  return tasks.some(({ dueAt }) => dueAt <= now) ? 'overdue' : undefined;
};
