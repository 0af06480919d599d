import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { Json } from '../ports/record-store.ts';

/** @returns the one text (RFC 8785) that stands for `value`, whatever order its names were written in. */
export const canonicalText = (value: Json): string => {
  const text = canonicalize(value);
  if (text === undefined) throw new TypeError('not JSON');
  return text;
};

/** @returns 64 lower-case hex digits. */
export const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');

/** @returns the SHA-256 of the canonical text of `value`. */
export const fingerprintOf = (value: Json): string => sha256(canonicalText(value));
