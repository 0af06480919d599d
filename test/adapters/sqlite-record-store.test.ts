import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { openDatabase, prepared, withTransaction } from '../../shared/adapters/embedded/database.ts';
import { createSqliteRecordStore } from '../../shared/adapters/embedded/sqlite-record-store.ts';
import { recordStoreContract } from './record-store.contract.ts';

const folder = mkdtempSync(join(tmpdir(), 'record-store-'));
const contractDb = openDatabase(join(folder, 'contract.db'));
const contractStore = createSqliteRecordStore(contractDb);

afterAll(() => {
  contractDb.close();
  rmSync(folder, { recursive: true });
});

describe('the record store in SQLite', () => {
  recordStoreContract(() => contractStore);
});

describe('the file of the embedded machine', () => {
  const opened: DatabaseSync[] = [];
  const open = (name: string, observer?: Parameters<typeof openDatabase>[1]): DatabaseSync => {
    const db = openDatabase(join(folder, name), observer);
    opened.push(db);
    return db;
  };
  afterEach(() => {
    for (const db of opened.splice(0)) if (db.isOpen) db.close();
  });

  const at = { pk: 'P', sk: 'S' };

  test('writes ahead, and has every commit on disk before it is answered', () => {
    const db = open('pragmas.db');
    expect(prepared(db, 'PRAGMA journal_mode').get()).toEqual({ journal_mode: 'wal' });
    expect(prepared(db, 'PRAGMA synchronous').get()).toEqual({ synchronous: 2 });
    expect(prepared(db, 'PRAGMA foreign_keys').get()).toEqual({ foreign_keys: 1 });
  });

  test('keeps what was committed when it is opened again', async () => {
    const first = open('again.db');
    await createSqliteRecordStore(first).transact([
      { kind: 'put', key: at, body: { n: 1 }, expect: 'absent' },
    ]);
    first.close();
    expect(await createSqliteRecordStore(open('again.db')).get(at)).toEqual({
      ...at,
      rev: 1,
      body: { n: 1 },
    });
  });

  test('tells the observer of every write, before and after it is durable, and of no other', async () => {
    const told: string[] = [];
    const db = open('observed.db', {
      beforeCommit: () => told.push('before'),
      afterCommit: () => told.push('after'),
    });
    const store = createSqliteRecordStore(db);
    await store.transact([{ kind: 'put', key: at, body: {}, expect: 'absent' }]);
    await store.transact([{ kind: 'put', key: at, body: {}, expect: 'absent' }]);
    await store.get(at);
    expect(told).toEqual(['before', 'after']);
  });

  test('loses nothing else when a write dies just before its commit', async () => {
    let dying = false;
    const db = open('dying.db', {
      beforeCommit: () => {
        if (dying) throw new Error('killed');
      },
      afterCommit: () => undefined,
    });
    const store = createSqliteRecordStore(db);
    await store.transact([{ kind: 'put', key: at, body: { n: 1 }, expect: 'absent' }]);
    dying = true;
    await expect(
      store.transact([{ kind: 'put', key: at, body: { n: 2 }, expect: { rev: 1 } }]),
    ).rejects.toThrow('killed');
    dying = false;
    expect((await store.get(at))?.body).toEqual({ n: 1 });
    expect(prepared(db, 'SELECT count(*) AS n FROM feed').get()).toEqual({ n: 1 });
  });

  test('carries the writes of others in the same transactions', () => {
    const db = open('shared.db');
    db.exec('CREATE TABLE other (n INTEGER) STRICT');
    expect(withTransaction(db, () => prepared(db, 'INSERT INTO other VALUES (1)').run().changes)).toBe(1);
    expect(() =>
      withTransaction(db, () => {
        prepared(db, 'INSERT INTO other VALUES (2)').run();
        throw new Error('changed my mind');
      }),
    ).toThrow('changed my mind');
    expect(prepared(db, 'SELECT n FROM other').all()).toEqual([{ n: 1 }]);
  });

  test('answers that it is contended while another process holds the write lock', async () => {
    const db = open('locked.db');
    const store = createSqliteRecordStore(db);
    db.exec('PRAGMA busy_timeout = 0');
    const other = open('locked.db');
    other.exec('BEGIN IMMEDIATE');
    const write = { kind: 'put', key: at, body: {}, expect: 'absent' } as const;
    expect(await store.transact([write])).toEqual({ committed: false, reason: 'contended' });
    other.exec('ROLLBACK');
    expect(await store.transact([write])).toEqual({ committed: true });
  });
});
