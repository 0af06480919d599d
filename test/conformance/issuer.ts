import { createServer, type Server } from 'node:http';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';

/** An OIDC issuer on loopback that signs what a test asks for. */
export type TestIssuer = {
  readonly url: string;
  token(subject: string, terms?: TokenTerms): Promise<string>;
  stop(): Promise<void>;
};

export type TokenTerms = {
  readonly audience?: string;
  /** Seconds from now; negative for a token that is over. */
  readonly expiresIn?: number;
};

export const audience = 'shouxian';
const keyId = 'conformance-1';
const twelveHours = 12 * 3600;

const listen = (server: Server): Promise<string> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      if (typeof address === 'object' && address !== null) resolve(`http://127.0.0.1:${address.port}`);
      else reject(new Error('no port was given'));
    });
  });

/** @param now the time of those who read the tokens, in milliseconds since 1970. */
export const startIssuer = async (now: () => number): Promise<TestIssuer> => {
  const { privateKey, publicKey } = await generateKeyPair('RS256');
  const keys = { keys: [{ ...(await exportJWK(publicKey)), kid: keyId, alg: 'RS256', use: 'sig' }] };
  let url = '';
  const server = createServer((request, response) => {
    const documents: Readonly<Record<string, object>> = {
      '/.well-known/openid-configuration': { issuer: url, jwks_uri: `${url}/jwks` },
      '/jwks': keys,
    };
    const found = documents[request.url ?? ''];
    response
      .writeHead(found === undefined ? 404 : 200, { 'content-type': 'application/json' })
      .end(JSON.stringify(found ?? {}));
  });
  url = await listen(server);
  return {
    url,
    token(subject, { audience: named = audience, expiresIn = twelveHours } = {}) {
      const seconds = Math.floor(now() / 1000);
      return new SignJWT({})
        .setProtectedHeader({ alg: 'RS256', kid: keyId })
        .setIssuer(url)
        .setAudience(named)
        .setSubject(subject)
        .setIssuedAt(Math.min(seconds, seconds + expiresIn - 1))
        .setExpirationTime(seconds + expiresIn)
        .sign(privateKey);
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
