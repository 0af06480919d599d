import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type { Refused } from './http-types.ts';
import type { EdgeRefusalCode } from './problem-catalogue.ts';

/** In bytes, decoded. Photos and scans do not come this way. */
export const bodyBytesAtMost = 64 * 1024;

const jsonType = /^application\/json\s*(;\s*charset\s*=\s*("utf-8"|utf-8)\s*)?$/i;
/** Names that reach behind an object in this language. */
const notAllowed = new Set(['__proto__', 'constructor', 'prototype']);

/** In a text that is JSON: every string with the colon that makes it a key, and every bracket. */
const tokens = /"[^"\\]*(?:\\.[^"\\]*)*"(?:\s*:)?|[{}[\]]/gs;

/**
 * Keys that JSON.parse would silently take: dangerous ones, and the same key twice in one object, of which only the
 * last would count.
 * @param text must be JSON.
 */
const hasKeyNotAllowed = (text: string): boolean => {
  const open: Set<string>[] = [];
  for (const [token] of text.matchAll(tokens)) {
    if (token === '{' || token === '[') open.push(new Set());
    else if (token === '}' || token === ']') open.pop();
    else if (token.endsWith(':')) {
      const key: unknown = JSON.parse(token.slice(0, -1));
      const seen = open.at(-1);
      if (typeof key !== 'string' || notAllowed.has(key) || seen?.has(key) === true) return true;
      seen?.add(key);
    }
  }
  return false;
};

const decoded = ({ body = '', isBase64Encoded }: APIGatewayProxyEventV2): string | undefined => {
  if (!isBase64Encoded) return body;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.from(body, 'base64'));
  } catch {
    return undefined;
  }
};

const refuse = (code: EdgeRefusalCode): Refused<EdgeRefusalCode> => ({ refusal: { code } });

/**
 * The body of a request as JSON, with every key seen. Header names are lower-case by now.
 * @returns the value, or why it is not taken: `content-type-not-supported`, `body-too-large`, `json-malformed`,
 *   `key-not-allowed`.
 */
export const readJsonBody = (
  event: APIGatewayProxyEventV2,
): { readonly value: unknown } | Refused<EdgeRefusalCode> => {
  if (!jsonType.test(event.headers['content-type']?.trim() ?? ''))
    return refuse('content-type-not-supported');
  const sent = event.body ?? '';
  const bytes = event.isBase64Encoded ? Buffer.byteLength(sent, 'base64') : Buffer.byteLength(sent, 'utf8');
  if (bytes > bodyBytesAtMost) return refuse('body-too-large');
  const text = decoded(event);
  if (text === undefined) return refuse('json-malformed');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return refuse('json-malformed');
  }
  return hasKeyNotAllowed(text) ? refuse('key-not-allowed') : { value };
};
