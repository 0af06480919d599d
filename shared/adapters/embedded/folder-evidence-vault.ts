import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { link, mkdir, open, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { type Instant, instantFromMillis, millisOf, parseInstant } from '../../domain/calendar/instant.ts';
import type { Clock } from '../../ports/clock.ts';
import type { EvidenceVault, StoredEvidence } from '../../ports/evidence-vault.ts';
import type { Ids } from '../../ports/ids.ts';

export type UploadRefusal =
  | 'upload-signature-invalid'
  | 'upload-expired'
  | 'upload-type-mismatch'
  | 'upload-size-mismatch'
  | 'upload-hash-mismatch';

export type DownloadRefusal = 'download-signature-invalid' | 'download-expired' | 'download-not-found';

/** What the gateway passes on of a `PUT` or `GET` under `/local/evidence`. Header names are lower-case. */
export type VaultRequest = {
  readonly query: Readonly<Record<string, string | undefined>>;
  readonly headers: Readonly<Record<string, string | undefined>>;
};

export type FolderEvidenceVault = EvidenceVault & {
  /** Takes an upload: signature, lifetime, type, exact size and SHA-256 are checked before it exists. */
  receive(
    request: VaultRequest,
    body: Readable,
  ): Promise<{ readonly versionId: string } | { readonly refusal: UploadRefusal }>;
  send(
    request: VaultRequest,
  ): Promise<
    { readonly stored: StoredEvidence; readonly body: Readable } | { readonly refusal: DownloadRefusal }
  >;
};

export type FolderVaultTerms = {
  readonly folder: string;
  /** Where the gateway is reached, without a slash at the end. */
  readonly baseUrl: () => string;
  readonly signingKey: Uint8Array;
  readonly clock: Clock;
  readonly ids: Ids;
};

/** A signature is good for five minutes at most, whoever asks. */
const lifetimeAtMost = 300;

type Grant = {
  readonly verb: 'put' | 'get';
  readonly key: string;
  readonly version: string;
  readonly type: string;
  readonly size: string;
  readonly sha256: string;
  readonly expires: Instant;
};

const isPresent = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'EEXIST';
const isAbsent = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'ENOENT';

/** Evidence in a folder: one folder per key, one file and one description per version, written whole and never again. */
export const createFolderEvidenceVault = ({
  folder,
  baseUrl,
  signingKey,
  clock,
  ids,
}: FolderVaultTerms): FolderEvidenceVault => {
  // Keys become one safe folder name, so that none can climb out of the vault.
  const folderOf = (key: string): string =>
    join(folder, createHash('sha256').update(key, 'utf8').digest('hex'));

  const signatureOf = (grant: Grant): string =>
    createHmac('sha256', signingKey)
      .update(
        JSON.stringify([
          grant.verb,
          grant.key,
          grant.version,
          grant.type,
          grant.size,
          grant.sha256,
          grant.expires,
        ]),
        'utf8',
      )
      .digest('hex');

  const urlOf = (grant: Grant): string => {
    const query = new URLSearchParams({ ...grant, signature: signatureOf(grant) });
    return `${baseUrl()}/local/evidence?${query.toString()}`;
  };

  const grantOf = (verb: Grant['verb'], { query }: VaultRequest): Grant | undefined => {
    const { key = '', version = '', type = '', size = '', sha256 = '', expires = '', signature = '' } = query;
    const at = parseInstant(expires);
    if (query['verb'] !== verb || at === undefined) return undefined;
    const grant: Grant = { verb, key, version, type, size, sha256, expires: at };
    const expected = Buffer.from(signatureOf(grant), 'utf8');
    const given = Buffer.from(signature, 'utf8');
    return expected.length === given.length && timingSafeEqual(expected, given) ? grant : undefined;
  };

  const expiryIn = (seconds: number): Instant =>
    instantFromMillis(millisOf(clock.now()) + Math.min(seconds, lifetimeAtMost) * 1000);

  const describe = async (key: string, versionId: string): Promise<StoredEvidence | undefined> => {
    if (!/^[0-9A-Za-z]{1,64}$/.test(versionId)) return undefined;
    try {
      return JSON.parse(await readFile(join(folderOf(key), `${versionId}.json`), 'utf8')) as StoredEvidence;
    } catch (error) {
      if (isAbsent(error)) return undefined;
      throw error;
    }
  };

  const newest = async (key: string): Promise<string | undefined> => {
    try {
      const names = await readdir(folderOf(key));
      return names
        .filter((name) => name.endsWith('.json'))
        .toSorted()
        .at(-1)
        ?.slice(0, -'.json'.length);
    } catch (error) {
      if (isAbsent(error)) return undefined;
      throw error;
    }
  };

  /** Writes a file that is on disk before it has its name. */
  const writeWhole = async (
    target: string,
    draft: string,
    write: (append: (chunk: Uint8Array) => Promise<void>) => Promise<void>,
  ): Promise<void> => {
    const handle = await open(draft, 'wx', 0o600);
    try {
      await write(async (chunk) => {
        await handle.writeFile(chunk);
      });
      await handle.sync();
      await link(draft, target).catch((error: unknown) => {
        if (!isPresent(error)) throw error;
      });
    } finally {
      await handle.close();
      await rm(draft, { force: true });
    }
  };

  return {
    async signUpload({ key, contentType, size, sha256, expiresInSeconds }) {
      const expires = expiryIn(expiresInSeconds);
      const grant: Grant = {
        verb: 'put',
        key,
        version: '',
        type: contentType,
        size: String(size),
        sha256,
        expires,
      };
      const headers = { 'content-type': contentType };
      return { method: 'PUT', url: urlOf(grant), headers, expiresAt: expires };
    },
    async inspect(key, versionId) {
      const version = versionId ?? (await newest(key));
      return version === undefined ? undefined : describe(key, version);
    },
    async signDownload(key, versionId, expiresInSeconds) {
      const expires = expiryIn(expiresInSeconds);
      const grant: Grant = { verb: 'get', key, version: versionId, type: '', size: '', sha256: '', expires };
      return { url: urlOf(grant), expiresAt: expires };
    },
    async receive(request, body) {
      const grant = grantOf('put', request);
      if (grant === undefined) return { refusal: 'upload-signature-invalid' };
      if (clock.now() >= grant.expires) return { refusal: 'upload-expired' };
      if (request.headers['content-type'] !== grant.type) return { refusal: 'upload-type-mismatch' };
      const size = Number(grant.size);
      const chunks: Uint8Array[] = [];
      const hash = createHash('sha256');
      let received = 0;
      for await (const chunk of body) {
        const bytes = chunk as Uint8Array;
        received += bytes.length;
        if (received > size) return { refusal: 'upload-size-mismatch' };
        hash.update(bytes);
        chunks.push(bytes);
      }
      if (received !== size) return { refusal: 'upload-size-mismatch' };
      const sha256 = hash.digest('hex');
      if (sha256 !== grant.sha256) return { refusal: 'upload-hash-mismatch' };
      const versionId = ids.newId();
      const at = folderOf(grant.key);
      await mkdir(at, { recursive: true, mode: 0o700 });
      await writeWhole(join(at, `${versionId}.bin`), join(at, `${versionId}.bin.draft`), async (append) => {
        for (const chunk of chunks) await append(chunk);
      });
      const stored: StoredEvidence = { versionId, contentType: grant.type, size, sha256 };
      // The description comes last: until it stands, the version does not exist.
      await writeWhole(join(at, `${versionId}.json`), join(at, `${versionId}.json.draft`), async (append) => {
        await append(Buffer.from(JSON.stringify(stored), 'utf8'));
      });
      return { versionId };
    },
    async send(request) {
      const grant = grantOf('get', request);
      if (grant === undefined) return { refusal: 'download-signature-invalid' };
      if (clock.now() >= grant.expires) return { refusal: 'download-expired' };
      const stored = await describe(grant.key, grant.version);
      if (stored === undefined) return { refusal: 'download-not-found' };
      return { stored, body: createReadStream(join(folderOf(grant.key), `${grant.version}.bin`)) };
    },
  };
};
