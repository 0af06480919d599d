import { createCipheriv, createDecipheriv, createSecretKey, hkdfSync, randomBytes } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import type { KeyVault } from '../../ports/key-vault.ts';
import { syncFolder } from './durable-folder.ts';

const keyBytes = 32;
const nonceBytes = 12;
const tagBytes = 16;

/** The master key file holds something else than a key. */
export class MasterKeyDamaged extends Error {
  override readonly name = 'MasterKeyDamaged';
}

/** There are records, but not the key that everything personal in them is sealed under. */
export class MasterKeyMissing extends Error {
  override readonly name = 'MasterKeyMissing';
}

/**
 * Reads the master key. On a first start there is none, and one is made with its folder: it appears whole or not at all,
 * readable by its owner only.
 * @param mayBeMade false once something can have been sealed: a new key would open none of it, and hide that the old one
 * is gone.
 * @throws MasterKeyMissing if there is none and none may be made.
 * @throws if the file is not a key: then nothing that was sealed under it could ever be opened.
 */
export const loadMasterKey = (file: string, mayBeMade: boolean): Uint8Array => {
  if (!existsSync(file)) {
    if (!mayBeMade) throw new MasterKeyMissing(file);
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    const draft = `${file}.${randomBytes(6).toString('hex')}`;
    const descriptor = openSync(draft, 'wx', 0o600);
    writeSync(descriptor, randomBytes(keyBytes).toString('hex'));
    fsyncSync(descriptor);
    closeSync(descriptor);
    try {
      linkSync(draft, file);
    } catch (error) {
      // Somebody else was first; theirs is the key.
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    } finally {
      unlinkSync(draft);
    }
    syncFolder(dirname(file));
  }
  const text = readFileSync(file, 'utf8').trim();
  if (!/^[0-9a-f]{64}$/.test(text))
    throw new MasterKeyDamaged('the master key file does not hold a key of 64 hex digits');
  return Buffer.from(text, 'hex');
};

/** @returns a key for one purpose, from which neither the master key nor another purpose's key follows. */
export const derivedKey = (masterKey: Uint8Array, purpose: string): Uint8Array =>
  new Uint8Array(hkdfSync('sha256', masterKey, Buffer.alloc(0), `shouxian ${purpose}`, keyBytes));

/** Data keys wrapped under the master key with AES-256-GCM; the scope is bound as additional data. */
export const createFileKeyVault = (masterKey: Uint8Array): KeyVault => {
  const wrappingKey = createSecretKey(derivedKey(masterKey, 'data keys 1'));
  return {
    async createDataKey(scope) {
      const plaintext = randomBytes(keyBytes);
      const nonce = randomBytes(nonceBytes);
      const cipher = createCipheriv('aes-256-gcm', wrappingKey, nonce).setAAD(Buffer.from(scope, 'utf8'));
      const body = Buffer.concat([cipher.update(plaintext), cipher.final()]);
      return { plaintext, wrapped: Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64') };
    },
    async openDataKey(scope, wrapped) {
      const bytes = Buffer.from(wrapped, 'base64');
      const decipher = createDecipheriv('aes-256-gcm', wrappingKey, bytes.subarray(0, nonceBytes), {
        authTagLength: tagBytes,
      })
        .setAAD(Buffer.from(scope, 'utf8'))
        .setAuthTag(bytes.subarray(nonceBytes, nonceBytes + tagBytes));
      return Buffer.concat([decipher.update(bytes.subarray(nonceBytes + tagBytes)), decipher.final()]);
    },
  };
};
