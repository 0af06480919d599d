import type { Json } from '../../shared/ports/record-store.ts';

export type JsonRefusal = 'json-malformed' | 'key-not-allowed';

/** Objects and lists inside each other at most; no request of ours nests deeper than a handful. */
const depthAtMost = 20;

/** Names by which an object literal reaches its prototype. */
const forbiddenKeys = new Set(['__proto__', 'constructor', 'prototype']);

const tokens = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d[\d.eE+-]*|[{}[\],:]/g;

/** One open object (with the names seen in it) or list. */
type Level = { readonly names: Set<string> | undefined; expectsName: boolean };

const takesName = (level: Level, name: string): boolean => {
  if (forbiddenKeys.has(name) || level.names?.has(name) !== false) return false;
  level.names.add(name);
  level.expectsName = false;
  return true;
};

/** Walks text that `JSON.parse` has taken, so every token stands where it may. */
const refusalOf = (text: string): JsonRefusal | undefined => {
  const levels: Level[] = [];
  for (const [token] of text.matchAll(tokens)) {
    const level = levels.at(-1);
    switch (token[0]) {
      case '{':
      case '[':
        levels.push({ names: token === '{' ? new Set() : undefined, expectsName: token === '{' });
        if (levels.length > depthAtMost) return 'key-not-allowed';
        break;
      case '}':
      case ']':
        levels.pop();
        break;
      case ',':
        if (level !== undefined) level.expectsName = level.names !== undefined;
        break;
      case ':':
        break;
      case '"': {
        const content = JSON.parse(token) as string;
        // Half a surrogate pair is not text: it could be stored, but neither hashed nor shown.
        if (!content.isWellFormed()) return 'json-malformed';
        if (level?.expectsName === true && !takesName(level, content)) return 'key-not-allowed';
        break;
      }
      default:
        // 1e999 is JSON, but no number that we could keep.
        if (!Number.isFinite(Number(token))) return 'json-malformed';
    }
  }
  return undefined;
};

/**
 * Reads JSON as I-JSON (RFC 7493) has it: no name twice, no half characters, only finite numbers; and further no name
 * that reaches a prototype and no more than {@link depthAtMost} levels.
 */
export const parseStrictJson = (
  text: string,
): { readonly value: Json } | { readonly refusal: JsonRefusal } => {
  let value: Json;
  try {
    value = JSON.parse(text) as Json;
  } catch {
    return { refusal: 'json-malformed' };
  }
  const refusal = refusalOf(text);
  return refusal === undefined ? { value } : { refusal };
};
