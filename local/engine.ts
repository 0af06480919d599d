import { setImmediate } from 'node:timers/promises';
import type { Instant } from '../shared/domain/calendar/instant.ts';
import { millisOf } from '../shared/domain/calendar/instant.ts';
import type { MachineClock } from './machine-clock.ts';
import type { Relay } from './relay.ts';
import type { Scheduler } from './scheduler.ts';
import type { WorkflowRunner } from './workflow-runner/runner.ts';

export type Engine = {
  /** Something was written: carry it on soon. */
  wake(): void;
  /** Carries everything on that can go on at the present instant. */
  drain(): Promise<void>;
  /** Sets a virtual clock forward, event by event: each due time is reached with everything before it carried on. */
  advanceTo(to: Instant): Promise<void>;
  /** Begins nothing more, and waits for what is under way. */
  close(): Promise<void>;
};

/** A timer of Node's overflows above 24.8 days; looking again sooner costs nothing. */
const longestSleepMillis = 60_000;
/** After a failure, so that a broken function is not called in a tight circle. */
const restMillis = 1_000;

/**
 * What moves an embedded machine: the feed, the workflows and the timers, in one queue, so that nothing is carried on
 * by two hands at once.
 * @param report is told of defects; they never stop the engine.
 */
export const createEngine = (
  parts: {
    readonly clock: MachineClock;
    readonly relay: Relay;
    readonly runner: WorkflowRunner;
    readonly scheduler: Scheduler;
  },
  report: (error: unknown) => void,
): Engine => {
  const { clock, relay, runner, scheduler } = parts;
  let closed = false;
  let queue: Promise<void> = Promise.resolve();
  let sleeping: NodeJS.Timeout | undefined;
  let waking = false;

  const settle = async (): Promise<void> => {
    for (let moved = 1; moved > 0 && !closed; ) {
      moved = await relay.carryBatch();
      moved += await runner.runReady();
      moved += await scheduler.runDue();
      // All of this is synchronous underneath: years of timers must not keep requests and signals from being heard.
      await setImmediate();
    }
  };

  const inTurn = (work: () => Promise<void>): Promise<void> => {
    const done = queue.then(work);
    queue = done.catch(() => undefined);
    return done;
  };

  const nextDueAt = (): Instant | undefined =>
    [runner.nextDueAt(), scheduler.nextDueAt()]
      .filter((due) => due !== undefined)
      .toSorted()
      .at(0);

  const sleep = (failed: boolean): void => {
    clearTimeout(sleeping);
    if (closed || (clock.mode === 'virtual' && !failed)) return;
    const due = nextDueAt();
    const untilDue = due === undefined ? longestSleepMillis : millisOf(due) - millisOf(clock.now());
    sleeping = setTimeout(wake, failed ? restMillis : Math.max(0, Math.min(untilDue, longestSleepMillis)));
  };

  const wake = (): void => {
    if (closed || waking) return;
    waking = true;
    inTurn(async () => {
      waking = false;
      await settle();
    }).then(
      () => sleep(false),
      (error: unknown) => {
        report(error);
        sleep(true);
      },
    );
  };

  return {
    wake,
    drain: () => inTurn(settle),
    advanceTo: (to) =>
      inTurn(async () => {
        for (;;) {
          await settle();
          const due = nextDueAt();
          if (closed || due === undefined || due > to) break;
          if (due > clock.now()) clock.set(due);
        }
        if (!closed && to > clock.now()) clock.set(to);
        await settle();
      }),
    async close() {
      closed = true;
      clearTimeout(sleeping);
      await queue;
      await runner.close();
    },
  };
};
