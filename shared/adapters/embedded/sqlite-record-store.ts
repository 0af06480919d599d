import type { DatabaseSync } from 'node:sqlite';
import { checkKey, checkTransaction, recordBytes } from '../../ports/record-size.ts';
import {
  type Expectation,
  type JsonObject,
  type RecordKey,
  type RecordPage,
  type RecordQuery,
  type RecordStore,
  type RecordWrite,
  type StoredRecord,
  StoreLimitExceeded,
  storeLimits,
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

const recordOf = (row: ItemRow): StoredRecord => ({
  pk: row.pk,
  sk: row.sk,
  rev: row.rev,
  body: JSON.parse(row.body) as JsonObject,
});

/** The tables of the store and of its feed. Keys are ASCII, so SQLite's binary order is DynamoDB's. */
const createTables = (db: DatabaseSync): void =>
  db.exec(`
    CREATE TABLE IF NOT EXISTS items (
      pk TEXT NOT NULL, sk TEXT NOT NULL, rev INTEGER NOT NULL, body TEXT NOT NULL,
      PRIMARY KEY (pk, sk)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS feed (
      position INTEGER PRIMARY KEY AUTOINCREMENT, pk TEXT NOT NULL, sk TEXT NOT NULL, change TEXT NOT NULL
    ) STRICT;
  `);

/**
 * The record store in SQLite. Every changed item leaves a line in the feed, in the same transaction.
 * It refuses what DynamoDB refuses, so that what works here works there.
 */
export const createSqliteRecordStore = (db: DatabaseSync): RecordStore => {
  createTables(db);

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

  const rowsOf = ({ pk, prefix = '', after, descending = false, limit }: RecordQuery): ItemRow[] => {
    // No key holds a character above `~`, so `prefix` followed by DEL bounds everything that begins with it.
    const first = after === undefined || descending ? prefix : after;
    const last = after !== undefined && descending ? after : `${prefix}\x7f`;
    const from = after !== undefined && !descending ? '>' : '>=';
    const sql = `SELECT pk, sk, rev, body FROM items WHERE pk = ? AND sk ${from} ? AND sk < ? ORDER BY sk ${descending ? 'DESC' : 'ASC'} LIMIT ?`;
    const lower = first < prefix ? prefix : first;
    return prepared(db, sql).all(pk, lower, last, limit + 1) as ItemRow[];
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
    async query(query): Promise<RecordPage> {
      if (!Number.isInteger(query.limit) || query.limit < 1 || query.limit > 1000) {
        throw new StoreLimitExceeded('page', `${query.limit} of 1 to 1,000`);
      }
      const records: StoredRecord[] = [];
      let bytes = 0;
      for (const row of rowsOf(query)) {
        const record = recordOf(row);
        const last = records.at(-1);
        bytes += recordBytes(record);
        const full = records.length === query.limit || bytes > storeLimits.bytesPerPage;
        if (full && last !== undefined) return { records, next: last.sk };
        records.push(record);
      }
      return { records };
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
        throw error;
      }
    },
  };
};
