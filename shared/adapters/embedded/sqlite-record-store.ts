import type { DatabaseSync } from 'node:sqlite';
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

  const revOf = ({ pk, sk }: RecordKey): number | undefined => {
    const row = prepared(db, 'SELECT rev FROM items WHERE pk = ? AND sk = ?').get(pk, sk) as
      | { rev: number }
      | undefined;
    return row?.rev;
  };

  const holds = (key: RecordKey, expect: Expectation): boolean => {
    const rev = revOf(key);
    return expect === 'absent' ? rev === undefined : rev === expect.rev;
  };

  const apply = (write: RecordWrite): void => {
    const { pk, sk } = write.key;
    if (write.kind === 'check') return;
    if (write.kind === 'delete') {
      prepared(db, 'DELETE FROM items WHERE pk = ? AND sk = ?').run(pk, sk);
      prepared(db, 'INSERT INTO feed (pk, sk, change) VALUES (?, ?, ?)').run(pk, sk, 'remove');
      return;
    }
    const rev = write.expect === 'absent' ? 1 : write.expect.rev + 1;
    prepared(
      db,
      'INSERT INTO items (pk, sk, rev, body) VALUES (?, ?, ?, ?) ON CONFLICT (pk, sk) DO UPDATE SET rev = excluded.rev, body = excluded.body',
    ).run(pk, sk, rev, JSON.stringify(write.body));
    prepared(db, 'INSERT INTO feed (pk, sk, change) VALUES (?, ?, ?)').run(
      pk,
      sk,
      rev === 1 ? 'insert' : 'modify',
    );
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
          const unmet = writes.flatMap((write, index) => (holds(write.key, write.expect) ? [] : [index]));
          if (unmet.length > 0) throw new Unmet(unmet);
          for (const write of writes) apply(write);
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
