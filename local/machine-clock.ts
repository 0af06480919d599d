import type { DatabaseSync } from 'node:sqlite';
import { prepared, withTransaction } from '../shared/adapters/embedded/database.ts';
import { holdsRecords } from '../shared/adapters/embedded/sqlite-record-store.ts';
import { systemClock } from '../shared/adapters/embedded/system-clock.ts';
import type { Instant } from '../shared/domain/calendar/instant.ts';
import type { Clock } from '../shared/ports/clock.ts';

/** The time of an embedded machine: the real one, or one that stands still until it is set forward. */
export type MachineClock = Clock & {
  readonly mode: 'real' | 'virtual';
  /** @throws on a real clock, and when the new time lies before the present one: callers check first. */
  set(to: Instant): void;
};

/** `virtual` starts at the given instant on an empty folder, and where it stopped on any other. */
export type ClockChoice = 'real' | { readonly virtualFrom: Instant };

/** By the clock that was asked for, time would run backwards behind facts that the folder holds. */
export class ClockRefused extends Error {
  override readonly name = 'ClockRefused';
  readonly reason: 'real-time-was-used' | 'virtual-clock-is-ahead';
  constructor(reason: ClockRefused['reason']) {
    super(reason);
    this.reason = reason;
  }
}

const realClock: MachineClock = {
  mode: 'real',
  now: () => systemClock.now(),
  set: () => {
    throw new Error('a real clock cannot be set');
  },
};

/** A clock kept in the database, so that a rehearsal goes on where it stopped. */
const createVirtualClock = (
  db: DatabaseSync,
  stored: Instant | undefined,
  startsAt: Instant,
): MachineClock => {
  let now = stored ?? startsAt;
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

/**
 * The clock that a folder goes on by. Records without a virtual clock were made in real time, and a virtual clock that
 * lies in the past may be followed by the real one.
 * @throws ClockRefused rather than let time run backwards.
 */
export const openClock = (db: DatabaseSync, choice: ClockChoice): MachineClock => {
  db.exec(
    'CREATE TABLE IF NOT EXISTS virtual_clock (one INTEGER PRIMARY KEY CHECK (one = 1), now TEXT NOT NULL) STRICT',
  );
  const stored = (prepared(db, 'SELECT now FROM virtual_clock').get() as { now: Instant } | undefined)?.now;
  if (choice === 'real') {
    if (stored !== undefined && stored > realClock.now()) throw new ClockRefused('virtual-clock-is-ahead');
    return realClock;
  }
  if (stored === undefined && holdsRecords(db)) throw new ClockRefused('real-time-was-used');
  return createVirtualClock(db, stored, choice.virtualFrom);
};

/** For a start in real time that succeeds: an earlier virtual clock must not come back behind what is recorded now. */
export const leaveVirtualTime = (db: DatabaseSync): void => {
  withTransaction(db, () => prepared(db, 'DELETE FROM virtual_clock').run());
};
