import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { exportJWK, generateKeyPair, importJWK, type JSONWebKeySet, type JWK, SignJWT } from 'jose';
import { millisOf } from '../shared/domain/calendar/instant.ts';
import type { Clock } from '../shared/ports/clock.ts';

export const audience = 'shouxian';
const lifetimeSeconds = 12 * 60 * 60;

/** The built-in OIDC issuer of an embedded machine: for demo people on loopback, never for a real district. */
export type Issuer = {
  readonly keys: JSONWebKeySet;
  /** @returns a signed access token for the account, good for twelve hours of the machine's clock. */
  issue(personId: string): Promise<string>;
};

const loadKey = async (file: string): Promise<JWK> => {
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as JWK;
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  const key: JWK = { ...(await exportJWK(privateKey)), kid: 'local-1', alg: 'RS256', use: 'sig' };
  writeFileSync(`${file}.draft`, JSON.stringify(key), { mode: 0o600 });
  renameSync(`${file}.draft`, file);
  return key;
};

/** @param url the issuer as it stands in the tokens. */
export const createIssuer = async (file: string, url: () => string, clock: Clock): Promise<Issuer> => {
  const key = await loadKey(file);
  const { kty, n, e, kid, alg, use } = key;
  const signingKey = await importJWK(key, 'RS256');
  return {
    keys: { keys: [{ kty, n, e, kid, alg, use } as JWK] },
    async issue(personId) {
      const now = Math.floor(millisOf(clock.now()) / 1000);
      return new SignJWT({})
        .setProtectedHeader({ alg: 'RS256', kid: 'local-1' })
        .setIssuer(url())
        .setAudience(audience)
        .setSubject(personId)
        .setIssuedAt(now)
        .setExpirationTime(now + lifetimeSeconds)
        .sign(signingKey);
    },
  };
};
