import { randomBytes } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';
import { prepared, withTransaction } from '../../shared/adapters/embedded/database.ts';
import type { RecordWrite } from '../../shared/ports/record-store.ts';
import { logLogSlope, median, percentile, transactionalWriteUnits } from './arithmetic.ts';
import { floorSource, sdkImportsOf } from './bundles.ts';
import { durableWritesOf, rawWriter } from './durable-writes.ts';
import { rowOf, tableOf } from './report.ts';
import { measureTransitions, needOf } from './transitions.ts';
import { measureWriteUnits, unitsOf } from './write-units.ts';

describe('the arithmetic', () => {
  test('the median lies in the middle, whatever the order', () => {
    expect(median([9, 1, 5])).toBe(5);
    expect(median([4, 1, 3, 2])).toBe(2.5);
    expect(() => median([])).toThrow();
  });

  test('a percentile is one of the values', () => {
    const values = Array.from({ length: 100 }, (_, index) => 100 - index);
    expect(percentile(values, 0.99)).toBe(99);
    expect(percentile(values, 0.5)).toBe(50);
    expect(percentile([7], 0.99)).toBe(7);
  });

  test('the slope is the exponent: 0 for no growth, 1 for growth in proportion, also through noise', () => {
    const sizes = [1_000, 3_000, 10_000, 30_000];
    const slopeOf = (time: (size: number) => number): number =>
      logLogSlope(sizes.map((size) => ({ size, time: time(size) })));
    expect(slopeOf(() => 3)).toBeCloseTo(0);
    expect(slopeOf((size) => size / 7)).toBeCloseTo(1);
    expect(slopeOf((size) => Math.sqrt(size))).toBeCloseTo(0.5);
    expect(slopeOf((size) => (size === 3_000 ? 1.1 : 1))).toBeLessThan(0.02);
    expect(() => logLogSlope([{ size: 1, time: 1 }])).toThrow();
  });

  test('two units for each begun kilobyte', () => {
    expect([0, 1, 1024, 1025, 2048, 2049].map(transactionalWriteUnits)).toEqual([2, 2, 2, 4, 4, 6]);
  });
});

describe('the report', () => {
  test('a row holds on the better side of its goal; the value that is printed is the one that is judged', () => {
    const row = rowOf({ name: 'a', value: 1.50004, unit: 'x', goal: 1.5 });
    expect(row).toEqual({ name: 'a', value: 1.5, unit: 'x', goal: 1.5, better: 'lower', holds: true });
    expect(rowOf({ ...row, value: 1.51 }).holds).toBe(false);
    expect(rowOf({ ...row, value: 1, better: 'higher' }).holds).toBe(false);
    expect(rowOf({ ...row, value: 2, better: 'higher' }).holds).toBe(true);
    expect(rowOf({ ...row, value: 99, goal: null }).holds).toBe(true);
  });

  test('the table says what does not hold, and what was counted', () => {
    const table = tableOf([
      { row: rowOf({ name: 'a', value: 2, unit: 'x', goal: 1.5 }), counted: ['so many'] },
    ]);
    expect(table).toMatch(/a +2 +x +<= 1\.5 +does not hold/);
    expect(table).toContain('a:\n  so many');
  });
});

test('durable writes are noted row by row, and written again as many and as large', async () => {
  const db = new DatabaseSync(':memory:');
  db.exec('CREATE TABLE t (name TEXT, n INTEGER)');
  const insert = (name: string): void => {
    prepared(db, 'INSERT INTO t VALUES (?, ?)').run(name, 1);
  };
  const shapes = await durableWritesOf(async () => {
    withTransaction(db, () => {
      insert('abc');
      insert('守线');
    });
    withTransaction(db, () =>
      prepared(db, 'UPDATE t SET n = n + ? WHERE name = ? RETURNING n').get(1, 'abc'),
    );
    prepared(db, 'SELECT * FROM t').all();
  });
  expect(shapes).toEqual([[11, 14], [11]]);
  rawWriter(db, shapes)();
  expect(prepared(db, 'SELECT length(body) AS bytes FROM raw').all()).toEqual([
    { bytes: 11 },
    { bytes: 14 },
    { bytes: 11 },
  ]);
  db.close();
});

test('a floor constructs the clients and holds the commands that the adapters name, without their types', () => {
  const source = `import {\n  type AttributeValue,\n  GetItemCommand,\n  type DynamoDBClient,\n} from '@aws-sdk/client-dynamodb';\nimport { DynamoDBClient } from '@aws-sdk/client-dynamodb';\nimport type { S3Client } from '@aws-sdk/client-s3';`;
  const found = sdkImportsOf(source);
  expect(found.map(({ name }) => name)).toEqual(['GetItemCommand', 'DynamoDBClient']);
  const use = new Map([['@aws-sdk/client-dynamodb', new Set(found.map(({ name }) => name))]]);
  expect(floorSource(use, './settings.ts')).toContain('[GetItemCommand, new DynamoDBClient(clientSettings)]');
});

test('write units: what no decision needs to change is paid for and not needed', () => {
  const put = (pk: string, sk: string, bytes: number): RecordWrite => ({
    kind: 'put',
    key: { pk, sk },
    body: {
      text: randomBytes(bytes).toString('hex'),
    },
    expect: 'absent',
  });
  const check: RecordWrite = { kind: 'check', key: { pk: 'STREAM#R-1', sk: 'STATE' }, expect: { rev: 1 } };
  const writes = [
    put('STREAM#R-1', 'STATE', 1500),
    put('STREAM#R-1', 'EVENT#1', 10),
    put('ELSE', 'WHERE', 10),
  ];
  expect(unitsOf(writes)).toMatchObject({ units: 8, items: 2 });
  expect(unitsOf([check])).toMatchObject({ units: 2, items: 0 });
});

test('a Choice is needed behind an answer, not behind a reading', () => {
  expect(needOf('ChoiceStateEntered', 'Where', 'ConcludeNotice')).toBe('branch');
  expect(needOf('ChoiceStateEntered', 'Where', 'ReadCaseStanding')).toBe('overhead');
  expect(needOf('TaskStateEntered', 'AwaitHomeVisit', undefined)).toBe('human step');
  expect(needOf('WaitStateEntered', 'WaitForNoticeEnd', undefined)).toBe('timer');
  expect(needOf('SucceedStateEntered', 'Reported', undefined)).toBe('overhead');
});

test('a straight case is counted from what it really does', async () => {
  const [transitions, units] = [await measureTransitions(), await measureWriteUnits()];
  expect(transitions.row).toMatchObject({ name: 'transitions-vs-needed', goal: 1.5, better: 'lower' });
  expect(transitions.counted).toContain('AwaitDepartmentAnswer: human step');
  expect(transitions.counted.at(-1)).toBe('Reported: overhead');
  expect(units.row).toMatchObject({ name: 'write-units-vs-needed', goal: 1.25 });
  expect(units.counted.filter((line) => line.endsWith('(not needed)'))).toEqual([]);
});
