import type { FieldError } from '../../shared/contracts/problem.ts';
import type { UseCaseRefusal } from '../../shared/use-cases/outcome.ts';
import type { LambdaHttpResult } from './lambda.ts';
import { type ProblemCode, problemCatalogue } from './problem-catalogue.ts';

/** Answers hold personal data or will be stale in a minute: nobody on the way may keep or guess at them. */
export const answerHeaders = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'content-language': 'zh-CN',
} as const;

const headersByStatus: Readonly<Record<number, Readonly<Record<string, string>>>> = {
  401: { 'www-authenticate': 'Bearer' },
  503: { 'retry-after': '1' },
};

type ProblemDetails = Omit<UseCaseRefusal, 'code'> & { readonly errors?: readonly FieldError[] };

/**
 * A refusal as `application/problem+json` (RFC 9457). Nothing in it depends on anything but the code, what the refusal
 * itself says, and the request id: what is hidden from somebody reads exactly like what does not exist.
 */
export const problemResult = (
  code: ProblemCode,
  requestId: string,
  { field, because, errors }: ProblemDetails = {},
): LambdaHttpResult => {
  const { status, title, titleEn } = problemCatalogue[code];
  return {
    statusCode: status,
    headers: { ...answerHeaders, ...headersByStatus[status], 'content-type': 'application/problem+json' },
    body: JSON.stringify({
      type: `urn:shouxian:problem:${code}`,
      title,
      titleEn,
      status,
      code,
      field,
      because,
      errors,
      instance: `urn:shouxian:request:${requestId}`,
    }),
  };
};
