import type { Instant } from '../domain/calendar/instant.ts';

/** What the uploader promised, and the signature fixes. `sha256` is 64 lower-case hex digits, `size` is in bytes. */
export type UploadTerms = {
  readonly key: string;
  readonly contentType: string;
  readonly size: number;
  readonly sha256: string;
  /** Lifetime of the signature in seconds, at most 300. */
  readonly expiresInSeconds: number;
};

export type SignedUpload = {
  readonly method: 'PUT';
  readonly url: string;
  /** Must be sent exactly as given. */
  readonly headers: Readonly<Record<string, string>>;
  readonly expiresAt: Instant;
};

export type StoredEvidence = {
  readonly versionId: string;
  readonly contentType: string;
  readonly size: number;
  readonly sha256: string;
};

/** Where photos and scans are kept (S3, or a folder). Objects are versioned and never changed in place. */
export type EvidenceVault = {
  signUpload(terms: UploadTerms): Promise<SignedUpload>;
  /** @returns the named version (the newest if none is named) with the hash that the vault itself verified; `undefined` when absent. */
  inspect(key: string, versionId?: string): Promise<StoredEvidence | undefined>;
  /** A link to read one version, valid for `expiresInSeconds`. */
  signDownload(
    key: string,
    versionId: string,
    expiresInSeconds: number,
  ): Promise<{ readonly url: string; readonly expiresAt: Instant }>;
};
