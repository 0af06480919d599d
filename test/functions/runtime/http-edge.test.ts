import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import * as z from 'zod';
import { logger } from '../../../functions/runtime/defect-log.ts';
import {
  bearerHandler,
  bearerPostHandler,
  publicHandler,
  publicPostHandler,
  type Reply,
} from '../../../functions/runtime/http-edge.ts';
import type { LambdaHttpHandler, LambdaHttpResult } from '../../../functions/runtime/lambda.ts';
import { openDatabase } from '../../../shared/adapters/embedded/database.ts';
import { createSqliteRecordStore } from '../../../shared/adapters/embedded/sqlite-record-store.ts';
import type { OperationContract } from '../../../shared/contracts/operation.ts';
import { type Problem, problem } from '../../../shared/contracts/problem.ts';
import { line } from '../../../shared/contracts/text.ts';
import type { DistrictCode, PersonId } from '../../../shared/domain/access/identifiers.ts';
import { CommitContended, type IdempotencyKey } from '../../../shared/ledger/commit.ts';
import { context, httpEvent, type Sent } from './invocation.ts';

const noteContract = {
  summary: { zh: '记一笔', en: 'Take a note' },
  tag: 'Notes',
  path: z.strictObject({ thingId: z.string().regex(/^[a-z]-\d+$/) }),
  query: z.strictObject({ draft: z.enum(['yes', 'no']).exactOptional() }),
  body: z.strictObject({
    text: line(20),
    weight: z.int().min(1).max(9).exactOptional(),
    tags: z.array(z.string()).max(2).exactOptional(),
    author: z.strictObject({ name: z.string() }).exactOptional(),
  }),
  success: { status: 201, body: z.strictObject({ said: z.string() }) },
} as const satisfies OperationContract;

const readContract = {
  summary: { zh: '看一看', en: 'Look' },
  tag: 'Notes',
  path: noteContract.path,
  query: noteContract.query,
  success: noteContract.success,
} as const satisfies OperationContract;

const deps = () => ({
  store: createSqliteRecordStore(openDatabase(':memory:')),
  house: { district: '610302' as DistrictCode, registrar: 'registrar' as PersonId },
});

const claims = { sub: 'registrar' };
const json = { 'content-type': 'application/json', 'idempotency-key': 'k-1' };
const good: Sent = { headers: json, body: '{"text":"好"}', claims };

const send = (handler: LambdaHttpHandler, sent: Sent): Promise<LambdaHttpResult> =>
  handler(httpEvent(sent), context(sent.requestId));

const problemOf = ({ body = '' }: LambdaHttpResult): Problem => problem.parse(JSON.parse(body));

const logged = vi.spyOn(logger, 'error');
beforeEach(() => {
  logged.mockImplementation(() => undefined);
});
afterEach(() => {
  logged.mockReset();
});

/** A handler that counts how often it was let in. */
const counted = (reply: Reply<typeof noteContract> = { value: { said: 'yes' } }) => {
  const seen: unknown[] = [];
  const handler = bearerPostHandler(noteContract, deps(), async (request) => {
    seen.push(request);
    return reply;
  });
  return { handler, seen };
};

describe('a good request', () => {
  test('reaches the handler with what its contract let through, who asks, and the key of the request', async () => {
    const { handler, seen } = counted();
    const answered = await send(handler, {
      ...good,
      query: { draft: 'yes' },
      headers: { 'Content-Type': 'application/json; charset=UTF-8', 'IDEMPOTENCY-KEY': 'k 1' },
      body: '{"text":"  好  ","weight":3}',
    });
    expect(answered.statusCode).toBe(201);
    expect(JSON.parse(answered.body ?? '')).toEqual({ said: 'yes' });
    expect(seen).toEqual([
      {
        path: { thingId: 't-1' },
        query: { draft: 'yes' },
        body: { text: '好', weight: 3 },
        actor: { personId: 'registrar', offices: [{ role: 'bureau-officer', division: '610302' }] },
        idempotency: { owner: 'registrar', key: 'k 1', fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/) },
      },
    ]);
  });

  test('is answered so that nobody keeps it or guesses at its type', async () => {
    const answered = await send(counted().handler, good);
    expect(answered.headers).toEqual({
      'content-type': 'application/json',
      'content-language': 'zh-CN',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    });
  });

  test('may come base64-encoded', async () => {
    const { handler, seen } = counted();
    await send(handler, { ...good, base64: true, body: Buffer.from('{"text":"好"}').toString('base64') });
    expect(seen).toMatchObject([{ body: { text: '好' } }]);
  });

  test('has the same fingerprint however its names are ordered, and another for anything else', async () => {
    const fingerprints = async (...requests: readonly Sent[]): Promise<Set<string>> => {
      const { handler, seen } = counted();
      for (const request of requests) await send(handler, { ...good, ...request });
      return new Set(seen.map((each) => (each as { idempotency: IdempotencyKey }).idempotency.fingerprint));
    };
    const first: Sent = { body: '{"text":"a","weight":1}' };
    expect((await fingerprints(first, { body: '{ "weight": 1, "text": "a" }' })).size).toBe(1);
    const others: readonly Sent[] = [
      { body: '{"text":"a","weight":2}' },
      { ...first, method: 'PUT' },
      { ...first, path: '/v1/things/t-2/notes' },
    ];
    expect((await fingerprints(first, ...others)).size).toBe(4);
  });

  test('may add headers of its own', async () => {
    const { handler } = counted({ value: { said: 'yes' }, headers: { location: '/v1/things/t-1' } });
    expect((await send(handler, good)).headers).toMatchObject({ location: '/v1/things/t-1' });
  });
});

describe('bad input is a problem with a code, and the handler is never called', () => {
  const body = (text: string): Sent => ({ ...good, body: text });
  const header = (headers: Readonly<Record<string, string>>): Sent => ({ ...good, headers });

  const cases: readonly (readonly [string, Sent, number, string])[] = [
    ['no token', { headers: json, body: '{"text":"a"}' }, 401, 'token-missing'],
    ['a token without a subject', { ...good, claims: { sub: '' } }, 401, 'token-missing'],
    ['a subject that is no text', { ...good, claims: { sub: ['a'] } }, 401, 'token-missing'],
    ['a person nobody knows', { ...good, claims: { sub: 'stranger' } }, 403, 'person-not-registered'],
    ['a subject that is no key', { ...good, claims: { sub: '陌生人' } }, 403, 'person-not-registered'],
    ['no content type', header({ 'idempotency-key': 'k' }), 415, 'content-type-not-supported'],
    ['plain text', header({ ...json, 'content-type': 'text/plain' }), 415, 'content-type-not-supported'],
    [
      'another json',
      header({ ...json, 'content-type': 'application/x+json' }),
      415,
      'content-type-not-supported',
    ],
    [
      'another charset',
      header({ ...json, 'content-type': 'application/json; charset=gbk' }),
      415,
      'content-type-not-supported',
    ],
    ['no body', { headers: json, claims }, 400, 'json-malformed'],
    ['malformed JSON', body('{"text":'), 400, 'json-malformed'],
    ['a body of 64 KiB and a byte', body(JSON.stringify('a'.repeat(64 * 1024 - 1))), 413, 'body-too-large'],
    ['many bytes in few characters', body(JSON.stringify('字'.repeat(30_000))), 413, 'body-too-large'],
    [
      'bytes that are no UTF-8',
      { ...body(Buffer.from([0x22, 0xff, 0xfe, 0x22]).toString('base64')), base64: true },
      400,
      'json-malformed',
    ],
    ['__proto__', body('{"text":"a","__proto__":{"x":1}}'), 400, 'key-not-allowed'],
    ['a name twice', body('{"text":"a","text":"b"}'), 400, 'key-not-allowed'],
    ['no key', header({ 'content-type': 'application/json' }), 400, 'idempotency-key-missing'],
    ['an empty key', header({ ...json, 'idempotency-key': '' }), 400, 'idempotency-key-invalid'],
    ['a long key', header({ ...json, 'idempotency-key': 'k'.repeat(129) }), 400, 'idempotency-key-invalid'],
    [
      'a key that cannot be printed',
      header({ ...json, 'idempotency-key': 'k\n' }),
      400,
      'idempotency-key-invalid',
    ],
    [
      'a key that is not ASCII',
      header({ ...json, 'idempotency-key': '钥匙' }),
      400,
      'idempotency-key-invalid',
    ],
    ['an id that cannot be', { ...good, names: { thingId: '../t-1' } }, 404, 'not-found'],
    ['an unknown field', body('{"text":"a","extra":1}'), 422, 'request-invalid'],
    ['an unknown query', { ...good, query: { debug: '1' } }, 422, 'request-invalid'],
    ['a zero-width character', body('{"text":"a\\u200bb"}'), 422, 'request-invalid'],
    ['a bidirectional character', body('{"text":"a\\u202eb"}'), 422, 'request-invalid'],
  ];

  test.each(cases)('%s', async (_what, sent, status, code) => {
    const { handler, seen } = counted();
    const answered = await send(handler, sent);
    expect(answered.headers).toMatchObject({
      'content-type': 'application/problem+json',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'content-language': 'zh-CN',
    });
    expect(answered.statusCode).toBe(status);
    expect(problemOf(answered)).toMatchObject({ status, code, type: `urn:shouxian:problem:${code}` });
    expect(seen).toEqual([]);
    expect(logged).not.toHaveBeenCalled();
  });

  test('a 401 says how to come back', async () => {
    const answered = await send(counted().handler, { ...good, claims: {} });
    expect(answered.headers).toMatchObject({ 'www-authenticate': 'Bearer' });
  });

  test('every wrong field is told by place, name and a code of ours', async () => {
    const text = '{"weight":10,"tags":["a","b","c"],"author":{"name":3,"age":4}}';
    const answered = await send(counted().handler, { ...body(text), query: { draft: 'maybe' } });
    const { errors = [] } = problemOf(answered);
    expect(errors.map(({ in: place, field, code }) => `${place} ${field} ${code}`).toSorted()).toEqual([
      'body author.age field-unknown',
      'body author.name type-wrong',
      'body tags too-long',
      'body text field-missing',
      'body weight too-big',
      'query draft value-not-allowed',
    ]);
    expect(errors.every(({ message }) => /\p{Script=Han}/u.test(message))).toBe(true);
    // What the checking library says is not ours to promise, and may quote what was sent.
    expect(JSON.stringify(errors)).not.toMatch(/expected|Invalid|maybe/);
  });

  test('a thousand unknown fields are not all told', async () => {
    const fields = Object.fromEntries(Array.from({ length: 1000 }, (_, index) => [`f${index}`, 1]));
    const answered = await send(counted().handler, body(JSON.stringify({ text: 'a', ...fields })));
    expect(problemOf(answered).errors).toHaveLength(50);
  });
});

describe('what may not be seen', () => {
  test('an id that cannot be, a thing that is not and a thing of others read the same but for the request id', async () => {
    const unknown = counted({ refusal: { code: 'not-found' } }).handler;
    const impossible = await send(unknown, { ...good, names: { thingId: '?' }, requestId: 'r-2' });
    const absent = await send(unknown, { ...good, requestId: 'r-3' });
    expect({ ...impossible, body: impossible.body?.replace('r-2', '') }).toEqual({
      ...absent,
      body: absent.body?.replace('r-3', ''),
    });
  });
});

describe('a refusal of a use case', () => {
  test('leaves with its status, its field and what explains it', async () => {
    const refusal = { code: 'too-early', field: 'decision', because: ['2022-10-09'] } as const;
    const answered = await send(counted({ refusal }).handler, { ...good, requestId: 'r-9' });
    expect(answered.statusCode).toBe(409);
    expect(problemOf(answered)).toEqual({
      type: 'urn:shouxian:problem:too-early',
      title: '尚未到办理时间',
      titleEn: 'It is too early for this',
      status: 409,
      ...refusal,
      instance: 'urn:shouxian:request:r-9',
    });
  });
});

describe('a defect', () => {
  const failing = (error: Error) =>
    bearerPostHandler(noteContract, deps(), async () => {
      throw error;
    });

  test('is an internal error that tells nobody what it choked on, not even the log', async () => {
    const secret = '张三 610302197001011234\n    at 张三 (file:///secret.ts:1:1)';
    const answered = await send(failing(new TypeError(secret, { cause: new Error(secret) })), good);
    expect(answered.statusCode).toBe(500);
    expect(problemOf(answered).code).toBe('internal-error');
    const told = JSON.stringify([answered, logged.mock.calls]);
    expect(told).not.toMatch(/张三|6103021970|secret/);
    expect(logged).toHaveBeenCalledExactlyOnceWith('defect', {
      requestId: 'r-1',
      defect: [
        { name: 'TypeError', frames: expect.arrayContaining([expect.stringContaining('http-edge.test.ts')]) },
        { name: 'Error', frames: expect.anything() },
      ],
    });
  });

  test('in what a handler answers does not leave the house', async () => {
    const reply = { value: { said: 'yes', phone: '13900000000' } };
    const answered = await send(counted(reply).handler, good);
    expect(answered.statusCode).toBe(500);
    expect(JSON.stringify([answered, logged.mock.calls])).not.toContain('13900000000');
  });

  test('is none where others were only in the way: the same request may be sent again', async () => {
    const answered = await send(failing(new CommitContended()), good);
    expect(answered.statusCode).toBe(503);
    expect(answered.headers).toMatchObject({ 'retry-after': '1' });
    expect(problemOf(answered).code).toBe('try-again');
    expect(logged).not.toHaveBeenCalled();
  });

  test('that takes too long asks to be sent again, and is logged', async () => {
    const late = Object.assign(new Error('late'), { name: 'TimeoutError' });
    const answered = await send(failing(late), good);
    expect(problemOf(answered).code).toBe('try-again');
    expect(logged).toHaveBeenCalledOnce();
  });
});

describe('the other doors', () => {
  test('a read needs a token but neither body nor key', async () => {
    const handler = bearerHandler(readContract, deps(), async ({ actor, body }) => ({
      value: { said: `${actor.personId} ${String(body)}` },
    }));
    const answered = await send(handler, { method: 'GET', claims });
    expect(JSON.parse(answered.body ?? '')).toEqual({ said: 'registrar undefined' });
    expect(problemOf(await send(handler, { method: 'GET' })).code).toBe('token-missing');
  });

  test('a public read needs nothing', async () => {
    const handler = publicHandler(readContract, async ({ path }) => ({ value: { said: path.thingId } }));
    expect(JSON.parse((await send(handler, { method: 'GET' })).body ?? '')).toEqual({ said: 't-1' });
  });

  test('a public POST needs a key, which belongs to its path', async () => {
    const handler = publicPostHandler(noteContract, async ({ idempotency }) => ({
      value: { said: `${idempotency.owner} ${idempotency.key}` },
    }));
    const answered = await send(handler, { headers: json, body: '{"text":"a"}' });
    expect(JSON.parse(answered.body ?? '')).toEqual({ said: 'public:/v1/things/t-1/notes k-1' });
    const keyless = await send(handler, {
      headers: { 'content-type': 'application/json' },
      body: '{"text":"a"}',
    });
    expect(problemOf(keyless).code).toBe('idempotency-key-missing');
  });
});
