import { DatabaseSync, type StatementSync } from 'node:sqlite';

/** Told of every durable write of the process: all of them pass through {@link withTransaction}. */
export type WriteObserver = { beforeCommit(): void; afterCommit(): void };

/** How long a write waits for somebody else's lock on the file. */
const busyMillis = 5_000;

const statements = new WeakMap<DatabaseSync, Map<string, StatementSync>>();
const observers = new WeakMap<DatabaseSync, WriteObserver>();

/** @returns the statement for this text, prepared once per database. */
export const prepared = (db: DatabaseSync, sql: string): StatementSync => {
  const known = statements.get(db) ?? new Map<string, StatementSync>();
  statements.set(db, known);
  const statement = known.get(sql) ?? db.prepare(sql);
  known.set(sql, statement);
  return statement;
};

/**
 * Opens the one file that everything durable of an embedded installation is kept in. A committed transaction is on
 * disk (`synchronous=FULL`): neither a killed process nor a power cut loses it.
 * @param file a path, or `:memory:`.
 */
export const openDatabase = (file: string, observer?: WriteObserver): DatabaseSync => {
  // From the first statement on: an operator's viewer or a backup may be reading the file.
  const db = new DatabaseSync(file, { timeout: busyMillis });
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;');
  if (observer !== undefined) observers.set(db, observer);
  return db;
};

/**
 * Runs several reads on one snapshot: each by itself would take and give back the lock of the file, which costs more than
 * finding a row. It commits nothing. Not to be nested; `read` must not wait for anything.
 */
export const onOneSnapshot = <T>(db: DatabaseSync, read: () => T): T => {
  prepared(db, 'BEGIN').run();
  try {
    return read();
  } finally {
    prepared(db, 'END').run();
  }
};

/**
 * Runs `change` in one transaction, all or nothing. Not to be nested; `change` must not wait for anything.
 * @throws whatever `change` throws, after rolling back.
 */
export const withTransaction = <T>(db: DatabaseSync, change: () => T): T => {
  prepared(db, 'BEGIN IMMEDIATE').run();
  let result: T;
  try {
    result = change();
    observers.get(db)?.beforeCommit();
    prepared(db, 'COMMIT').run();
  } catch (error) {
    if (db.isOpen && db.isTransaction) prepared(db, 'ROLLBACK').run();
    throw error;
  }
  observers.get(db)?.afterCommit();
  return result;
};
