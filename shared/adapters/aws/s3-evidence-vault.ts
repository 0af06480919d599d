import { GetObjectCommand, HeadObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { type Instant, instantFromMillis, millisOf } from '../../domain/calendar/instant.ts';
import type { Clock } from '../../ports/clock.ts';
import type { EvidenceVault, StoredEvidence } from '../../ports/evidence-vault.ts';

/** A signature is good for five minutes at most, whoever asks. */
const lifetimeAtMost = 300;

const checksumHeader = 'x-amz-checksum-sha256';

const base64OfHex = (hex: string): string => Buffer.from(hex, 'hex').toString('base64');

/** @returns the hash as hex; `undefined` for a checksum over parts (`…-3`), which is not the hash of the file. */
const hexOfChecksum = (checksum: string): string | undefined =>
  /^[A-Za-z0-9+/]{43}=$/.test(checksum) ? Buffer.from(checksum, 'base64').toString('hex') : undefined;

const statusOf = (error: unknown): number | undefined =>
  (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;

/** No such object or version, or a delete marker. A missing permission is 403 and stays an error. */
const saysAbsent = (error: unknown): boolean => [404, 405].includes(statusOf(error) ?? 0);

/**
 * Evidence in a versioned bucket. An upload's signature covers key, `Content-Type`, `Content-Length` and SHA-256, so S3
 * itself refuses any other file. (`Content-Length` is not among the returned headers: every client sends it unasked,
 * and browsers forbid scripts to.)
 */
export const createS3EvidenceVault = ({
  client,
  bucket,
  clock,
}: {
  readonly client: S3Client;
  readonly bucket: string;
  readonly clock: Clock;
}): EvidenceVault => {
  const expiryIn = (seconds: number): { expiresIn: number; expiresAt: Instant } => {
    const expiresIn = Math.min(seconds, lifetimeAtMost);
    return { expiresIn, expiresAt: instantFromMillis(millisOf(clock.now()) + expiresIn * 1000) };
  };

  const look = async (key: string, versionId: string | undefined): Promise<StoredEvidence | undefined> => {
    try {
      const { ChecksumSHA256, VersionId, ContentLength, ContentType } = await client.send(
        new HeadObjectCommand({
          Bucket: bucket,
          Key: key,
          ChecksumMode: 'ENABLED',
          ...(versionId === undefined ? {} : { VersionId: versionId }),
        }),
      );
      const sha256 = hexOfChecksum(ChecksumSHA256 ?? '');
      // Something that did not come by a signed upload: nobody verified it.
      if (sha256 === undefined || VersionId === undefined || ContentLength === undefined) return undefined;
      return { versionId: VersionId, contentType: ContentType ?? '', size: ContentLength, sha256 };
    } catch (error) {
      if (saysAbsent(error)) return undefined;
      throw error;
    }
  };

  return {
    async signUpload({ key, contentType, size, sha256, expiresInSeconds }) {
      const { expiresIn, expiresAt } = expiryIn(expiresInSeconds);
      const checksum = base64OfHex(sha256);
      const command = new PutObjectCommand({
        Bucket: bucket,
        Key: key,
        ContentType: contentType,
        ContentLength: size,
        ChecksumSHA256: checksum,
      });
      const url = await getSignedUrl(client, command, {
        expiresIn,
        // Content-Type is left unsigned unless it is named, and the checksum moves into the query unless it is held back.
        signableHeaders: new Set(['host', 'content-type', 'content-length', checksumHeader]),
        unhoistableHeaders: new Set([checksumHeader]),
      });
      const headers = { 'content-type': contentType, [checksumHeader]: checksum };
      return { method: 'PUT', url, headers, expiresAt };
    },
    async inspect(key, versionId) {
      try {
        return await look(key, versionId);
      } catch (error) {
        // A 400 to a HEAD has no code: a version id that S3 never gave out, or say expired credentials. The same
        // look without a version throws again unless it was the version.
        if (versionId === undefined || statusOf(error) !== 400) throw error;
        await look(key, undefined);
        return undefined;
      }
    },
    async signDownload(key, versionId, expiresInSeconds) {
      const { expiresIn, expiresAt } = expiryIn(expiresInSeconds);
      const command = new GetObjectCommand({ Bucket: bucket, Key: key, VersionId: versionId });
      return { url: await getSignedUrl(client, command, { expiresIn }), expiresAt };
    },
  };
};
