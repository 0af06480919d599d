import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  hkdfSync,
  type KeyObject,
  randomBytes,
} from 'node:crypto';
import type { Json } from '../ports/record-store.ts';
import { canonicalText } from './canonical.ts';

const nonceBytes = 12;
const tagBytes = 16;

/** What was kept is not what was sealed there: altered, moved, or sealed with another key. The store and the keys are well. */
export class BoxDoesNotOpen extends Error {
  override readonly name = 'BoxDoesNotOpen';
}

/** Made once for each key in memory, and gone with it: from bare bytes Node makes a new one at every call, at length. */
const secrets = new WeakMap<Uint8Array, KeyObject>();
const secretOf = (key: Uint8Array): KeyObject => {
  const secret = secrets.get(key) ?? createSecretKey(key);
  secrets.set(key, secret);
  return secret;
};

const commitmentSecrets = new WeakMap<Uint8Array, KeyObject>();
const commitmentSecretOf = (key: Uint8Array): KeyObject => {
  const secret =
    commitmentSecrets.get(key) ??
    createSecretKey(Buffer.from(hkdfSync('sha256', key, Buffer.alloc(0), 'shouxian commitment 1', 32)));
  commitmentSecrets.set(key, secret);
  return secret;
};

/**
 * AES-256-GCM with a fresh nonce. `place` is bound to the box: moved elsewhere, it does not open.
 * @returns base64 of nonce, tag and cipher text.
 */
export const sealBox = (key: Uint8Array, place: string, plain: string): string => {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv('aes-256-gcm', secretOf(key), nonce).setAAD(Buffer.from(place, 'utf8'));
  const sealed = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64');
};

/** @throws BoxDoesNotOpen if the box was altered, moved, or sealed with another key. */
export const openBox = (key: Uint8Array, place: string, box: string): string => {
  const bytes = Buffer.from(box, 'base64');
  if (bytes.length < nonceBytes + tagBytes) throw new BoxDoesNotOpen();
  const decipher = createDecipheriv('aes-256-gcm', secretOf(key), bytes.subarray(0, nonceBytes), {
    authTagLength: tagBytes,
  })
    .setAAD(Buffer.from(place, 'utf8'))
    .setAuthTag(bytes.subarray(nonceBytes, nonceBytes + tagBytes));
  const opened = decipher.update(bytes.subarray(nonceBytes + tagBytes));
  try {
    return Buffer.concat([opened, decipher.final()]).toString('utf8');
  } catch {
    // Only the tag is left to fail here: the key and its lengths were good.
    throw new BoxDoesNotOpen();
  }
};

/**
 * A keyed commitment: proves later what was sealed without telling it to anyone who lacks the key.
 * @returns 64 hex digits.
 */
export const commitmentTo = (key: Uint8Array, place: string, value: Json): string =>
  createHmac('sha256', commitmentSecretOf(key))
    .update(`${place}\n${canonicalText(value)}`, 'utf8')
    .digest('hex');
