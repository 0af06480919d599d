import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Machine, startMachine } from '../../local/machine.ts';
import { importDemoDistrict } from '../../local/seed/import-district.ts';
import type { DistrictCode, PersonId } from '../../shared/domain/access/identifiers.ts';
import type { CivilDate, Instant } from '../../shared/domain/calendar/instant.ts';

const root = join(import.meta.dirname, '..', '..');

/** The lines that the README asks a newcomer to type. */
const walkIn = (file: string): string => {
  const text = readFileSync(join(root, file), 'utf8');
  const walk = /<!-- walk:[^>]*-->\n```bash\n(?<lines>[\s\S]*?)\n```/.exec(text)?.groups?.['lines'];
  if (walk === undefined) throw new Error(`${file} has no walk`);
  return walk;
};

let folder = '';
let machine: Machine;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'shouxian-walk-'));
  machine = await startMachine({
    folder,
    port: 0,
    clock: { virtualFrom: '2022-09-05T01:00:00.000Z' as Instant },
    house: { district: '610302' as DistrictCode, registrar: 'registrar' as PersonId },
    report: (error) => {
      throw error;
    },
  });
  const token = await machine.issueToken('registrar');
  await importDemoDistrict({ baseUrl: machine.baseUrl, token, today: '2022-09-05' as CivilDate });
});

afterEach(async () => {
  await machine.close();
  rmSync(folder, { recursive: true, force: true });
});

test.each(['README.md', 'README.zh-CN.md'])(
  'the walk in %s works line by line',
  async (file) => {
    const run = promisify(execFile);
    // Without --norc, bash takes its piped input for a remote shell's and reads this machine's own settings first.
    const bash = ['--norc', '--noprofile', '-euo', 'pipefail', '-c', walkIn(file)];
    const { stdout, stderr } = await run('bash', bash, { env: { ...process.env, B: machine.baseUrl } });
    expect(stderr).toBe('');
    expect(stdout).not.toContain('urn:shouxian:problem');
    const lines = stdout.trim().split('\n');
    expect(lines).toContain('R-610302-2022-000001');
    expect(lines).toContain('2022-09-13');
    expect(lines).toContain('town-verification');
    expect(lines).toContain('reported');
    expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({
      streamId: 'R-610302-2022-000001',
      verified: true,
      problems: [],
    });
  },
  60_000,
);
