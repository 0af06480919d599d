import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { createReadStream, mkdirSync, rmSync } from 'node:fs';
import { type FileHandle, link, mkdir, open, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { type Instant, instantFromMillis, millisOf, parseInstant } from '../../domain/calendar/instant.ts';
import type { Clock } from '../../ports/clock.ts';
import type { EvidenceVault, StoredEvidence } from '../../ports/evidence-vault.ts';
import type { Ids } from '../../ports/ids.ts';
import { syncFolder } from './durable-folder.ts';

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

/** The chunks of a body. A sender who hangs up ends it: too few bytes came. The stream itself is left open. */
async function* chunksOf(body: Readable): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of body.iterator({ destroyOnReturn: false })) yield chunk as Uint8Array;
  } catch {
    return;
  }
}

/** Reads the rest and keeps none of it, so that the sender gets to hear the answer. */
const letGo = (body: Readable): void => {
  body.on('error', () => undefined).resume();
};

/** Nothing of that name, or something else than a file where one should be: either way there is no such version. */
const isAbsent = (error: unknown): boolean =>
  ['ENOENT', 'EISDIR', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '');

/** @returns the description as it was written; `undefined` if somebody else has written over it. */
const describedIn = (text: string): Pick<StoredEvidence, 'versionId' | 'contentType'> | undefined => {
  try {
    const { versionId, contentType } = JSON.parse(text) as Partial<StoredEvidence>;
    return typeof versionId === 'string' && typeof contentType === 'string'
      ? { versionId, contentType }
      : undefined;
  } catch {
    return undefined;
  }
};

/** Evidence in a folder: one folder per key, one file and one description per version, written whole and never again. */
export const createFolderEvidenceVault = ({
  folder,
  baseUrl,
  signingKey,
  clock,
  ids,
}: FolderVaultTerms): FolderEvidenceVault => {
  // What a killed process had half received is of no use to anyone.
  const incoming = join(folder, 'incoming');
  rmSync(incoming, { recursive: true, force: true });
  mkdirSync(incoming, { recursive: true, mode: 0o700 });

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

  /** What was received, with the size and the hash of what lies there now: whoever changed the file is found out. */
  const look = async (key: string, versionId: string): Promise<StoredEvidence | undefined> => {
    if (!/^[0-9A-Za-z]{1,64}$/.test(versionId)) return undefined;
    const at = join(folderOf(key), versionId);
    try {
      const described = describedIn(await readFile(`${at}.json`, 'utf8'));
      if (described === undefined) return undefined;
      const hash = createHash('sha256');
      let size = 0;
      for await (const chunk of createReadStream(`${at}.bin`)) {
        size += (chunk as Uint8Array).length;
        hash.update(chunk as Uint8Array);
      }
      return { ...described, size, sha256: hash.digest('hex') };
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

  /**
   * Writes a file that is on disk before it has its name, and never takes a name twice.
   * @param write says whether what it wrote is to be kept.
   */
  const writeWhole = async (
    at: string,
    name: string,
    write: (handle: FileHandle) => Promise<boolean>,
  ): Promise<boolean> => {
    const draft = join(incoming, name);
    const handle = await open(draft, 'wx', 0o600);
    try {
      if (!(await write(handle))) return false;
      await handle.sync();
      await mkdir(at, { recursive: true, mode: 0o700 });
      await link(draft, join(at, name));
      syncFolder(at);
      return true;
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
      return version === undefined ? undefined : look(key, version);
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
      const versionId = ids.newId();
      const at = folderOf(grant.key);
      let received = 0;
      let sha256 = '';
      const kept = await writeWhole(at, `${versionId}.bin`, async (handle) => {
        const hash = createHash('sha256');
        for await (const chunk of chunksOf(body)) {
          received += chunk.length;
          if (received > size) break;
          hash.update(chunk);
          await handle.writeFile(chunk);
        }
        sha256 = hash.digest('hex');
        return received === size && sha256 === grant.sha256;
      });
      if (!kept) {
        letGo(body);
        return { refusal: received === size ? 'upload-hash-mismatch' : 'upload-size-mismatch' };
      }
      const stored: StoredEvidence = { versionId, contentType: grant.type, size, sha256 };
      // The description comes last: until it stands, the version does not exist.
      await writeWhole(at, `${versionId}.json`, async (handle) => {
        await handle.writeFile(JSON.stringify(stored));
        return true;
      });
      syncFolder(folder);
      return { versionId };
    },
    async send(request) {
      const grant = grantOf('get', request);
      if (grant === undefined) return { refusal: 'download-signature-invalid' };
      if (clock.now() >= grant.expires) return { refusal: 'download-expired' };
      const stored = await look(grant.key, grant.version);
      if (stored === undefined) return { refusal: 'download-not-found' };
      return { stored, body: createReadStream(join(folderOf(grant.key), `${grant.version}.bin`)) };
    },
  };
};
