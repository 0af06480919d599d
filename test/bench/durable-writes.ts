import { type DatabaseSync, StatementSync } from 'node:sqlite';
import { prepared, withTransaction } from '../../shared/adapters/embedded/database.ts';

type Values = Parameters<StatementSync['run']>;

/** One transaction: the bytes of each row that it wrote (a deleted row counts with its key). */
export type Shape = readonly number[];

const bytesOf = (value: unknown): number => {
  if (typeof value === 'string') return Buffer.byteLength(value);
  return value === null ? 0 : 8;
};

/**
 * Notes every durable transaction that happens while `work` runs, by watching the statements of the process: what is
 * written between BEGIN and COMMIT, row by row. Slow, and therefore never used while something is timed.
 */
export const durableWritesOf = async (work: () => Promise<void>): Promise<readonly Shape[]> => {
  const shapes: Shape[] = [];
  let rows: number[] = [];
  const seen = (sql: string, values: readonly unknown[]): void => {
    if (/^\s*(INSERT|UPDATE|DELETE)/i.test(sql))
      rows.push(values.reduce<number>((sum, value) => sum + bytesOf(value), 0));
    if (sql === 'COMMIT') shapes.push(rows);
    if (/^(BEGIN|COMMIT|ROLLBACK)/.test(sql)) rows = [];
  };
  // Every statement of the process is reached through these two; an UPDATE that says what it wrote is read by `get`.
  const { run, get } = StatementSync.prototype;
  Object.assign(StatementSync.prototype, {
    run(this: StatementSync, ...values: Values) {
      const result = run.apply(this, values);
      seen(this.sourceSQL, values);
      return result;
    },
    get(this: StatementSync, ...values: Values) {
      seen(this.sourceSQL, values);
      return get.apply(this, values);
    },
  });
  try {
    await work();
  } finally {
    Object.assign(StatementSync.prototype, { run, get });
  }
  return shapes;
};

/** @returns a function that writes the same transactions to a plain table: as many, with as many rows of as many bytes. */
export const rawWriter = (db: DatabaseSync, shapes: readonly Shape[]): (() => void) => {
  db.exec('CREATE TABLE raw (id INTEGER PRIMARY KEY, body TEXT NOT NULL) STRICT');
  const bodies = shapes.map((shape) => shape.map((bytes) => 'x'.repeat(bytes)));
  return () => {
    for (const rows of bodies)
      withTransaction(db, () => {
        for (const body of rows) prepared(db, 'INSERT INTO raw (body) VALUES (?)').run(body);
      });
  };
};
