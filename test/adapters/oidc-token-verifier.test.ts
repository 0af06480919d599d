import fc from 'fast-check';
import { exportJWK, generateKeyPair, type JWK, SignJWT, UnsecuredJWT } from 'jose';
import { describe, expect, test } from 'vitest';
import { createOidcTokenVerifier } from '../../shared/adapters/embedded/oidc-token-verifier.ts';
import { instantFromMillis, millisOf, parseInstant } from '../../shared/domain/calendar/instant.ts';

const start = parseInstant('2022-09-28T01:00:00.000Z');
if (start === undefined) throw new Error('no instant');
let now = start;
const seconds = Math.floor(millisOf(start) / 1000);

const { privateKey, publicKey } = await generateKeyPair('RS256');
const stranger = await generateKeyPair('RS256');
const key: JWK = { ...(await exportJWK(publicKey)), kid: 'k1', alg: 'RS256', use: 'sig' };
const verifier = createOidcTokenVerifier({
  issuer: 'http://127.0.0.1:7000',
  audience: 'shouxian',
  keys: { keys: [key] },
  clock: { now: () => now },
});

const token = (change: object = {}, signingKey = privateKey): Promise<string> =>
  new SignJWT({
    sub: 'person-1',
    iss: 'http://127.0.0.1:7000',
    aud: 'shouxian',
    iat: seconds,
    exp: seconds + 60,
    ...change,
  })
    .setProtectedHeader({ alg: 'RS256', kid: 'k1' })
    .sign(signingKey);

describe('a bearer token', () => {
  test('that holds gives its claims as text', async () => {
    const verified = await verifier.verify(
      `Bearer ${await token({ name: '张三', level: 2, groups: ['a'] })}`,
    );
    expect(verified).toMatchObject({
      claims: { sub: 'person-1', name: '张三', level: '2', groups: '["a"]', exp: String(seconds + 60) },
    });
  });

  test('is taken whatever the case of the scheme', async () => {
    expect(await verifier.verify(`bearer ${await token()}`)).toMatchObject({ claims: { sub: 'person-1' } });
  });

  test('that is not there is missing', async () => {
    expect(await verifier.verify(undefined)).toEqual({ refusal: 'token-missing' });
  });

  test.each([
    '',
    'Bearer',
    'Bearer ',
    'Bearer abc',
    'Bearer a.b',
    'Basic YTpi',
    'Bearer a.b.c',
    'Bearer a.b.c d',
  ])('that is none is malformed: %j', async (header) => {
    expect(await verifier.verify(header)).toEqual({ refusal: 'token-malformed' });
  });

  test('runs out to the second, by the clock of the machine', async () => {
    const header = `Bearer ${await token()}`;
    now = instantFromMillis(millisOf(start) + 59_999);
    expect(await verifier.verify(header)).toHaveProperty('claims');
    now = instantFromMillis(millisOf(start) + 60_000);
    expect(await verifier.verify(header)).toEqual({ refusal: 'token-expired' });
    now = start;
  });

  test.each([
    ['another issuer', { iss: 'http://elsewhere' }],
    ['another audience', { aud: 'another' }],
    ['no audience', { aud: undefined }],
    ['no expiry', { exp: undefined }],
    ['nobody', { sub: undefined }],
    ['a time that has not come', { nbf: seconds + 10 }],
  ])('for %s is rejected', async (_, change) => {
    expect(await verifier.verify(`Bearer ${await token(change)}`)).toEqual({ refusal: 'token-rejected' });
  });

  test('that somebody else signed is rejected, and so is one that was altered', async () => {
    expect(await verifier.verify(`Bearer ${await token({}, stranger.privateKey)}`)).toEqual({
      refusal: 'token-rejected',
    });
    const [header, , signature] = (await token()).split('.');
    const payload = Buffer.from(JSON.stringify({ sub: 'person-2', exp: seconds + 60 })).toString('base64url');
    expect(await verifier.verify(`Bearer ${header}.${payload}.${signature}`)).toEqual({
      refusal: 'token-rejected',
    });
  });

  test('signed with the public key as a secret, or not at all, is never taken', async () => {
    const forged = await new SignJWT({ sub: 'person-1', iss: 'http://127.0.0.1:7000', aud: 'shouxian' })
      .setProtectedHeader({ alg: 'HS256', kid: 'k1' })
      .setExpirationTime(seconds + 60)
      .sign(Buffer.from(String(key.n), 'utf8'));
    expect(await verifier.verify(`Bearer ${forged}`)).toEqual({ refusal: 'token-rejected' });
    const unsigned = new UnsecuredJWT({ sub: 'person-1' }).setExpirationTime(seconds + 60).encode();
    expect(await verifier.verify(`Bearer ${unsigned}`)).toEqual({ refusal: 'token-malformed' });
    expect(await verifier.verify(`Bearer ${unsigned}AAAA`)).toEqual({ refusal: 'token-rejected' });
  });

  test('made of anything at all is refused and never breaks anything', async () => {
    const part = fc.oneof(
      fc.string(),
      fc.json().map((text) => Buffer.from(text).toString('base64url')),
      fc
        .record({ alg: fc.constantFrom('RS256', 'none', 'ES256'), kid: fc.constant('k1') })
        .map((header) => Buffer.from(JSON.stringify(header)).toString('base64url')),
    );
    await fc.assert(
      fc.asyncProperty(fc.tuple(part, part, part), async (parts) => {
        expect(await verifier.verify(`Bearer ${parts.join('.')}`)).toHaveProperty('refusal');
      }),
      { numRuns: 300 },
    );
  });
});
