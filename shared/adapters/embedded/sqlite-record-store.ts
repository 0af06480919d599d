import type { DatabaseSync, StatementResultingChanges } from 'node:sqlite';
import type { FedChange } from '../../ports/change-feed.ts';
import { gatherPage, rangeOf } from '../../ports/record-page.ts';
import { checkKey, checkQuery, checkTransaction } from '../../ports/record-size.ts';
import type {
  Expectation,
  JsonObject,
  RecordKey,
  RecordQuery,
  RecordStore,
  RecordWrite,
  StoredRecord,
} from '../../ports/record-store.ts';
import { prepared, withTransaction } from './database.ts';

type ItemRow = { readonly pk: string; readonly sk: string; readonly rev: number; readonly body: string };

/** Thrown inside the transaction so that it rolls back, and caught just outside. */
class Unmet extends Error {
  readonly indexes: readonly number[];
  constructor(indexes: readonly number[]) {
    super('an expectation was not met');
    this.indexes = indexes;
  }
}

/** Another process (a backup, a shell) held the file's write lock for longer than the busy timeout: SQLITE_BUSY. */
const saysBusy = (error: unknown): boolean => (error as { readonly errcode?: number }).errcode === 5;

const recordOf = (row: ItemRow): StoredRecord => ({
  pk: row.pk,
  sk: row.sk,
  rev: row.rev,
  body: JSON.parse(row.body) as JsonObject,
});

/** Makes the tables of the store and of its feed where they are missing. Keys are ASCII, so SQLite's binary order is DynamoDB's. */
export const createRecordTables = (db: DatabaseSync): void =>
  db.exec(`
    CREATE TABLE IF NOT EXISTS items (
      pk TEXT NOT NULL, sk TEXT NOT NULL, rev INTEGER NOT NULL, body TEXT NOT NULL,
      PRIMARY KEY (pk, sk)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS feed (
      position INTEGER PRIMARY KEY AUTOINCREMENT, pk TEXT NOT NULL, sk TEXT NOT NULL, change TEXT NOT NULL
    ) STRICT;
  `);

/** @returns whether the file holds anything at all, asked before there is a store: a start has to know it. */
export const holdsRecords = (db: DatabaseSync): boolean => {
  createRecordTables(db);
  return prepared(db, 'SELECT 1 FROM items LIMIT 1').get() !== undefined;
};

/**
 * The record store in SQLite. Every changed item leaves a line in the feed, in the same transaction.
 * It refuses what DynamoDB refuses, so that what works here works there.
 */
export const createSqliteRecordStore = (db: DatabaseSync): RecordStore => {
  createRecordTables(db);

  const holds = ({ pk, sk }: RecordKey, expect: Expectation): boolean => {
    const row = prepared(db, 'SELECT rev FROM items WHERE pk = ? AND sk = ?').get(pk, sk) as
      | { rev: number }
      | undefined;
    return expect === 'absent' ? row === undefined : row?.rev === expect.rev;
  };

  /** The expectation stands in the statement itself: nothing is read before it. @returns what was changed, if it was met. */
  const changed = (write: Exclude<RecordWrite, { kind: 'check' }>): FedChange['change'] | undefined => {
    const { pk, sk } = write.key;
    const met = ({ changes }: StatementResultingChanges): boolean => Number(changes) === 1;
    if (write.kind === 'delete') {
      const remove = prepared(db, 'DELETE FROM items WHERE pk = ? AND sk = ? AND rev = ?');
      return met(remove.run(pk, sk, write.expect.rev)) ? 'remove' : undefined;
    }
    const body = JSON.stringify(write.body);
    if (write.expect === 'absent') {
      const insert =
        'INSERT INTO items (pk, sk, rev, body) VALUES (?, ?, 1, ?) ON CONFLICT (pk, sk) DO NOTHING';
      return met(prepared(db, insert).run(pk, sk, body)) ? 'insert' : undefined;
    }
    const modify = prepared(
      db,
      'UPDATE items SET rev = rev + 1, body = ? WHERE pk = ? AND sk = ? AND rev = ?',
    );
    return met(modify.run(body, pk, sk, write.expect.rev)) ? 'modify' : undefined;
  };

  /** @returns whether the expectation was met; if not, the transaction is rolled back with whatever else it changed. */
  const apply = (write: RecordWrite): boolean => {
    if (write.kind === 'check') return holds(write.key, write.expect);
    const change = changed(write);
    if (change === undefined) return false;
    const { pk, sk } = write.key;
    prepared(db, 'INSERT INTO feed (pk, sk, change) VALUES (?, ?, ?)').run(pk, sk, change);
    return true;
  };

  const rowsOf = (query: RecordQuery): Iterable<ItemRow> => {
    const range = rangeOf(query);
    if (range === undefined) return [];
    const { prefix, after } = range;
    const { descending = false } = query;
    // No key holds a character above `~`, so that `prefix` followed by DEL bounds everything that begins with it.
    const lower = descending ? prefix : (after ?? prefix);
    const upper = descending ? (after ?? `${prefix}\x7f`) : `${prefix}\x7f`;
    const above = !descending && after !== undefined ? '>' : '>=';
    return prepared(
      db,
      `SELECT pk, sk, rev, body FROM items WHERE pk = ? AND sk ${above} ? AND sk < ? ORDER BY sk ${descending ? 'DESC' : 'ASC'}`,
    ).iterate(query.pk, lower, upper) as Iterable<ItemRow>;
  };

  return {
    async get(key) {
      checkKey(key);
      const row = prepared(db, 'SELECT pk, sk, rev, body FROM items WHERE pk = ? AND sk = ?').get(
        key.pk,
        key.sk,
      );
      return row === undefined ? undefined : recordOf(row as ItemRow);
    },
    async query(query) {
      checkQuery(query);
      const gathered = gatherPage(query.limit);
      for (const row of rowsOf(query)) {
        if (!gathered.take(recordOf(row))) break;
      }
      return gathered.page();
    },
    async transact(writes) {
      checkTransaction(writes);
      try {
        withTransaction(db, () => {
          const unmet = writes.flatMap((write, index) => (apply(write) ? [] : [index]));
          if (unmet.length > 0) throw new Unmet(unmet);
        });
        return { committed: true };
      } catch (error) {
        if (error instanceof Unmet) return { committed: false, reason: 'unmet', indexes: error.indexes };
        if (saysBusy(error)) return { committed: false, reason: 'contended' };
        throw error;
      }
    },
  };
};
