import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { recordBytes, writeBytes } from '../../shared/ports/record-size.ts';
import {
  type Json,
  type JsonObject,
  type RecordKey,
  type RecordStore,
  type RecordWrite,
  storeLimits,
} from '../../shared/ports/record-store.ts';
import { createModelStore } from './model-record-store.ts';

const key = (pk: string, sk: string): RecordKey => ({ pk, sk });
const create = (at: RecordKey, body: JsonObject = {}): RecordWrite => ({
  kind: 'put',
  key: at,
  body,
  expect: 'absent',
});
const overwrite = (at: RecordKey, rev: number, body: JsonObject = {}): RecordWrite => ({
  kind: 'put',
  key: at,
  body,
  expect: { rev },
});

/** A body that makes the whole item exactly `bytes` long, as the store counts. */
const bodyFilling = (at: RecordKey, bytes: number, rest: JsonObject = {}): JsonObject => {
  const without = recordBytes({ ...at, body: { ...rest, filling: '' } });
  return { ...rest, filling: 'x'.repeat(bytes - without) };
};

const hasRoundTrip = (value: unknown): boolean => {
  if (typeof value === 'string') return value.isWellFormed();
  if (typeof value === 'number') {
    const size = Math.abs(value);
    return size === 0 || (size >= storeLimits.smallestNumber && size <= storeLimits.largestNumber);
  }
  if (typeof value !== 'object' || value === null) return true;
  return Object.entries(value).every(
    ([name, member]) => name !== '' && name.isWellFormed() && hasRoundTrip(member),
  );
};

/** Bodies of any shape that a store must keep unchanged: every script, every number, `__proto__` and `constructor`. */
const anyBody: fc.Arbitrary<JsonObject> = fc
  .dictionary(
    fc.oneof(
      fc.string({ minLength: 1, unit: 'binary' }),
      fc.constantFrom('constructor', '__proto__', '姓名'),
    ),
    fc.jsonValue({ stringUnit: 'binary', maxDepth: 4 }).map((value) => value as Json),
    { maxKeys: 5, noNullPrototype: true },
  )
  .map((body) => JSON.parse(JSON.stringify(body)) as JsonObject)
  .filter(hasRoundTrip);

const sortKeys = ['A', 'A#1', 'A#2', 'A#10', 'AB', 'B', 'a', '~', ' '] as const;
const anyRev = fc.integer({ min: 1, max: 3 }).map((rev) => ({ rev }));
const anyExpectation = fc.oneof(fc.constant('absent' as const), anyRev);
const anyKey = fc.record({ pk: fc.constantFrom('P', 'Q'), sk: fc.constantFrom(...sortKeys) });
const anyWrite: fc.Arbitrary<RecordWrite> = fc.oneof(
  fc.record({
    kind: fc.constant('put' as const),
    key: anyKey,
    body: fc.record({ n: fc.nat() }),
    expect: anyExpectation,
  }),
  fc.record({ kind: fc.constant('delete' as const), key: anyKey, expect: anyRev }),
  fc.record({ kind: fc.constant('check' as const), key: anyKey, expect: anyExpectation }),
);
const anyQuery = fc.record(
  {
    pk: fc.constantFrom('P', 'Q'),
    prefix: fc.constantFrom('', 'A', 'A#', 'A#1', 'AB', 'B', 'Z'),
    after: fc.constantFrom(...sortKeys, 'A#11', '0', 'z'),
    descending: fc.boolean(),
    limit: fc.integer({ min: 1, max: 4 }),
  },
  { requiredKeys: ['pk', 'limit'] },
);
const anyStep = fc.oneof(
  { weight: 4, arbitrary: fc.record({ transact: fc.array(anyWrite, { minLength: 1, maxLength: 4 }) }) },
  { weight: 1, arbitrary: fc.record({ get: anyKey }) },
  { weight: 2, arbitrary: fc.record({ query: anyQuery }) },
);

/**
 * What every record store must do. Each test keeps to partitions of its own, so that one store serves them all.
 * @param open called before the first test.
 */
export const recordStoreContract = (open: () => RecordStore): void => {
  let partitions = 0;
  const newPartition = (): string => {
    partitions += 1;
    return `PARTITION#${partitions}`;
  };

  describe('one item', () => {
    test('is not there before it is written', async () => {
      expect(await open().get(key(newPartition(), 'A'))).toBeUndefined();
    });

    test('is kept as written, and its revision grows by one with every overwrite', async () => {
      const at = key(newPartition(), 'A');
      expect(await open().transact([create(at, { n: 1 })])).toEqual({ committed: true });
      expect(await open().get(at)).toEqual({ ...at, rev: 1, body: { n: 1 } });
      expect(await open().transact([overwrite(at, 1, { m: 2 })])).toEqual({ committed: true });
      expect(await open().get(at)).toEqual({ ...at, rev: 2, body: { m: 2 } });
    });

    test('is gone after it is deleted, and begins anew when it is written again', async () => {
      const at = key(newPartition(), 'A');
      await open().transact([create(at)]);
      await open().transact([overwrite(at, 1)]);
      expect(await open().transact([{ kind: 'delete', key: at, expect: { rev: 2 } }])).toEqual({
        committed: true,
      });
      expect(await open().get(at)).toBeUndefined();
      await open().transact([create(at, { again: true })]);
      expect(await open().get(at)).toEqual({ ...at, rev: 1, body: { again: true } });
    });

    test('comes back unchanged whatever its body holds', async () => {
      await fc.assert(
        fc.asyncProperty(anyBody, async (body) => {
          const at = key(newPartition(), 'A');
          expect(await open().transact([create(at, body)])).toEqual({ committed: true });
          const read = await open().get(at);
          expect(read?.body).toEqual(body);
          expect(Object.keys(read?.body ?? {}).toSorted()).toEqual(Object.keys(body).toSorted());
        }),
        { numRuns: 60 },
      );
    });

    test.each([
      0,
      -1,
      0.1,
      0.1 + 0.2,
      1 / 3,
      -1e-7,
      1e21,
      123_456_789_012_345_680_000,
      Number.MAX_SAFE_INTEGER,
      2 ** 53 + 2,
      4503.16,
      storeLimits.smallestNumber,
      storeLimits.largestNumber,
    ])('keeps the number %d exactly', async (number) => {
      const at = key(newPartition(), 'A');
      await open().transact([create(at, { number })]);
      expect((await open().get(at))?.body['number']).toBe(number);
    });

    test('keeps rare characters, empty text and empty lists', async () => {
      const at = key(newPartition(), 'A');
      const body = {
        name: '𠮷野 阿依古丽·买买提 e\u0301',
        none: '',
        nothing: null,
        list: [],
        map: {},
        flag: false,
      };
      await open().transact([create(at, body)]);
      expect((await open().get(at))?.body).toEqual(body);
    });
  });

  describe('a transaction', () => {
    test('writes all of its items or none, and names every expectation that was not met', async () => {
      const pk = newPartition();
      await open().transact([create(key(pk, 'A')), create(key(pk, 'B'))]);
      const result = await open().transact([
        create(key(pk, 'NEW')),
        create(key(pk, 'A')),
        overwrite(key(pk, 'B'), 1),
        overwrite(key(pk, 'MISSING'), 1),
        { kind: 'check', key: key(pk, 'C'), expect: { rev: 4 } },
      ]);
      expect(result).toEqual({ committed: false, reason: 'unmet', indexes: [1, 3, 4] });
      expect((await open().query({ pk, limit: 10 })).records.map(({ sk, rev }) => [sk, rev])).toEqual([
        ['A', 1],
        ['B', 1],
      ]);
    });

    test('can depend on items that it leaves alone', async () => {
      const pk = newPartition();
      await open().transact([create(key(pk, 'OPEN'))]);
      const writing = (sk: string): RecordWrite[] => [
        { kind: 'check', key: key(pk, 'OPEN'), expect: { rev: 1 } },
        { kind: 'check', key: key(pk, 'CLOSED'), expect: 'absent' },
        create(key(pk, sk)),
      ];
      expect(await open().transact(writing('FIRST'))).toEqual({ committed: true });
      expect((await open().get(key(pk, 'OPEN')))?.rev).toBe(1);
      await open().transact([create(key(pk, 'CLOSED'))]);
      expect(await open().transact(writing('SECOND'))).toEqual({
        committed: false,
        reason: 'unmet',
        indexes: [1],
      });
    });

    test('of the stale kind changes nothing', async () => {
      const at = key(newPartition(), 'A');
      await open().transact([create(at, { by: 'first' })]);
      await open().transact([overwrite(at, 1, { by: 'second' })]);
      expect(await open().transact([overwrite(at, 1, { by: 'late' })])).toMatchObject({ reason: 'unmet' });
      expect((await open().get(at))?.body).toEqual({ by: 'second' });
    });

    test('that comes two hundred times at once to one counter counts exactly to two hundred', async () => {
      const at = key(newPartition(), 'COUNTER');
      await open().transact([create(at, { count: 0 })]);
      const attempt = async (): Promise<boolean> => {
        const read = await open().get(at);
        if (read === undefined) throw new Error('the counter is gone');
        const count = Number(read.body['count']) + 1;
        return (await open().transact([overwrite(at, read.rev, { count })])).committed;
      };
      const outcomes = await Promise.all(Array.from({ length: 200 }, attempt));
      let missing = outcomes.filter((committed) => !committed).length;
      expect(missing).toBeLessThan(200);
      // Those who came too late try again, eight at a time.
      for (let round = 0; missing > 0 && round < 2000; round += 1) {
        const again = await Promise.all(Array.from({ length: Math.min(8, missing) }, attempt));
        missing -= again.filter((committed) => committed).length;
      }
      expect(await open().get(at)).toEqual({ ...at, rev: 201, body: { count: 200 } });
    });

    test('may hold a hundred items', async () => {
      const pk = newPartition();
      const many = Array.from({ length: 100 }, (_, n) => create(key(pk, `MANY#${n}`)));
      expect(await open().transact(many)).toEqual({ committed: true });
    });

    test('may hold four megabytes, conditions and all, and not a byte more', async () => {
      const pk = newPartition();
      const share = storeLimits.bytesPerTransaction / 16;
      const places = Array.from({ length: 16 }, (_, n) => key(pk, `HEAVY#${n}`));
      const filled = (
        at: RecordKey,
        write: (at: RecordKey, body: JsonObject) => RecordWrite,
      ): RecordWrite => {
        const rest = writeBytes(write(at, {})) - recordBytes({ ...at, body: {} });
        return write(at, bodyFilling(at, share - rest));
      };
      const created = places.map((at) => filled(at, create));
      expect(await open().transact(created)).toEqual({ committed: true });
      const rewritten = places.map((at) => filled(at, (place, body) => overwrite(place, 1, body)));
      expect(await open().transact(rewritten)).toEqual({ committed: true });
      const more: RecordWrite = { kind: 'check', key: key(pk, 'MORE'), expect: 'absent' };
      await expect(open().transact([...rewritten, more])).rejects.toMatchObject({ limit: 'bytes' });
    });

    test('takes an item of exactly 400 KB, whatever it is made of', async () => {
      await fc.assert(
        fc.asyncProperty(anyBody, async (rest) => {
          const at = key(newPartition(), 'A');
          const body = bodyFilling(at, storeLimits.bytesPerItem, rest);
          expect(await open().transact([create(at, body)])).toEqual({ committed: true });
        }),
        { numRuns: 10 },
      );
    });
  });

  describe('refuses before anything is sent', () => {
    const nested = (levels: number): JsonObject => (levels === 1 ? {} : { in: nested(levels - 1) });
    const at = key('REFUSED', 'A');
    const tooMany = Array.from({ length: 101 }, (_, n) => create(key('REFUSED', `A#${n}`)));
    const tooHeavy = Array.from({ length: 11 }, (_, n) => {
      const one = key('REFUSED', `A#${n}`);
      return create(one, bodyFilling(one, 390_000));
    });
    const cases: readonly (readonly [string, string, readonly RecordWrite[]])[] = [
      ['no items', 'items', []],
      ['101 items', 'items', tooMany],
      ['more than 4 MB', 'bytes', tooHeavy],
      [
        'an item above 400 KB',
        'item-bytes',
        [create(at, { ...bodyFilling(at, storeLimits.bytesPerItem), more: 1 })],
      ],
      [
        'Chinese text above 400 KB, counted in UTF-8',
        'item-bytes',
        [create(at, { text: '守'.repeat(140_000) })],
      ],
      ['one item twice', 'item-twice', [create(at), { kind: 'check', key: at, expect: 'absent' }]],
      ['an empty partition key', 'key', [create(key('', 'A'))]],
      ['an empty sort key', 'key', [create(key('A', ''))]],
      ['a key of 1,025 characters', 'key', [create(key('A', 'x'.repeat(1025)))]],
      ['a key that is not ASCII', 'key', [create(key('户', 'A'))]],
      ['a key with a line break', 'key', [create(key('A\n', 'A'))]],
      ['half a surrogate pair', 'value', [create(at, { text: '\ud840' })]],
      ['half a surrogate pair in a name', 'value', [create(at, { '\udfb7': 1 })]],
      ['a member without a name', 'value', [create(at, { in: [{ '': 1 }] })]],
      ['a number that is none', 'value', [create(at, { n: Number.NaN })]],
      ['an infinite number', 'value', [create(at, { n: Number.NEGATIVE_INFINITY })]],
      ['a number out of range', 'value', [create(at, { n: 1e126 })]],
      ['a number too close to nothing', 'value', [create(at, { n: 1e-131 })]],
      ['32 levels', 'value', [create(at, nested(32))]],
    ];

    test.each(cases)('%s', async (_, limit, writes) => {
      await expect(open().transact(writes)).rejects.toMatchObject({ name: 'StoreLimitExceeded', limit });
      expect(await open().query({ pk: 'REFUSED', limit: 1 })).toEqual({ records: [] });
    });

    test('but takes 31 levels, and keys of 1,024 characters', async () => {
      const long = key('P'.repeat(1024), 'S'.repeat(1024));
      expect(await open().transact([create(long, nested(31))])).toEqual({ committed: true });
      expect((await open().get(long))?.body).toEqual(nested(31));
      expect((await open().query({ ...long, prefix: long.sk, limit: 1 })).records).toHaveLength(1);
    });

    test.each([0, -1, 1001, 1.5, Number.NaN])('a page of %d items', async (limit) => {
      await expect(open().query({ pk: 'A', limit })).rejects.toMatchObject({ limit: 'page' });
    });

    test('reading at a key that cannot be', async () => {
      await expect(open().get(key('', 'A'))).rejects.toMatchObject({ limit: 'key' });
      await expect(open().query({ pk: '户', limit: 1 })).rejects.toMatchObject({ limit: 'key' });
      await expect(open().query({ pk: 'A', after: '', limit: 1 })).rejects.toMatchObject({ limit: 'key' });
      await expect(open().query({ pk: 'A', prefix: '户', limit: 1 })).rejects.toMatchObject({ limit: 'key' });
    });
  });

  describe('a query', () => {
    const filled = async (): Promise<string> => {
      const pk = newPartition();
      await open().transact(sortKeys.map((sk) => create(key(pk, sk), { sk })));
      return pk;
    };
    const sorted = [...sortKeys].toSorted();
    const sksOf = async (query: Parameters<RecordStore['query']>[0]) => {
      const { records, next } = await open().query(query);
      return { sks: records.map(({ sk }) => sk), next };
    };

    test('gives the items of one partition in the order of their sort keys, or backwards', async () => {
      const pk = await filled();
      expect((await sksOf({ pk, limit: 100 })).sks).toEqual(sorted);
      expect((await sksOf({ pk, limit: 100, descending: true })).sks).toEqual(sorted.toReversed());
    });

    test('says what to go on from only when something follows', async () => {
      const pk = await filled();
      expect((await sksOf({ pk, limit: sorted.length })).next).toBeUndefined();
      expect((await sksOf({ pk, limit: sorted.length - 1 })).next).toBe(sorted.at(-2));
      expect(await sksOf({ pk: newPartition(), limit: 1 })).toEqual({ sks: [], next: undefined });
    });

    test.each([true, false])('meets every item once, page by page (descending: %s)', async (descending) => {
      const pk = await filled();
      const met: string[] = [];
      let after: string | undefined;
      for (let page = 0; page < 10; page += 1) {
        const { sks, next } = await sksOf({
          pk,
          limit: 2,
          descending,
          ...(after === undefined ? {} : { after }),
        });
        met.push(...sks);
        after = next;
        if (next === undefined) break;
      }
      expect(met).toEqual(descending ? sorted.toReversed() : sorted);
    });

    test('can be narrowed to a prefix, and goes on within it', async () => {
      const pk = await filled();
      expect((await sksOf({ pk, prefix: 'A#', limit: 9 })).sks).toEqual(['A#1', 'A#10', 'A#2']);
      expect((await sksOf({ pk, prefix: 'A#', after: 'A#1', limit: 9 })).sks).toEqual(['A#10', 'A#2']);
      expect((await sksOf({ pk, prefix: 'A#', after: 'A#1', descending: true, limit: 9 })).sks).toEqual([]);
    });

    test('takes a prefix as long as a key can be', async () => {
      const pk = newPartition();
      const sk = 'k'.repeat(1024);
      await open().transact([create(key(pk, sk), {})]);
      expect((await sksOf({ pk, prefix: sk, limit: 9 })).sks).toEqual([sk]);
      expect((await sksOf({ pk, prefix: sk, after: sk, limit: 9 })).sks).toEqual([]);
      expect((await sksOf({ pk, prefix: sk, after: sk, descending: true, limit: 9 })).sks).toEqual([]);
    });

    test('takes any key to begin after, there or not, within the prefix or not', async () => {
      const pk = await filled();
      expect((await sksOf({ pk, prefix: 'A', after: '0', limit: 9 })).sks).toHaveLength(5);
      expect((await sksOf({ pk, prefix: 'A', after: 'C', limit: 9 })).sks).toEqual([]);
      expect((await sksOf({ pk, prefix: 'A', after: 'C', descending: true, limit: 9 })).sks).toHaveLength(5);
      expect((await sksOf({ pk, after: 'A#11', limit: 1 })).sks).toEqual(['A#2']);
      expect((await sksOf({ pk, prefix: 'A', after: 'A', limit: 9 })).sks).toHaveLength(4);
      expect((await sksOf({ pk, prefix: 'A', after: 'A', descending: true, limit: 9 })).sks).toEqual([]);
      expect((await sksOf({ pk, prefix: 'B', after: 'B', limit: 9 })).sks).toEqual([]);
      expect((await sksOf({ pk, prefix: 'A', after: 'A~', limit: 9 })).sks).toEqual([]);
    });

    test('ends a page at one megabyte', async () => {
      const pk = newPartition();
      for (const sk of ['1', '2', '3', '4', '5']) {
        const at = key(pk, sk);
        await open().transact([create(at, bodyFilling(at, 300 * 1024))]);
      }
      expect(await sksOf({ pk, limit: 1000 })).toEqual({ sks: ['1', '2', '3'], next: '3' });
      expect(await sksOf({ pk, limit: 1000, after: '3' })).toEqual({ sks: ['4', '5'], next: undefined });
      expect(await sksOf({ pk, limit: 1000, after: '2' })).toEqual({ sks: ['3', '4', '5'], next: undefined });
    });
  });

  test('answers any sequence of operations as a plain map would', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyStep, { minLength: 5, maxLength: 20 }), async (steps) => {
        const model = createModelStore();
        const own = newPartition();
        const placed = <T extends { readonly pk: string }>(at: T): T => ({ ...at, pk: `${own}#${at.pk}` });
        for (const step of steps) {
          const answer = (store: RecordStore): Promise<unknown> => {
            if ('get' in step) return store.get(placed(step.get));
            if ('query' in step) return store.query(placed(step.query));
            return store.transact(step.transact.map((write) => ({ ...write, key: placed(write.key) })));
          };
          const settled = async (store: RecordStore): Promise<unknown> =>
            answer(store).catch((error: unknown) => ({ thrown: String(error) }));
          expect(await settled(open())).toEqual(await settled(model));
        }
      }),
      { numRuns: 40 },
    );
  });
};
