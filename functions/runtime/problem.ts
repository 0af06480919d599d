import type { FieldError, Problem } from '../../shared/contracts/problem.ts';
import type { HttpResult } from './http-types.ts';
import { type ProblemCode, problemCatalogue } from './problem-catalogue.ts';

/** Sent with every answer: nothing is cached, sniffed, framed or run. */
const hardening = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'strict-transport-security': 'max-age=63072000; includeSubDomains',
  'x-content-type-options': 'nosniff',
} as const;

/** How soon a refused request may be sent again, in seconds. */
const retryAfterSeconds = '1';

/** @returns an answer that holds `body`. */
export const jsonResult = (
  statusCode: number,
  body: unknown,
  requestId: string,
  headers: Readonly<Record<string, string>> = {},
): HttpResult => ({
  statusCode,
  headers: {
    ...hardening,
    'content-type': 'application/json; charset=utf-8',
    'x-request-id': requestId,
    ...headers,
  },
  body: JSON.stringify(body),
});

export type ProblemDetails = {
  readonly field?: string;
  readonly because?: readonly string[];
  readonly errors?: readonly FieldError[];
};

/** @returns the problem document (RFC 9457) of a code; `requestId` is how the house finds the request again. */
export const problemResult = (
  code: ProblemCode,
  requestId: string,
  { field, because, errors }: ProblemDetails = {},
): HttpResult => {
  const { status, title, titleEn } = problemCatalogue[code];
  const document: Problem = {
    type: `urn:shouxian:problem:${code}`,
    title,
    titleEn,
    status,
    code,
    ...(field === undefined ? {} : { field }),
    ...(because === undefined ? {} : { because: [...because] }),
    ...(errors === undefined ? {} : { errors: [...errors] }),
    instance: requestId,
  };
  return jsonResult(status, document, requestId, {
    'content-type': 'application/problem+json; charset=utf-8',
    'content-language': 'zh-CN',
    ...(status === 401 ? { 'www-authenticate': 'Bearer' } : {}),
    ...(status === 503 ? { 'retry-after': retryAfterSeconds } : {}),
  });
};
