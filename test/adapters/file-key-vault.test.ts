import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import {
  createFileKeyVault,
  derivedKey,
  loadMasterKey,
  MasterKeyMissing,
} from '../../shared/adapters/embedded/file-key-vault.ts';

const folder = mkdtempSync(join(tmpdir(), 'key-vault-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('the master key', () => {
  test('is made once, for its owner only, and found again', () => {
    const home = join(folder, 'made');
    const key = loadMasterKey(join(home, 'master.key'), true);
    expect(key).toHaveLength(32);
    expect(loadMasterKey(join(home, 'master.key'), true)).toEqual(key);
    expect(loadMasterKey(join(home, 'master.key'), false)).toEqual(key);
    expect(readdirSync(home)).toEqual(['master.key']);
    if (process.platform !== 'win32') {
      expect(statSync(join(home, 'master.key')).mode & 0o777).toBe(0o600);
      expect(statSync(home).mode & 0o777).toBe(0o700);
    }
  });

  test('that is missing is not made anew where something can have been sealed', () => {
    const home = join(folder, 'lost');
    expect(() => loadMasterKey(join(home, 'master.key'), false)).toThrow(MasterKeyMissing);
    expect(existsSync(home)).toBe(false);
  });

  test.each(['', 'abc', `${'0'.repeat(63)}g`, '0'.repeat(66)])(
    'is never replaced when the file holds something else (%j)',
    (content) => {
      const file = join(folder, 'damaged.key');
      writeFileSync(file, content);
      expect(() => loadMasterKey(file, true)).toThrow('does not hold a key');
    },
  );

  test('gives a key of its own to every purpose', () => {
    const master = new Uint8Array(32).fill(1);
    expect(derivedKey(master, 'links')).toHaveLength(32);
    expect(derivedKey(master, 'links')).toEqual(derivedKey(master, 'links'));
    expect(derivedKey(master, 'links')).not.toEqual(derivedKey(master, 'data keys'));
    expect(derivedKey(new Uint8Array(32).fill(2), 'links')).not.toEqual(derivedKey(master, 'links'));
  });
});

describe('data keys from the key file', () => {
  const vault = createFileKeyVault(new Uint8Array(32).fill(9));
  const scope = 'HOUSEHOLD#h-0001';

  test('are fresh each time, and open for the scope they were made for', async () => {
    const one = await vault.createDataKey(scope);
    const other = await vault.createDataKey(scope);
    expect(one.plaintext).toHaveLength(32);
    expect(one.plaintext).not.toEqual(other.plaintext);
    expect(await vault.openDataKey(scope, one.wrapped)).toEqual(one.plaintext);
    expect(await vault.openDataKey(scope, other.wrapped)).toEqual(other.plaintext);
  });

  test('do not show in their wrapped form', async () => {
    const { plaintext, wrapped } = await vault.createDataKey(scope);
    expect(wrapped).toMatch(/^[A-Za-z0-9+/=]+$/);
    expect(Buffer.from(wrapped, 'base64').includes(Buffer.from(plaintext))).toBe(false);
  });

  test('moved to another scope, or to another installation, do not open', async () => {
    const { wrapped } = await vault.createDataKey(scope);
    await expect(vault.openDataKey('HOUSEHOLD#h-0002', wrapped)).rejects.toThrow();
    const elsewhere = createFileKeyVault(new Uint8Array(32).fill(8));
    await expect(elsewhere.openDataKey(scope, wrapped)).rejects.toThrow();
  });

  test('with any bit changed or any part cut off do not open', async () => {
    const bytes = Buffer.from((await vault.createDataKey(scope)).wrapped, 'base64');
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length * 8 - 1), fc.nat(bytes.length - 1), async (bit, length) => {
        const flipped = Buffer.from(bytes);
        flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        await expect(vault.openDataKey(scope, flipped.toString('base64'))).rejects.toThrow();
        const cut = bytes.subarray(0, length).toString('base64');
        await expect(vault.openDataKey(scope, cut)).rejects.toThrow();
      }),
    );
  });
});
