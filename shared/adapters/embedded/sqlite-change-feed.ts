import type { DatabaseSync } from 'node:sqlite';
import type { ChangeFeed, FedChange } from '../../ports/change-feed.ts';
import { prepared, withTransaction } from './database.ts';
import { createRecordTables } from './sqlite-record-store.ts';

/** A whole number from 0 up to `below`. */
export type Draw = (below: number) => number;

/**
 * Mixes the records as a table's stream may: items interleave, but the changes of one item keep their order.
 * @returns the same records, one queue per item drawn from at random.
 */
const interleaved = (records: readonly FedChange[], draw: Draw): FedChange[] => {
  const queues = new Map<string, FedChange[]>();
  for (const record of records) {
    const item = `${record.pk}\n${record.sk}`;
    const queue = queues.get(item) ?? [];
    queues.set(item, queue);
    queue.push(record);
  }
  const waiting = [...queues.values()];
  const mixed: FedChange[] = [];
  while (waiting.length > 0) {
    const chosen = draw(waiting.length);
    const queue = waiting[chosen];
    const next = queue?.shift();
    if (next !== undefined) mixed.push(next);
    if (queue === undefined || queue.length === 0) waiting.splice(chosen, 1);
  }
  return mixed;
};

/**
 * The change feed of the SQLite store: at least once, and weak on purpose. What was read but not acknowledged when the
 * process died is read again.
 * @param draw where chance comes from.
 */
export const createSqliteChangeFeed = (db: DatabaseSync, draw: Draw): ChangeFeed => {
  createRecordTables(db);
  return {
    async read(limit) {
      const rows = prepared(db, 'SELECT position, pk, sk, change FROM feed ORDER BY position LIMIT ?').all(
        limit,
      );
      return interleaved(rows as FedChange[], draw);
    },
    async acknowledge(positions) {
      if (positions.length === 0) return;
      withTransaction(db, () => {
        for (const position of positions) prepared(db, 'DELETE FROM feed WHERE position = ?').run(position);
      });
    },
  };
};
