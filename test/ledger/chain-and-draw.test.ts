import { describe, expect, test } from 'vitest';
import { openDatabase } from '../../shared/adapters/embedded/database.ts';
import { createSqliteRecordStore } from '../../shared/adapters/embedded/sqlite-record-store.ts';
import type { Instant } from '../../shared/domain/calendar/instant.ts';
import { CommitContended, commit } from '../../shared/ledger/commit.ts';
import { spotCheckDraw } from '../../shared/ledger/draw.ts';
import { type ChainedEvent, chained, chainProblems, chainStart } from '../../shared/ledger/hash-chain.ts';
import { readEvents, streamKey } from '../../shared/ledger/stream.ts';

const stream = 'R-610302-2022-000001';

const link = (seq: number, prev: string, at = '2022-09-01T00:00:00.000Z'): ChainedEvent =>
  chained({
    stream,
    seq,
    type: 'something-happened',
    data: { n: seq },
    at: at as Instant,
    actor: { system: 'test' },
    prev,
  });

const chainOf = (length: number): ChainedEvent[] => {
  const events: ChainedEvent[] = [];
  for (let seq = 1; seq <= length; seq += 1) events.push(link(seq, events.at(-1)?.hash ?? chainStart));
  return events;
};

describe('the hash chain', () => {
  test('is what anybody can reckon: SHA-256 of the canonical JSON of everything but the hash', () => {
    expect(chainStart).toBe('0'.repeat(64));
    // Reckoned with another language's libraries.
    expect(link(1, chainStart).hash).toBe('310d15ceb9c9cf6175b7230b86e5f1cb9fcb53000872668e543dd14087aa2963');
  });

  test('names each thing that does not hold', () => {
    const [one, two, three] = chainOf(3) as [ChainedEvent, ChainedEvent, ChainedEvent];
    expect(chainProblems(stream, [one, two, three])).toEqual([]);
    expect(chainProblems('R-610302-2022-000002', [one])).toEqual(['foreign-event:1']);
    expect(chainProblems(stream, [one, three])).toEqual(['sequence-broken:2', 'link-broken:3']);
    expect(chainProblems(stream, [one, { ...two, data: { n: 9 } }, three])).toEqual(['content-altered:2']);
    const earlier = link(2, one.hash, '2022-08-31T23:59:59.999Z');
    expect(chainProblems(stream, [one, earlier])).toEqual(['time-runs-back:2']);
  });
});

test('the draw for the spot check is what anybody can reckon from the seed and the number', () => {
  // printf 'seed-1|R-610302-2022-000001' | sha256sum begins with eacc4afb.
  expect(spotCheckDraw('seed-1', stream)).toBe(0xeacc4afb / 2 ** 32);
  expect(spotCheckDraw('seed-2', stream)).not.toBe(spotCheckDraw('seed-1', stream));
  expect(spotCheckDraw('seed-1', 'R-610302-2022-000002')).not.toBe(spotCheckDraw('seed-1', stream));
});

test('a stream longer than a page is read to its end, in order', async () => {
  const db = openDatabase(':memory:');
  const store = createSqliteRecordStore(db);
  const events = chainOf(1_201);
  for (let from = 0; from < events.length; from += 100) {
    await store.transact(
      events.slice(from, from + 100).map((event) => ({
        kind: 'put',
        key: { pk: streamKey(stream), sk: `EVENT#${String(event.seq).padStart(6, '0')}#${event.type}` },
        body: JSON.parse(JSON.stringify(event)),
        expect: 'absent',
      })),
    );
  }
  expect(await readEvents(store, stream)).toEqual(events);
  db.close();
});

test('a commit that is in the way of others every time gives up after forty tries, each after a longer wait', async () => {
  const db = openDatabase(':memory:');
  const store = createSqliteRecordStore(db);
  const waits: number[] = [];
  let plans = 0;
  const never = commit({ store, backoff: async (attempt) => void waits.push(attempt) }, async () => {
    plans += 1;
    const key = { pk: 'SOMETHING', sk: 'ELSE' };
    return { writes: [{ kind: 'put', key, body: {}, expect: { rev: 1 } }], answer: undefined };
  });
  await expect(never).rejects.toBeInstanceOf(CommitContended);
  expect(plans).toBe(40);
  expect(waits).toEqual(Array.from({ length: 40 }, (_, index) => index + 1));
  db.close();
});
