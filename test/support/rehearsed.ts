import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Figures } from '../../local/demo/figures.ts';
import type { DistrictInput } from '../../local/seed/district-input.ts';

const main = join(import.meta.dirname, '../../local/demo/main.ts');

/** In memory where the system has such a folder: a rehearsal is thousands of durable writes. */
const base = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

/** Runs the rehearsal as a person at a terminal does; @returns its one object, and what it said on the way. */
export const rehearsed = async (
  input: DistrictInput,
  ...options: readonly string[]
): Promise<{ readonly figures: Figures; readonly told: string }> => {
  const folder = mkdtempSync(join(base, 'shouxian-rehearsal-'));
  try {
    const file = join(folder, 'district.json');
    writeFileSync(file, JSON.stringify(input));
    const { stdout, stderr } = await promisify(execFile)(
      process.execPath,
      [main, '--district', file, '--json', ...options],
      { env: { ...process.env, TMPDIR: folder } },
    );
    return { figures: JSON.parse(stdout) as Figures, told: stderr };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};
