/** The claims of a verified bearer token, as text. */
export type VerifiedClaims = Readonly<Record<string, string>>;

export type TokenRefusal = 'token-missing' | 'token-malformed' | 'token-expired' | 'token-rejected';

/** Checks signature, issuer, audience and lifetime of an OIDC bearer token. (On AWS the HTTP API's authoriser does.) */
export type TokenVerifier = {
  verify(
    authorizationHeader: string | undefined,
  ): Promise<{ readonly claims: VerifiedClaims } | { readonly refusal: TokenRefusal }>;
};
