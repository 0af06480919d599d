import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { openDatabase } from '../../shared/adapters/embedded/database.ts';
import { createSqliteChangeFeed, type Draw } from '../../shared/adapters/embedded/sqlite-change-feed.ts';
import { createSqliteRecordStore } from '../../shared/adapters/embedded/sqlite-record-store.ts';
import type { ChangeFeed, FedChange } from '../../shared/ports/change-feed.ts';
import type { RecordStore, RecordWrite } from '../../shared/ports/record-store.ts';

const folder = mkdtempSync(join(tmpdir(), 'change-feed-'));
afterAll(() => rmSync(folder, { recursive: true }));

const first: Draw = () => 0;
const last: Draw = (below) => below - 1;

/** Draws from a list of numbers, over and over. */
const drawing = (chances: readonly number[]): Draw => {
  let drawn = 0;
  return (below) => {
    const chance = chances[drawn % chances.length] ?? 0;
    drawn += 1;
    return chance % below;
  };
};

const opened = (draw: Draw, file = ':memory:') => {
  const db = openDatabase(file);
  return { db, feed: createSqliteChangeFeed(db, draw), store: createSqliteRecordStore(db) };
};

/** Writes item `sk` for the `rev`-th time. */
const writing = (sk: string, rev: number): RecordWrite => ({
  kind: 'put',
  key: { pk: 'P', sk },
  body: {},
  expect: rev === 1 ? 'absent' : { rev: rev - 1 },
});

const write = async (store: RecordStore, ...writes: readonly RecordWrite[]): Promise<void> => {
  expect(await store.transact(writes)).toEqual({ committed: true });
};

const carryAll = async (feed: ChangeFeed, batch: number): Promise<FedChange[]> => {
  const met: FedChange[] = [];
  for (let reads = 0; reads < 1000; reads += 1) {
    const changes = await feed.read(batch);
    if (changes.length === 0) return met;
    met.push(...changes);
    await feed.acknowledge(changes.map(({ position }) => position));
  }
  throw new Error('the feed never ends');
};

describe('the change feed', () => {
  test('tells the key of every item that was written, and what became of it', async () => {
    const { feed, store } = opened(first);
    await write(store, writing('A', 1));
    await write(store, writing('A', 2));
    await write(store, { kind: 'delete', key: { pk: 'P', sk: 'A' }, expect: { rev: 2 } });
    expect((await feed.read(10)).map(({ position: _, ...change }) => ({ ...change }))).toEqual([
      { pk: 'P', sk: 'A', change: 'insert' },
      { pk: 'P', sk: 'A', change: 'modify' },
      { pk: 'P', sk: 'A', change: 'remove' },
    ]);
  });

  test('tells nothing of what did not commit, and nothing of a check', async () => {
    const { feed, store } = opened(first);
    await write(store, writing('A', 1), { kind: 'check', key: { pk: 'P', sk: 'B' }, expect: 'absent' });
    await store.transact([writing('C', 1), writing('D', 2)]);
    expect((await feed.read(10)).map(({ sk }) => sk)).toEqual(['A']);
  });

  test('gives again what was not acknowledged, even after the process died', async () => {
    const file = join(folder, 'again.db');
    const before = opened(first, file);
    await write(before.store, writing('A', 1), writing('B', 1), writing('C', 1));
    const [done] = await before.feed.read(10);
    await before.feed.acknowledge([done?.position ?? 0]);
    before.db.close();

    const { db, feed } = opened(first, file);
    expect((await feed.read(10)).map(({ sk }) => sk)).toEqual(['B', 'C']);
    expect((await feed.read(10)).map(({ sk }) => sk)).toEqual(['B', 'C']);
    db.close();
  });

  test('never gives a position twice, even when everything was acknowledged in between', async () => {
    const { feed, store } = opened(first);
    await write(store, writing('A', 1));
    const [one] = await carryAll(feed, 10);
    await write(store, writing('A', 2));
    const [other] = await carryAll(feed, 10);
    expect(other?.position).toBeGreaterThan(one?.position ?? 0);
  });

  test('lets the items of one transaction arrive in another order, apart from each other', async () => {
    const { feed, store } = opened(last);
    await write(store, writing('A', 1), writing('B', 1));
    await write(store, writing('A', 2), writing('C', 1));
    expect((await feed.read(10)).map(({ sk, change }) => `${sk} ${change}`)).toEqual([
      'C insert',
      'B insert',
      'A insert',
      'A modify',
    ]);
  });

  test('delivers every change, those of one item in the order in which they were made', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.uniqueArray(fc.constantFrom('A', 'B', 'C', 'D'), { minLength: 1 }), { maxLength: 15 }),
        fc.array(fc.nat(100), { minLength: 1 }),
        fc.integer({ min: 1, max: 7 }),
        async (transactions, chances, batch) => {
          const { db, feed, store } = opened(drawing(chances));
          const revs = new Map<string, number>();
          for (const items of transactions) {
            for (const sk of items) revs.set(sk, (revs.get(sk) ?? 0) + 1);
            await write(store, ...items.map((sk) => writing(sk, revs.get(sk) ?? 0)));
          }
          const met = await carryAll(feed, batch);
          for (const [sk, rev] of revs) {
            const positions = met.filter((change) => change.sk === sk).map(({ position }) => position);
            expect(positions).toHaveLength(rev);
            expect(positions).toEqual(positions.toSorted((a, b) => a - b));
          }
          expect(met).toHaveLength(transactions.flat().length);
          db.close();
        },
      ),
      { numRuns: 50 },
    );
  });
});
