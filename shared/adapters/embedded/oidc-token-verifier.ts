import { createLocalJWKSet, errors, type JSONWebKeySet, jwtVerify } from 'jose';
import { millisOf } from '../../domain/calendar/instant.ts';
import type { Clock } from '../../ports/clock.ts';
import type { TokenVerifier } from '../../ports/identity.ts';

export type IssuerTerms = {
  readonly issuer: string;
  readonly audience: string;
  readonly keys: JSONWebKeySet;
  readonly clock: Clock;
};

/** Checks bearer tokens as an HTTP API's JWT authoriser does: RS256, issuer, audience, and an expiry that must be there. */
export const createOidcTokenVerifier = ({ issuer, audience, keys, clock }: IssuerTerms): TokenVerifier => {
  const keySet = createLocalJWKSet(keys);
  return {
    async verify(header) {
      if (header === undefined) return { refusal: 'token-missing' };
      const token = /^Bearer ([\w-]+\.[\w-]+\.[\w-]+)$/i.exec(header)?.[1];
      if (token === undefined) return { refusal: 'token-malformed' };
      try {
        const { payload } = await jwtVerify(token, keySet, {
          issuer,
          audience,
          algorithms: ['RS256'],
          requiredClaims: ['sub', 'exp'],
          currentDate: new Date(millisOf(clock.now())),
        });
        return {
          claims: Object.fromEntries(
            Object.entries(payload).map(([name, value]) => [
              name,
              typeof value === 'string' ? value : JSON.stringify(value),
            ]),
          ),
        };
      } catch (error) {
        if (error instanceof errors.JWTExpired) return { refusal: 'token-expired' };
        if (error instanceof errors.JWTInvalid || error instanceof errors.JWSInvalid)
          return { refusal: 'token-malformed' };
        if (error instanceof errors.JOSEError) return { refusal: 'token-rejected' };
        throw error;
      }
    },
  };
};
