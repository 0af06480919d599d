import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { setImmediate } from 'node:timers/promises';
import { generateKeyPair, SignJWT } from 'jose';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { uploadPhoto } from '../../local/demo/photo.ts';
import { askFor } from '../../local/demo/world.ts';
import { type Machine, type MachineOptions, startMachine } from '../../local/machine.ts';
import { ClockRefused } from '../../local/machine-clock.ts';
import { importDemoDistrict } from '../../local/seed/import-district.ts';
import { MasterKeyMissing } from '../../shared/adapters/embedded/file-key-vault.ts';
import type { DistrictCode, PersonId } from '../../shared/domain/access/identifiers.ts';
import type { CivilDate, Instant } from '../../shared/domain/calendar/instant.ts';
import { type EmbeddedWorld, embeddedWorld } from '../support/embedded-world.ts';
import { reportCandidate } from '../support/three-households/steps.ts';

const main = join(import.meta.dirname, '..', '..', 'local', 'main.ts');

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'shouxian-machine-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

type Life = {
  readonly ready: Promise<{ readonly baseUrl: string; readonly imported: number; readonly now: string }>;
  readonly ended: Promise<{ readonly code: number | null; readonly errors: string }>;
  kill(signal: NodeJS.Signals): void;
};

const live = (...args: readonly string[]): Life => {
  const child = spawn(process.execPath, [main, '--data', folder, '--json', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let errors = '';
  child.stderr.on('data', (chunk) => {
    errors += String(chunk);
  });
  const ready = new Promise<{ baseUrl: string; imported: number; now: string }>((resolve) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const said = JSON.parse(line) as { ready?: true; baseUrl: string; imported: number; now: string };
      if (said.ready) resolve(said);
    });
  });
  const ended = new Promise<{ code: number | null; errors: string }>((resolve) => {
    child.once('close', (code) => resolve({ code, errors }));
  });
  return { ready, ended, kill: (signal) => child.kill(signal) };
};

/** Looks into the folder of a running machine until its import is under way. */
const untilImporting = async (): Promise<void> => {
  const file = join(folder, 'shouxian.db');
  for (;;) {
    const db = existsSync(file) ? new DatabaseSync(file, { readOnly: true }) : undefined;
    try {
      const counted = db?.prepare('SELECT count(*) AS rows FROM items').get() as { rows: number } | undefined;
      if (counted !== undefined && counted.rows > 20) return;
    } catch {
      // Not yet with its tables.
    } finally {
      db?.close();
    }
    await setImmediate();
  }
};

/** Asks a running machine as one of its people. */
const ask = async (baseUrl: string, personId: string, path: string, init: RequestInit = {}) => {
  const issued = await fetch(`${baseUrl}/local/token`, {
    method: 'POST',
    body: JSON.stringify({ personId }),
  });
  const { access_token } = (await issued.json()) as { access_token: string };
  const headers = { authorization: `Bearer ${access_token}`, 'content-type': 'application/json' };
  return fetch(`${baseUrl}${path}`, { ...init, headers });
};

/** What somebody enters who has no use for the demo district. */
const registerOwnDistrict = (baseUrl: string) =>
  ask(baseUrl, 'registrar', '/v1/divisions/610302', {
    method: 'PUT',
    body: JSON.stringify({ name: '本区' }),
  });

/** Somebody else on a port of this computer. */
const squat = (): Promise<{ readonly port: number; leave(): void }> =>
  new Promise((resolve) => {
    const squatter = createServer();
    squatter.listen(0, '127.0.0.1', () => {
      const { port } = squatter.address() as { port: number };
      resolve({ port, leave: () => squatter.close() });
    });
  });

describe('the machine', () => {
  test('imports the demo district once, stops cleanly, and goes on where it stopped', async () => {
    const first = live('--port', '0', '--clock', 'virtual');
    const { imported, baseUrl } = await first.ready;
    expect(imported).toBeGreaterThan(50);
    await fetch(`${baseUrl}/local/clock`, {
      method: 'POST',
      body: JSON.stringify({ to: '2022-09-06T09:00:00+08:00' }),
    });
    first.kill('SIGTERM');
    expect(await first.ended).toEqual({ code: 0, errors: '' });
    const second = live('--port', '0', '--clock', 'virtual');
    expect(await second.ready).toMatchObject({ imported: 0, now: '2022-09-06T01:00:00.000Z' });
    second.kill('SIGINT');
    expect(await second.ended).toMatchObject({ code: 0 });
  });

  test('killed in the middle of its first import, it finishes the import at the next start', async () => {
    const first = live('--port', '0', '--clock', 'virtual');
    await untilImporting();
    first.kill('SIGKILL');
    await first.ended;
    const second = live('--port', '0', '--clock', 'virtual');
    const { baseUrl, imported } = await second.ready;
    expect(imported).toBeGreaterThan(50);
    const seen = await ask(baseUrl, 'bureau-1', '/v1/households/H-0008');
    expect(seen.status).toBe(200);
    second.kill('SIGTERM');
    await second.ended;
  });

  test('stopped in the middle of its first import, it stops cleanly and finishes at the next start', async () => {
    const first = live('--port', '0', '--clock', 'virtual');
    await untilImporting();
    first.kill('SIGTERM');
    expect(await first.ended).toEqual({ code: 0, errors: '' });
    const second = live('--port', '0', '--clock', 'virtual');
    expect((await second.ready).imported).toBeGreaterThan(50);
    second.kill('SIGTERM');
    await second.ended;
  });

  test('a folder that is in use already gets no demo district', async () => {
    const first = live('--port', '0', '--clock', 'virtual', '--no-demo');
    expect((await registerOwnDistrict((await first.ready).baseUrl)).ok).toBe(true);
    first.kill('SIGTERM');
    await first.ended;
    const second = live('--port', '0', '--clock', 'virtual');
    const { baseUrl, imported } = await second.ready;
    expect(imported).toBe(0);
    expect((await ask(baseUrl, 'registrar', '/v1/households/H-0008')).status).toBe(404);
    second.kill('SIGTERM');
    expect(await second.ended).toEqual({ code: 0, errors: '' });
  });

  test('a folder that was started without the demo district and never used gets it when asked', async () => {
    const first = live('--port', '0', '--clock', 'virtual', '--no-demo');
    expect((await first.ready).imported).toBe(0);
    first.kill('SIGTERM');
    await first.ended;
    const second = live('--port', '0', '--clock', 'virtual');
    expect((await second.ready).imported).toBeGreaterThan(50);
    second.kill('SIGTERM');
    await second.ended;
  });

  test('a second instance on the folder, and a port in use, are refused in words', async () => {
    const first = live('--port', '0', '--clock', 'virtual', '--no-demo');
    await first.ready;
    expect(await live('--port', '0').ended).toMatchObject({
      code: 1,
      errors: expect.stringContaining('in use by another instance'),
    });
    first.kill('SIGTERM');
    await first.ended;
    const squatter = await squat();
    expect(await live('--port', String(squatter.port)).ended).toMatchObject({
      code: 1,
      errors: expect.stringContaining(`port ${squatter.port} is in use`),
    });
    squatter.leave();
    expect(await live('--port', '0', '--data', main).ended).toMatchObject({
      code: 1,
      errors: expect.stringContaining('the data folder cannot be used'),
    });
    const damaged = join(folder, 'damaged');
    mkdirSync(join(damaged, 'keys'), { recursive: true });
    writeFileSync(join(damaged, 'keys', 'master.key'), 'no key');
    expect(await live('--port', '0', '--data', damaged).ended).toMatchObject({
      code: 1,
      errors: expect.stringContaining('keys/master.key is damaged'),
    });
    expect(await live('--port', 'eighty').ended).toMatchObject({
      code: 1,
      errors: expect.stringContaining('0 to 65535'),
    });
  });
});

const starting = (clock: MachineOptions['clock'], port = 0): Promise<Machine> =>
  startMachine({
    folder,
    port,
    clock,
    house: { district: '610302' as DistrictCode, registrar: 'registrar' as PersonId },
    report: (error) => {
      throw error;
    },
  });
const virtualFrom = (instant: string) => ({ virtualFrom: instant as Instant });
const rehearsal = virtualFrom('2022-09-05T01:00:00.000Z');

/** One life of the machine on the folder, in which somebody may enter something. */
const used = async (
  clock: MachineOptions['clock'],
  enter: (baseUrl: string) => Promise<unknown> = registerOwnDistrict,
): Promise<void> => {
  const machine = await starting(clock);
  await enter(machine.baseUrl);
  await machine.close();
};

describe('its clock', () => {
  test('virtual, it is refused where facts were recorded in real time', async () => {
    await used('real');
    await expect(starting(rehearsal)).rejects.toThrow(new ClockRefused('real-time-was-used'));
    // Nothing is held, and nothing left that would make a second try succeed.
    expect(readdirSync(folder).toSorted()).toEqual(['evidence', 'instance.lock', 'keys', 'shouxian.db']);
    await expect(starting(rehearsal)).rejects.toThrow(new ClockRefused('real-time-was-used'));
    await used('real');
  });

  test('real, it is refused where a virtual clock stands later than the real time', async () => {
    await used(virtualFrom('2190-09-05T01:00:00.000Z'));
    await expect(starting('real')).rejects.toThrow(new ClockRefused('virtual-clock-is-ahead'));
    await used(rehearsal);
  });

  test('real, it may follow a virtual one that lies in the past, which then does not come back', async () => {
    await used(rehearsal);
    await used('real');
    await expect(starting(rehearsal)).rejects.toThrow(new ClockRefused('real-time-was-used'));
  });

  test('virtual, it is kept when a start in real time came to nothing', async () => {
    await used(rehearsal);
    const squatter = await squat();
    await expect(starting('real', squatter.port)).rejects.toThrow('EADDRINUSE');
    squatter.leave();
    await used(rehearsal);
  });

  test('virtual, it may follow a real one on a folder that holds nothing, and its months are opened', async () => {
    await used('real', async () => undefined);
    const machine = await starting(rehearsal);
    const token = await machine.issueToken('registrar');
    await importDemoDistrict({ baseUrl: machine.baseUrl, token, today: '2022-09-05' as CivilDate });
    await machine.engine.advanceTo('2022-10-02T01:00:00.000Z' as Instant);
    expect(machine.runner.list({ workflow: 'monthly-filing', limit: 10 }).executions).toContainEqual(
      expect.objectContaining({ name: expect.stringContaining('610302902-2022-10') }),
    );
    await machine.close();
  });

  test('is refused in words', async () => {
    await used('real');
    expect(await live('--port', '0', '--clock', 'virtual').ended).toEqual({
      code: 1,
      errors: expect.stringMatching(/虚拟时钟.*used in real time/),
    });
    rmSync(folder, { recursive: true });
    await used(virtualFrom('2190-09-05T01:00:00.000Z'));
    expect(await live('--port', '0').ended).toEqual({
      code: 1,
      errors: expect.stringMatching(/真实时钟.*later than the real time/),
    });
  });
});

describe('its master key', () => {
  const keys = () => join(folder, 'keys');

  test('missing beside records is told, and not made anew: it comes back, and everything opens again', async () => {
    const machine = await starting(rehearsal);
    const token = await machine.issueToken('registrar');
    await importDemoDistrict({ baseUrl: machine.baseUrl, token, today: '2022-09-05' as CivilDate });
    await machine.close();
    const backup = join(folder, 'backup');
    renameSync(keys(), backup);
    const left = readdirSync(folder).toSorted();
    await expect(starting(rehearsal)).rejects.toThrow(MasterKeyMissing);
    expect(readdirSync(folder).toSorted()).toEqual(left);
    expect(await live('--port', '0', '--clock', 'virtual').ended).toEqual({
      code: 1,
      errors: expect.stringMatching(/缺少主密钥.*no keys\/master\.key/),
    });
    expect(readdirSync(folder).toSorted()).toEqual(left);
    renameSync(backup, keys());
    const again = await starting(rehearsal);
    const seen = await ask(again.baseUrl, 'bureau-1', '/v1/households/H-0008');
    expect(await seen.text()).toContain('上河村');
    await again.close();
  });

  test('missing beside nothing is made, as on a first start', async () => {
    await used(rehearsal, async () => undefined);
    rmSync(keys(), { recursive: true });
    await used(rehearsal);
    expect(readdirSync(keys()).toSorted()).toEqual(['issuer.json', 'master.key']);
  });
});

describe('its doors', () => {
  let open: EmbeddedWorld;
  beforeEach(async () => {
    open = await embeddedWorld();
  });
  afterEach(() => open.stop());

  const problem = async (path: string, init: RequestInit = {}) => {
    const response = await fetch(`${open.machine.baseUrl}${path}`, init);
    const body = (await response.json()) as { code: string };
    return { status: response.status, code: body.code, type: response.headers.get('content-type') };
  };
  const refusal = (status: number, code: string) => ({
    status,
    code,
    type: 'application/problem+json',
  });
  const bearing = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });
  const clock = (to: unknown) => problem('/local/clock', { method: 'POST', body: JSON.stringify({ to }) });

  test('open to no token, a broken, a foreign or an expired one for nobody', async () => {
    expect(await problem('/v1/tasks')).toEqual(refusal(401, 'token-missing'));
    expect(await problem('/v1/tasks', bearing('no-token'))).toEqual(refusal(401, 'token-malformed'));
    const { privateKey } = await generateKeyPair('RS256');
    const foreign = await new SignJWT({})
      .setProtectedHeader({ alg: 'RS256', kid: 'local-1' })
      .setIssuer(open.machine.baseUrl)
      .setAudience('shouxian')
      .setSubject('bureau-1')
      .setExpirationTime(4_070_908_800)
      .sign(privateKey);
    expect(await problem('/v1/tasks', bearing(foreign))).toEqual(refusal(401, 'token-rejected'));
    const token = await open.machine.issueToken('bureau-1');
    const [head = '', , signature = ''] = token.split('.');
    const forged = `${head}.${Buffer.from('{"sub":"bureau-1"}').toString('base64url')}.${signature}`;
    expect(await problem('/v1/tasks', bearing(forged))).toEqual(refusal(401, 'token-rejected'));
    await open.world.advanceTo('2022-09-07T00:00:00.000Z');
    expect(await problem('/v1/tasks', bearing(token))).toEqual(refusal(401, 'token-expired'));
    expect(await problem('/v1/tasks', bearing(await open.machine.issueToken('stranger')))).toEqual(
      refusal(403, 'person-not-registered'),
    );
  });

  test('unknown ways lead nowhere, and a name that is not this machine is not answered', async () => {
    expect(await problem('/v1/nothing')).toEqual(refusal(404, 'not-found'));
    expect(await problem('/v1/release-cases', { method: 'DELETE' })).toEqual(refusal(404, 'not-found'));
    expect(
      await problem('/v1/release-cases/%ff', bearing(await open.machine.issueToken('bureau-1'))),
    ).toEqual(refusal(404, 'not-found'));
  });

  test('paths that are no addresses, and names that come twice, are nobody’s fault', async () => {
    for (const path of ['//', '//elsewhere/v1/tasks', '/%', '/v1//tasks', '/local/executionsxyz']) {
      const { port } = new URL(open.machine.baseUrl);
      const status = await new Promise((resolve, reject) => {
        request({ port, path, host: '127.0.0.1', agent: false }, (response) => {
          response.resume();
          resolve(response.statusCode);
        })
          .once('error', reject)
          .end();
      });
      expect([path, status]).toEqual([path, 404]);
    }
    expect(await problem('/v1/notices?limit=1&limit=2')).toEqual(refusal(422, 'request-invalid'));
    expect(open.defects).toEqual([]);
  });

  test('bytes that are no UTF-8 are no JSON, whatever they claim', async () => {
    const refused = await problem('/v1/release-cases', {
      method: 'POST',
      headers: {
        authorization: `Bearer ${await open.machine.issueToken('leader-610302901201001')}`,
        'content-type': 'application/json',
        'idempotency-key': 'bytes',
      },
      body: Buffer.concat([Buffer.from('{"householdId":"'), Buffer.from([0xff, 0xfe]), Buffer.from('"}')]),
    });
    expect(refused).toEqual(refusal(400, 'json-malformed'));
  });

  test('evidence that was changed in the folder is said to be, and not handed out', async () => {
    const caseNumber = await reportCandidate(open.world, {
      householdId: 'H-0001',
      group: '610302901201001',
    });
    const as = 'village-610302901201';
    const { evidenceId } = await uploadPhoto(open.world, as, caseNumber, 'visit');
    for (const file of readdirSync(join(open.folder, 'evidence'), { recursive: true, encoding: 'utf8' }))
      if (file.endsWith('.bin')) writeFileSync(join(open.folder, 'evidence', file), 'another picture');
    const seen = await askFor<object>(open.world, `/v1/evidence/${evidenceId}`, { as });
    expect(seen).toMatchObject({ status: 'altered' });
    expect(seen).not.toHaveProperty('download');
  });

  test('stays open while the clock runs through months', async () => {
    let arrived = false;
    const running = open.world.advanceTo('2022-12-05T01:00:00.000Z').then(() => {
      arrived = true;
    });
    const health = await fetch(`${open.machine.baseUrl}/health`);
    expect(health.status).toBe(200);
    expect(arrived).toBe(false);
    await running;
    expect(open.defects).toEqual([]);
  });

  test('the clock runs forward only', async () => {
    expect(await clock('2022-09-05T08:00:00+08:00')).toEqual(refusal(409, 'clock-runs-forward-only'));
    expect(await clock('tomorrow')).toMatchObject({ code: 'request-invalid' });
    expect(await clock(5)).toMatchObject({ code: 'request-invalid' });
  });

  test('evidence links cannot be bent', async () => {
    expect(
      await problem('/local/evidence?verb=put&key=x&signature=00', { method: 'PUT', body: 'x' }),
    ).toMatchObject({
      code: 'upload-signature-invalid',
    });
    expect(await problem('/local/evidence?verb=get&key=x&signature=00')).toMatchObject({
      code: 'download-signature-invalid',
    });
  });
});
