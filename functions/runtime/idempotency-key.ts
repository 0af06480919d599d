import { createHmac } from 'node:crypto';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { canonicalText } from '../../shared/ledger/canonical.ts';
import type { IdempotencyKey } from '../../shared/ledger/commit.ts';
import type { Json } from '../../shared/ports/record-store.ts';
import type { Refused } from './http-types.ts';
import type { EdgeRefusalCode } from './problem-catalogue.ts';

/** What the key stands for, as it was understood: the operation, and what it was given. */
type Request = {
  readonly name: string;
  readonly path: unknown;
  readonly query: unknown;
  readonly body: unknown;
};

/**
 * Bodies may name people, so the fingerprint is keyed with the key itself, which is not kept in the clear: the record
 * of an answered request tells nobody what was sent.
 */
const fingerprint = (key: string, request: Request): string =>
  createHmac('sha256', key)
    .update(canonicalText(JSON.parse(JSON.stringify(request)) as Json), 'utf8')
    .digest('hex');

/**
 * The `Idempotency-Key` of a `POST`, 1 to 128 printable ASCII characters.
 * @param owner whose key it is. Strangers share no account, so theirs belongs to the request: two of them who happen
 *   to choose the same text do not meet.
 * @returns the key, or `idempotency-key-missing`, `idempotency-key-invalid`.
 */
export const idempotencyKeyOf = (
  event: APIGatewayProxyEventV2,
  request: Request,
  owner?: string,
): { readonly value: IdempotencyKey } | Refused<EdgeRefusalCode> => {
  const field = 'Idempotency-Key';
  const key = event.headers['idempotency-key'];
  if (key === undefined || key === '') return { refusal: { code: 'idempotency-key-missing', field } };
  if (!/^[\x20-\x7e]{1,128}$/.test(key)) return { refusal: { code: 'idempotency-key-invalid', field } };
  const of = fingerprint(key, request);
  return { value: { owner: owner ?? `anyone:${of}`, key, fingerprint: of } };
};
