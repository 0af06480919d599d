import type { DatabaseSync } from 'node:sqlite';
import { prepared, withTransaction } from '../shared/adapters/embedded/database.ts';
import { systemClock } from '../shared/adapters/embedded/system-clock.ts';
import type { Instant } from '../shared/domain/calendar/instant.ts';
import type { Clock } from '../shared/ports/clock.ts';

/** The time of an embedded machine: the real one, or one that stands still until it is set forward. */
export type MachineClock = Clock & {
  readonly mode: 'real' | 'virtual';
  /** @throws on a real clock, and when the new time lies before the present one: callers check first. */
  set(to: Instant): void;
};

export const realClock: MachineClock = {
  mode: 'real',
  now: () => systemClock.now(),
  set: () => {
    throw new Error('a real clock cannot be set');
  },
};

/** A clock kept in the database, so that a rehearsal goes on where it stopped. `startsAt` counts on an empty folder only. */
export const createVirtualClock = (db: DatabaseSync, startsAt: Instant): MachineClock => {
  db.exec(
    'CREATE TABLE IF NOT EXISTS virtual_clock (one INTEGER PRIMARY KEY CHECK (one = 1), now TEXT NOT NULL) STRICT',
  );
  const stored = prepared(db, 'SELECT now FROM virtual_clock').get() as { now: Instant } | undefined;
  let now = stored?.now ?? startsAt;
  const keep = (): void => {
    withTransaction(db, () =>
      prepared(
        db,
        'INSERT INTO virtual_clock (one, now) VALUES (1, ?) ON CONFLICT (one) DO UPDATE SET now = excluded.now',
      ).run(now),
    );
  };
  if (stored === undefined) keep();
  return {
    mode: 'virtual',
    now: () => now,
    set: (to) => {
      if (to < now) throw new Error('the clock runs forward only');
      now = to;
      keep();
    },
  };
};
