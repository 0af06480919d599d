import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, request, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import {
  createFolderEvidenceVault,
  type FolderEvidenceVault,
} from '../../shared/adapters/embedded/folder-evidence-vault.ts';
import { ulidIds } from '../../shared/adapters/embedded/ulid-ids.ts';
import { instantFromMillis, millisOf, parseInstant } from '../../shared/domain/calendar/instant.ts';
import type { SignedUpload } from '../../shared/ports/evidence-vault.ts';

const start = parseInstant('2022-09-28T01:00:00.000Z');
if (start === undefined) throw new Error('no instant');
let now = start;
afterEach(() => {
  now = start;
});
const later = (seconds: number): void => {
  now = instantFromMillis(millisOf(start) + seconds * 1000);
};

const folder = mkdtempSync(join(tmpdir(), 'evidence-'));
let baseUrl = '';
const open = (): FolderEvidenceVault =>
  createFolderEvidenceVault({
    folder,
    baseUrl: () => baseUrl,
    signingKey: new Uint8Array(32).fill(5),
    clock: { now: () => now },
    ids: ulidIds,
  });
const vault = open();

/** The gateway in small: hands the request over, and tells the refusal or what was stored. */
const server: Server = createServer((incoming, response) => {
  const url = new URL(incoming.url ?? '', baseUrl);
  const given = {
    query: Object.fromEntries(url.searchParams),
    headers: { 'content-type': incoming.headers['content-type'] },
  };
  const answer = async (): Promise<void> => {
    if (incoming.method === 'PUT') {
      const received = await vault.receive(given, incoming);
      response.writeHead('refusal' in received ? 422 : 200).end(JSON.stringify(received));
      return;
    }
    const sent = await vault.send(given);
    if ('refusal' in sent) {
      response.writeHead(403).end(JSON.stringify(sent));
      return;
    }
    response.writeHead(200, { 'content-type': sent.stored.contentType });
    await pipeline(sent.body, response);
  };
  answer().catch(() => response.destroy());
});

beforeAll(async () => {
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('no address');
  baseUrl = `http://127.0.0.1:${address.port}`;
});
afterAll(() => {
  server.close();
  server.closeAllConnections();
  rmSync(folder, { recursive: true });
});

const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const photo = Buffer.from('\u00ff\u00d8 a photo of a house '.repeat(5000), 'latin1');

let keys = 0;
const newKey = (): string => {
  keys += 1;
  return `evidence/R-610302-2022-000001/${keys}`;
};

const signed = (key: string, bytes: Uint8Array = photo, expiresInSeconds = 120): Promise<SignedUpload> =>
  vault.signUpload({
    key,
    contentType: 'image/jpeg',
    size: bytes.length,
    sha256: sha256Of(bytes),
    expiresInSeconds,
  });

const put = async ({ url, headers }: Pick<SignedUpload, 'url' | 'headers'>, bytes: Uint8Array = photo) => {
  const response = await fetch(url, { method: 'PUT', headers, body: Buffer.from(bytes) });
  return (await response.json()) as { readonly versionId?: string; readonly refusal?: string };
};

/** Every file of the vault, whole or half. */
const filesKept = (): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => entry.name);

describe('an upload as it was signed', () => {
  test('is kept, and told with the hash that was verified', async () => {
    const key = newKey();
    expect(await vault.inspect(key)).toBeUndefined();
    const { versionId } = await put(await signed(key));
    const stored = {
      versionId,
      contentType: 'image/jpeg',
      size: photo.length,
      sha256: sha256Of(photo),
    };
    expect(await vault.inspect(key)).toEqual(stored);
    expect(await vault.inspect(key, versionId)).toEqual(stored);
    expect(await open().inspect(key, versionId)).toEqual(stored);
  });

  test('can be looked at by a link of its own, byte for byte', async () => {
    const key = newKey();
    const { versionId = '' } = await put(await signed(key));
    const { url } = await vault.signDownload(key, versionId, 60);
    const response = await fetch(url);
    expect(response.headers.get('content-type')).toBe('image/jpeg');
    expect(Buffer.from(await response.arrayBuffer()).equals(photo)).toBe(true);
  });

  test('sent twice makes two versions, and the first stays what it was', async () => {
    const key = newKey();
    const first = await put(await signed(key));
    const other = Buffer.from('another photo');
    const second = await put(await signed(key, other), other);
    expect(second.versionId).not.toBe(first.versionId);
    expect((await vault.inspect(key, first.versionId))?.sha256).toBe(sha256Of(photo));
    expect((await vault.inspect(key, second.versionId))?.sha256).toBe(sha256Of(other));
    expect((await vault.inspect(key))?.versionId).toBe(second.versionId);
  });

  test('lasts as long as was asked, and never longer than five minutes', async () => {
    expect((await signed(newKey(), photo, 120)).expiresAt).toBe('2022-09-28T01:02:00.000Z');
    expect((await signed(newKey(), photo, 86_400)).expiresAt).toBe('2022-09-28T01:05:00.000Z');
    expect((await vault.signDownload(newKey(), 'v', 86_400)).expiresAt).toBe('2022-09-28T01:05:00.000Z');
  });

  test('can climb out of the folder by no key', async () => {
    const key = '../../../climbed/\u0000out';
    const { versionId } = await put(await signed(key));
    expect((await vault.inspect(key))?.versionId).toBe(versionId);
    expect(readdirSync(folder).every((name) => /^([0-9a-f]{64}|incoming)$/.test(name))).toBe(true);
  });

  test('is readable by its owner only', async () => {
    await put(await signed(newKey()));
    const modes = readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => statSync(join(entry.parentPath, entry.name)).mode & 0o077);
    if (process.platform !== 'win32') expect(new Set(modes)).toEqual(new Set([0]));
  });
});

describe('an upload other than it was signed', () => {
  const refusedWith = async (
    refusal: string,
    upload: Pick<SignedUpload, 'url' | 'headers'>,
    bytes: Uint8Array = photo,
  ): Promise<void> => {
    const before = filesKept();
    expect(await put(upload, bytes)).toEqual({ refusal });
    expect(filesKept()).toEqual(before);
  };

  test.each(['key', 'type', 'size', 'sha256', 'expires', 'version', 'verb', 'signature'])(
    'with another %s in its link is refused',
    async (name) => {
      const upload = await signed(newKey());
      const url = new URL(upload.url);
      url.searchParams.set(name, name === 'expires' ? '2022-09-28T01:04:00.000Z' : '7');
      await refusedWith('upload-signature-invalid', { ...upload, url: url.href });
      // An upload has no version: leaving out what is empty changes nothing.
      if (name === 'version') return;
      url.searchParams.delete(name);
      await refusedWith('upload-signature-invalid', { ...upload, url: url.href });
    },
  );

  test('by a link for reading is refused', async () => {
    const { url } = await vault.signDownload(newKey(), 'v1', 60);
    await refusedWith('upload-signature-invalid', { url, headers: { 'content-type': 'image/jpeg' } });
  });

  test('by a link of another installation is refused', async () => {
    const other = createFolderEvidenceVault({
      folder: join(folder, 'incoming'),
      baseUrl: () => baseUrl,
      signingKey: new Uint8Array(32).fill(6),
      clock: { now: () => now },
      ids: ulidIds,
    });
    const terms = { key: newKey(), contentType: 'image/jpeg', size: photo.length, sha256: sha256Of(photo) };
    await refusedWith('upload-signature-invalid', await other.signUpload({ ...terms, expiresInSeconds: 60 }));
  });

  test('is refused from the very millisecond at which the signature runs out', async () => {
    const upload = await signed(newKey());
    later(120);
    await refusedWith('upload-expired', upload);
    later(119.999);
    expect(await put(upload)).toHaveProperty('versionId');
  });

  test('of another type is refused', async () => {
    const upload = await signed(newKey());
    await refusedWith('upload-type-mismatch', { ...upload, headers: { 'content-type': 'text/html' } });
  });

  test('that is a byte too short, or a byte too long, is refused', async () => {
    await refusedWith('upload-size-mismatch', await signed(newKey()), photo.subarray(1));
    await refusedWith(
      'upload-size-mismatch',
      await signed(newKey()),
      Buffer.concat([photo, Buffer.from('x')]),
    );
    await refusedWith('upload-size-mismatch', await signed(newKey()), Buffer.alloc(0));
  });

  test('far too long is refused, and its sender hears of it', async () => {
    const small = Buffer.from('a small photo');
    await refusedWith('upload-size-mismatch', await signed(newKey(), small), Buffer.alloc(5_000_000));
  });

  test('of the right size with other content is refused', async () => {
    const altered = Buffer.from(photo);
    altered[100] = (altered[100] ?? 0) ^ 1;
    await refusedWith('upload-hash-mismatch', await signed(newKey()), altered);
  });

  test('broken off in the middle leaves nothing behind', async () => {
    const key = newKey();
    const upload = await signed(key);
    const before = filesKept();
    const taken = Promise.withResolvers<unknown>();
    const listener = createServer((incoming) => {
      const query = Object.fromEntries(new URL(incoming.url ?? '', baseUrl).searchParams);
      vault.receive({ query, headers: upload.headers }, incoming).then(taken.resolve, taken.reject);
      incoming.once('data', () => sender.destroy());
    });
    await new Promise<void>((resolve) => {
      listener.listen(0, '127.0.0.1', resolve);
    });
    const address = listener.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const { search } = new URL(upload.url);
    const sender = request({ port, host: '127.0.0.1', method: 'PUT', path: `/${search}` });
    sender.on('error', () => undefined);
    sender.write(photo.subarray(0, 1000));
    expect(await taken.promise).toEqual({ refusal: 'upload-size-mismatch' });
    expect(await vault.inspect(key)).toBeUndefined();
    expect(filesKept()).toEqual(before);
    listener.close();
  });

  test('half received when the process was killed is swept away at the next start', () => {
    writeFileSync(join(folder, 'incoming', '01HALF.bin'), 'half');
    open();
    expect(filesKept()).not.toContain('01HALF.bin');
  });
});

describe('a link for reading', () => {
  const get = async (url: string) => {
    const response = await fetch(url);
    const body = await response.text();
    return response.ok ? { body } : (JSON.parse(body) as { readonly refusal: string });
  };

  test('is for one version of one key, and for a while', async () => {
    const key = newKey();
    const { versionId = '' } = await put(await signed(key));
    const { url } = await vault.signDownload(key, versionId, 60);
    const altered = new URL(url);
    altered.searchParams.set('key', newKey());
    expect(await get(altered.href)).toEqual({ refusal: 'download-signature-invalid' });
    later(60);
    expect(await get(url)).toEqual({ refusal: 'download-expired' });
  });

  test('is no link for uploading, nor the other way round', async () => {
    const upload = await signed(newKey());
    expect(await get(upload.url)).toEqual({ refusal: 'download-signature-invalid' });
  });

  test.each(['01ARZ3NDEKTSV4RRFFQ69G5FAV', '../../secret', ''])(
    'finds nothing in a version that is not there (%j)',
    async (version) => {
      const key = newKey();
      await put(await signed(key));
      const { url } = await vault.signDownload(key, version, 60);
      expect(await get(url)).toEqual({ refusal: 'download-not-found' });
    },
  );
});

describe('a file that somebody changed in the folder', () => {
  const fileOf = (key: string, versionId: string): string =>
    join(folder, createHash('sha256').update(key).digest('hex'), `${versionId}.bin`);

  test('is told with the hash that it has now, so that no decision can rest on it', async () => {
    const key = newKey();
    const { versionId = '' } = await put(await signed(key));
    writeFileSync(fileOf(key, versionId), 'forged');
    expect(await vault.inspect(key, versionId)).toMatchObject({
      size: 6,
      sha256: sha256Of(Buffer.from('forged')),
    });
  });

  test.each([
    ['half of a description', 'json', (at: string) => writeFileSync(at, '{')],
    ['a description of something else', 'json', (at: string) => writeFileSync(at, '{"a":1}')],
    [
      'a folder in its place',
      'bin',
      (at: string) => {
        rmSync(at);
        mkdirSync(at);
      },
    ],
  ] as const)('is absent where there is only %s', async (_what, part, spoil) => {
    const key = newKey();
    const { versionId = '' } = await put(await signed(key));
    spoil(fileOf(key, versionId).replace(/bin$/, part));
    expect(await vault.inspect(key, versionId)).toBeUndefined();
  });

  test('is absent once it is gone', async () => {
    const key = newKey();
    const { versionId = '' } = await put(await signed(key));
    rmSync(fileOf(key, versionId));
    expect(await vault.inspect(key, versionId)).toBeUndefined();
    const sent = await vault.send({
      query: Object.fromEntries(new URL((await vault.signDownload(key, versionId, 60)).url).searchParams),
      headers: {},
    });
    expect(sent).toEqual({ refusal: 'download-not-found' });
  });
});
