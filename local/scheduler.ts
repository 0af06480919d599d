import type { DatabaseSync } from 'node:sqlite';
import { Cron } from 'croner';
import { type FunctionName, functionEntries } from '../functions/manifest.ts';
import { prepared, withTransaction } from '../shared/adapters/embedded/database.ts';
import { type Instant, instantFromMillis, millisOf } from '../shared/domain/calendar/instant.ts';
import type { Clock } from '../shared/ports/clock.ts';

export type Scheduler = {
  nextDueAt(): Instant | undefined;
  /** Runs every timer that is due, once each however often it was missed. @returns how many ran. */
  runDue(): Promise<number>;
};

type Timer = { readonly name: FunctionName; readonly cron: Cron };

/**
 * The manifest's schedules on one machine, in Asia/Shanghai. Each timer's next time is kept in the database: what was
 * missed while nothing ran is made up at the next start. On an empty folder every timer is due at once.
 * @param run calls the function; if it throws, the timer stays due and is tried again.
 */
export const createScheduler = (
  db: DatabaseSync,
  clock: Clock,
  run: (name: FunctionName) => Promise<void>,
): Scheduler => {
  db.exec('CREATE TABLE IF NOT EXISTS schedules (name TEXT PRIMARY KEY, next_at TEXT NOT NULL) STRICT');
  const timers: Timer[] = functionEntries().flatMap(([name, { trigger }]) =>
    trigger.kind === 'schedule'
      ? [{ name, cron: new Cron(trigger.cron, { timezone: 'Asia/Shanghai', paused: true }) }]
      : [],
  );
  // Nobody else writes the table, so that what it holds is known after one look at it.
  const rows = prepared(db, 'SELECT name, next_at FROM schedules').all() as {
    name: FunctionName;
    next_at: Instant;
  }[];
  const planned = new Map(rows.map((row) => [row.name, row.next_at]));
  const plan = (name: FunctionName, nextAt: Instant): void => {
    withTransaction(db, () =>
      prepared(
        db,
        'INSERT INTO schedules (name, next_at) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET next_at = excluded.next_at',
      ).run(name, nextAt),
    );
    planned.set(name, nextAt);
  };

  const nextTime = (cron: Cron, after: Instant): Instant => {
    const next = cron.nextRun(new Date(millisOf(after)));
    if (next === null) throw new Error(`the schedule ${cron.getPattern()} has no next time`);
    return instantFromMillis(next.getTime());
  };

  for (const { name, cron } of timers) {
    const due = planned.get(name);
    const now = clock.now();
    // Later than the next time by this clock: a real clock planned it, before the empty folder became a rehearsal.
    if (due === undefined || due > nextTime(cron, now)) plan(name, now);
  }

  return {
    nextDueAt: () =>
      timers
        .flatMap(({ name }) => planned.get(name) ?? [])
        .toSorted()
        .at(0),
    async runDue() {
      let ran = 0;
      for (const { name, cron } of timers) {
        const due = planned.get(name);
        const now = clock.now();
        if (due === undefined || due > now) continue;
        await run(name);
        plan(name, nextTime(cron, now));
        ran += 1;
      }
      return ran;
    },
  };
};
