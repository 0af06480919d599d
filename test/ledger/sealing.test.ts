import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openDatabase } from '../../shared/adapters/embedded/database.ts';
import { createFileKeyVault } from '../../shared/adapters/embedded/file-key-vault.ts';
import { createSqliteRecordStore } from '../../shared/adapters/embedded/sqlite-record-store.ts';
import { createPersonalData, type SealingScope } from '../../shared/ledger/personal-data.ts';
import { BoxDoesNotOpen, commitmentTo, openBox, sealBox } from '../../shared/ledger/sealing.ts';
import type { KeyVault } from '../../shared/ports/key-vault.ts';
import type { RecordStore } from '../../shared/ports/record-store.ts';

const key = new Uint8Array(32).fill(7);
const place = 'HOUSEHOLD#h-1/text/01';

describe('a sealed box', () => {
  test('opens where it was sealed, to every character, even to none', () => {
    for (const text of ['户主腰椎病已痊愈 🏠', ''])
      expect(openBox(key, place, sealBox(key, place, text))).toBe(text);
  });

  test('is never twice the same', () => {
    expect(sealBox(key, place, 'text')).not.toBe(sealBox(key, place, 'text'));
  });

  test('does not open elsewhere, under another key, shortened, or with any bit of it bent', () => {
    const box = sealBox(key, place, '记录');
    const bytes = Buffer.from(box, 'base64');
    expect(() => openBox(key, `${place}0`, box)).toThrow(BoxDoesNotOpen);
    expect(() => openBox(new Uint8Array(32).fill(8), place, box)).toThrow(BoxDoesNotOpen);
    for (let length = 0; length < bytes.length; length += 1)
      expect(() => openBox(key, place, bytes.subarray(0, length).toString('base64'))).toThrow(BoxDoesNotOpen);
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const bent = Buffer.from(bytes);
      bent[bit >> 3] = (bent[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(() => openBox(key, place, bent.toString('base64'))).toThrow(BoxDoesNotOpen);
    }
  });
});

describe('a commitment', () => {
  test('stays what it is: those in old chains must still be checkable', () => {
    // HMAC-SHA-256 under a key derived by HKDF, reckoned with another language's libraries.
    expect(commitmentTo(key, place, { b: 1, a: '户' })).toBe(
      'e6eaea849f12480933de4e74e9b965479d644211d76a6b2e896e77146bd814ca',
    );
  });

  test('is another for another key, place or value', () => {
    const all = [
      commitmentTo(key, place, 'a'),
      commitmentTo(key, place, 'b'),
      commitmentTo(key, `${place}0`, 'a'),
      commitmentTo(new Uint8Array(32).fill(8), place, 'a'),
    ];
    expect(new Set(all).size).toBe(4);
  });
});

describe('the keys of households', () => {
  let db: ReturnType<typeof openDatabase>;
  let store: RecordStore;
  beforeEach(() => {
    db = openDatabase(':memory:');
    store = createSqliteRecordStore(db);
  });
  afterEach(() => db.close());

  const scope: SealingScope = 'HOUSEHOLD#h-1';
  const vault = createFileKeyVault(randomBytes(32));
  const counted = () => {
    let opened = 0;
    const keys: KeyVault = {
      createDataKey: vault.createDataKey,
      openDataKey: (of, wrapped) => {
        opened += 1;
        return vault.openDataKey(of, wrapped);
      },
    };
    return { keys, opened: () => opened };
  };
  const put = async (keys: KeyVault, into: SealingScope) => {
    const data = createPersonalData(store, keys);
    const prepared = await data.prepare(into);
    const { write, commitment } = await data.seal(into, 'text/01', '记录');
    expect(await store.transact([...prepared, write])).toEqual({ committed: true });
    return commitment;
  };

  test('are asked for once and kept, for a few hundred households at a time', async () => {
    const { keys, opened } = counted();
    await put(vault, scope);
    for (let other = 2; other <= 258; other += 1) await put(vault, `HOUSEHOLD#h-${other}`);
    const data = createPersonalData(store, keys);
    await data.open(scope, 'text/01');
    await data.open(scope, 'text/01');
    expect(opened()).toBe(1);
    for (let other = 2; other <= 256; other += 1) await data.open(`HOUSEHOLD#h-${other}`, 'text/01');
    await data.open(scope, 'text/01');
    expect(opened()).toBe(256);
    // The 257th takes the place of the one that was opened first.
    await data.open('HOUSEHOLD#h-257', 'text/01');
    await data.open('HOUSEHOLD#h-256', 'text/01');
    expect(opened()).toBe(257);
    expect((await data.open(scope, 'text/01'))?.value).toBe('记录');
    expect(opened()).toBe(258);
  });

  test('nothing is sealed without one', async () => {
    const data = createPersonalData(store, vault);
    await expect(data.seal(scope, 'text/01', '记录')).rejects.toThrow('no key was prepared');
  });

  test('a service that gave none is asked again', async () => {
    let failures = 1;
    const data = createPersonalData(store, {
      ...vault,
      createDataKey: (of) =>
        failures-- > 0 ? Promise.reject(new Error('throttled')) : vault.createDataKey(of),
    });
    await expect(data.prepare(scope)).rejects.toThrow('throttled');
    expect(await data.prepare(scope)).toHaveLength(1);
  });

  test('a service that does not answer is no sign of an altered text', async () => {
    const commitment = await put(vault, scope);
    const data = createPersonalData(store, {
      ...vault,
      openDataKey: () => Promise.reject(new Error('throttled')),
    });
    await expect(data.check(scope, 'text/01', commitment)).rejects.toThrow('throttled');
    await expect(data.open(scope, 'text/01')).rejects.toThrow('throttled');
    expect(await createPersonalData(store, vault).check(scope, 'text/01', commitment)).toBe('holds');
  });
});
