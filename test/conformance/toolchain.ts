import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** What a conformance run needs beside Node. */
export type Toolchain = {
  /** A Python that has MiniStack. */
  readonly python: string;
  /** The clock that jumps, for LD_PRELOAD. */
  readonly preload: string;
};

const here = import.meta.dirname;
const cache = join(here, '..', '..', '.cache', 'conformance');
const installWithinMillis = 300_000;
const compileWithinMillis = 60_000;

const digestOf = (file: string): string =>
  createHash('sha256')
    .update(readFileSync(join(here, file)))
    .digest('hex')
    .slice(0, 16);

/** Says in words of this machine why something cannot be had. */
class Unavailable extends Error {
  override readonly name = 'Unavailable';
}

const orUnavailable = async <T>(work: Promise<T>, why: string): Promise<T> => {
  try {
    return await work;
  } catch {
    throw new Unavailable(why);
  }
};

/** MiniStack in a folder of its own, installed once per list of requirements. */
const installMinistack = async (): Promise<string> => {
  const home = join(cache, `ministack-${digestOf('requirements.txt')}`);
  const python = join(home, 'bin', 'python');
  const complete = join(home, 'complete');
  if (existsSync(complete)) return python;
  await orUnavailable(
    run('python3', ['-c', 'import sys; sys.exit(sys.version_info < (3, 10))'], { timeout: 20_000 }),
    'Python 3.10 or newer (python3) is not here',
  );
  rmSync(home, { recursive: true, force: true });
  await orUnavailable(
    run('python3', ['-m', 'venv', home], { timeout: installWithinMillis }),
    'python3 cannot make a virtual environment (is its venv package installed?)',
  );
  const requirements = join(here, 'requirements.txt');
  await orUnavailable(
    run(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', requirements], {
      timeout: installWithinMillis,
    }),
    'pip could not install MiniStack (is PyPI reachable?)',
  );
  writeFileSync(complete, '');
  return python;
};

const compileClock = async (): Promise<string> => {
  const preload = join(cache, `jump-clock-${digestOf('jump-clock.c')}.so`);
  if (existsSync(preload)) return preload;
  mkdirSync(cache, { recursive: true });
  await orUnavailable(
    run('cc', ['-O2', '-shared', '-fPIC', '-o', preload, join(here, 'jump-clock.c'), '-ldl'], {
      timeout: compileWithinMillis,
    }),
    'a C compiler (cc) that compiles the jump clock is not here',
  );
  return preload;
};

const seeThatJumpsWake = async ({ python, preload }: Toolchain): Promise<void> => {
  const file = join(cache, `trial-${process.pid}`);
  writeFileSync(file, Buffer.alloc(8));
  try {
    await orUnavailable(
      run(python, [join(here, 'jumps_wake.py')], {
        timeout: 20_000,
        env: { ...process.env, LD_PRELOAD: preload, JUMP_CLOCK_FILE: file },
      }),
      'the clock of this Python cannot be moved by the jump clock',
    );
  } finally {
    rmSync(file, { force: true });
  }
};

/** Installs and compiles what is missing. @returns why, when that cannot be done on this machine. */
export const findToolchain = async (): Promise<Toolchain | { readonly unavailable: string }> => {
  try {
    if (process.platform !== 'linux') throw new Unavailable('the jump clock works on Linux with glibc only');
    const tools = { preload: await compileClock(), python: await installMinistack() };
    await seeThatJumpsWake(tools);
    return tools;
  } catch (error) {
    if (error instanceof Unavailable) return { unavailable: error.message };
    throw error;
  }
};
