import { GetObjectCommand, HeadObjectCommand, S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import { mockClient } from 'aws-sdk-client-mock';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { createS3EvidenceVault } from '../../shared/adapters/aws/s3-evidence-vault.ts';
import { parseInstant } from '../../shared/domain/calendar/instant.ts';
import type { Clock } from '../../shared/ports/clock.ts';

const now = parseInstant('2022-09-28T01:00:00.000Z');
if (now === undefined) throw new Error('no instant');
const clock: Clock = { now: () => now };

/** As the functions make it. */
const client = new S3Client({
  region: 'cn-north-1',
  credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' },
  requestChecksumCalculation: 'WHEN_REQUIRED',
});
const mock = mockClient(S3Client);
afterEach(() => mock.reset());
afterAll(() => client.destroy());

const vault = createS3EvidenceVault({ client, bucket: 'evidence-bucket', clock });
const sha256 = '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08';
const checksum = Buffer.from(sha256, 'hex').toString('base64');
const terms = {
  key: 'evidence/R-610302-2022-000001/01ABC',
  contentType: 'image/jpeg',
  size: 12_345,
  sha256,
  expiresInSeconds: 120,
};

const failing = (status: number, name = 'NotFound'): S3ServiceException =>
  new S3ServiceException({ name, $fault: 'client', $metadata: { httpStatusCode: status }, message: name });

describe('a signed upload', () => {
  test('fixes one key, type, size and hash', async () => {
    const { method, url, headers } = await vault.signUpload(terms);
    const { hostname, pathname, searchParams } = new URL(url);
    expect(method).toBe('PUT');
    expect(`${hostname}${pathname}`).toBe(`evidence-bucket.s3.cn-north-1.amazonaws.com.cn/${terms.key}`);
    expect(searchParams.get('X-Amz-SignedHeaders')?.split(';')).toEqual([
      'content-length',
      'content-type',
      'host',
      'x-amz-checksum-sha256',
    ]);
    expect(headers).toMatchObject({ 'content-type': 'image/jpeg', 'x-amz-checksum-sha256': checksum });
  });

  test('holds no checksum of an empty body: S3 would refuse every file', async () => {
    const { url } = await vault.signUpload(terms);
    expect([...new URL(url).searchParams.keys()].filter((name) => /checksum|crc/i.test(name))).toEqual([]);
  });

  test.each([
    ['another type', { contentType: 'image/png' }],
    ['another size', { size: 12_346 }],
    ['another hash', { sha256: '0'.repeat(64) }],
    ['another key', { key: 'evidence/R-610302-2022-000002/01ABC' }],
  ])('%s needs another signature', async (_what, change) => {
    const signatureOf = async (given: typeof terms): Promise<string | null> =>
      new URL((await vault.signUpload(given)).url).searchParams.get('X-Amz-Signature');
    expect(await signatureOf({ ...terms, ...change })).not.toBe(await signatureOf(terms));
  });

  test.each([
    [120, '120', '2022-09-28T01:02:00.000Z'],
    [86_400, '300', '2022-09-28T01:05:00.000Z'],
  ])('asked to last %i s, lasts %s', async (expiresInSeconds, seconds, expiresAt) => {
    const upload = await vault.signUpload({ ...terms, expiresInSeconds });
    expect(new URL(upload.url).searchParams.get('X-Amz-Expires')).toBe(seconds);
    expect(upload.expiresAt).toBe(expiresAt);
  });
});

describe('a signed download', () => {
  test('is for one version and five minutes at most', async () => {
    const { url, expiresAt } = await vault.signDownload(terms.key, 'v-1', 3600);
    const { searchParams } = new URL(url);
    expect(searchParams.get('versionId')).toBe('v-1');
    expect(searchParams.get('X-Amz-Expires')).toBe('300');
    expect(expiresAt).toBe('2022-09-28T01:05:00.000Z');
    expect(mock.commandCalls(GetObjectCommand)).toEqual([]);
  });
});

describe('what lies in the bucket', () => {
  const stored = {
    VersionId: 'v-1',
    ContentType: 'image/jpeg',
    ContentLength: 12_345,
    ChecksumSHA256: checksum,
  };

  test('is told with the hash that S3 verified', async () => {
    mock.on(HeadObjectCommand).resolves(stored);
    expect(await vault.inspect(terms.key, 'v-1')).toEqual({
      versionId: 'v-1',
      contentType: 'image/jpeg',
      size: 12_345,
      sha256,
    });
    expect(mock.commandCalls(HeadObjectCommand)[0]?.args[0].input).toEqual({
      Bucket: 'evidence-bucket',
      Key: terms.key,
      VersionId: 'v-1',
      ChecksumMode: 'ENABLED',
    });
  });

  test('is the newest version where none is named', async () => {
    mock.on(HeadObjectCommand).resolves(stored);
    await vault.inspect(terms.key);
    expect(mock.commandCalls(HeadObjectCommand)[0]?.args[0].input).not.toHaveProperty('VersionId');
  });

  test.each([
    ['a key or version that is not there', 404],
    ['a version that marks a deletion', 405],
  ])('is nothing for %s', async (_what, status) => {
    mock.on(HeadObjectCommand).rejects(failing(status));
    expect(await vault.inspect(terms.key, 'v-2')).toBeUndefined();
  });

  test('is nothing for text that is no version id', async () => {
    mock
      .on(HeadObjectCommand)
      .resolves(stored)
      .on(HeadObjectCommand, { VersionId: "'; --" })
      .rejects(failing(400, 'BadRequest'));
    expect(await vault.inspect(terms.key, "'; --")).toBeUndefined();
  });

  test.each([
    ['without a hash', undefined],
    ['with a hash over parts only', `${checksum}-3`],
  ])('is no evidence %s: nobody verified it', async (_what, ChecksumSHA256) => {
    const { ChecksumSHA256: _dropped, ...rest } = stored;
    mock
      .on(HeadObjectCommand)
      .resolves({ ...rest, ...(ChecksumSHA256 === undefined ? {} : { ChecksumSHA256 }) });
    expect(await vault.inspect(terms.key)).toBeUndefined();
  });

  test.each([
    ['a missing permission', 403],
    ['credentials that ran out', 400],
    ['a fault of the service', 500],
  ])('is not taken for absent at %s', async (_what, status) => {
    mock.on(HeadObjectCommand).rejects(failing(status, 'Trouble'));
    await expect(vault.inspect(terms.key, 'v-1')).rejects.toThrow('Trouble');
  });
});
