import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { Json, JsonObject } from '../../ports/record-store.ts';

const isList = (value: Json): value is readonly Json[] => Array.isArray(value);

/**
 * Exactly JSON, both ways. (The SDK's own converter goes by the name of a value's constructor, so that a member called
 * `constructor` breaks it, and turns whole numbers above 2^53 into another type.)
 */
export const toAttribute = (value: Json): AttributeValue => {
  if (value === null) return { NULL: true };
  if (typeof value === 'string') return { S: value };
  if (typeof value === 'number') return { N: String(value) };
  if (typeof value === 'boolean') return { BOOL: value };
  if (isList(value)) return { L: value.map(toAttribute) };
  return { M: toAttributes(value) };
};

export const toAttributes = (body: JsonObject): Record<string, AttributeValue> =>
  Object.fromEntries(Object.entries(body).map(([name, value]) => [name, toAttribute(value)]));

/** @throws for the types that {@link toAttribute} never writes: somebody else wrote the item. */
export const fromAttribute = (value: AttributeValue): Json => {
  if (value.S !== undefined) return value.S;
  if (value.N !== undefined) return Number(value.N);
  if (value.BOOL !== undefined) return value.BOOL;
  if (value.NULL !== undefined) return null;
  if (value.L !== undefined) return value.L.map(fromAttribute);
  if (value.M !== undefined) return fromAttributes(value.M);
  throw new Error('an attribute of a type that this house does not write');
};

export const fromAttributes = (map: Readonly<Record<string, AttributeValue>>): JsonObject =>
  Object.fromEntries(Object.entries(map).map(([name, value]) => [name, fromAttribute(value)]));

/** Below this, keys and all, an item stays within its first kilobyte, and whoever looks at the table can read it. */
const legibleBytes = 800;

/**
 * A body as its item keeps it. A write is charged by the begun kilobyte, twice over in a transaction, and a case's state
 * says the same few words for every one of its tasks: a large body is kept deflated.
 */
export const toBodyAttribute = (body: JsonObject): AttributeValue => {
  const text = Buffer.from(JSON.stringify(body), 'utf8');
  const deflated = text.length > legibleBytes ? deflateRawSync(text) : text;
  return deflated.length < text.length ? { B: deflated } : { M: toAttributes(body) };
};

/** @returns the body that {@link toBodyAttribute} wrote; `undefined` for anything that it never writes. */
export const fromBodyAttribute = (value: AttributeValue): JsonObject | undefined => {
  if (value.B !== undefined) return JSON.parse(inflateRawSync(value.B).toString('utf8')) as JsonObject;
  return value.M === undefined ? undefined : fromAttributes(value.M);
};
