/**
 * Keys for personal data. A *scope* is what one data key protects (one household, the callbacks, …); it is bound
 * to the wrapped key, so that a wrapped key moved to another scope does not open.
 */
export type KeyVault = {
  /** @returns a fresh 32-byte key and its wrapped form (text, safe to store beside the data). */
  createDataKey(scope: string): Promise<{ readonly plaintext: Uint8Array; readonly wrapped: string }>;
  /** @throws if `wrapped` was not made for this `scope` by this vault. */
  openDataKey(scope: string, wrapped: string): Promise<Uint8Array>;
};
