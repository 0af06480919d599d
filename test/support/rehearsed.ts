import { execFile, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Figures } from '../../local/demo/figures.ts';
import type { DistrictInput } from '../../local/seed/district-input.ts';

const main = join(import.meta.dirname, '../../local/demo/main.ts');

/** In memory where the system has such a folder: a rehearsal is thousands of durable writes. */
const base = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

/**
 * Plays it in one folder, killed without warning again and again, and at last to its end: driver and installation both
 * begin anew each time. @returns the one object.
 */
export const rehearsedInPieces = async (input: DistrictInput, kills: number): Promise<Figures> => {
  const folder = mkdtempSync(join(base, 'shouxian-rehearsal-'));
  try {
    const file = join(folder, 'district.json');
    writeFileSync(file, JSON.stringify(input));
    const options = [main, '--district', file, '--data', join(folder, 'data'), '--json'];
    for (let kill = 0; kill < kills; kill += 1) {
      const driver = spawn(process.execPath, options, { detached: true, stdio: 'ignore' });
      const ended = new Promise((resolve) => driver.once('exit', resolve));
      // Long enough to come further than the last time, short enough to be cut off in the middle of something.
      await new Promise((resolve) => setTimeout(resolve, 1_500 + Math.random() * 1_000));
      // The whole group: the installation has no time to end in good order either.
      if (driver.pid !== undefined && driver.exitCode === null) process.kill(-driver.pid, 'SIGKILL');
      await ended;
    }
    const { stdout } = await promisify(execFile)(process.execPath, options);
    return JSON.parse(stdout) as Figures;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

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
