import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { freePort } from '../support/free-port.ts';
import type { Toolchain } from './toolchain.ts';

/** A running MiniStack on loopback, with everything that it starts on one clock. */
export type Ministack = {
  readonly endpoint: string;
  /** For programs that shall talk to it, on its clock. */
  readonly environment: Readonly<Record<string, string>>;
  /** Its time, in milliseconds since 1970. */
  now(): number;
  /** Sets its clock forward. */
  jumpTo(millis: number): void;
  /** The last lines of what it wrote. */
  log(): string;
  stop(): void;
};

export const account = '000000000000';
export const region = 'us-east-1';

const readyWithinMillis = 30_000;
const nanosPerMilli = 1_000_000n;

/** The clock that all processes share: how far it is from the real one stands in a file. */
const sharedClock = (file: string, startsAt: number) => {
  let offset = 0;
  writeFileSync(file, Buffer.alloc(8));
  const descriptor = openSync(file, 'r+');
  const setTo = (millis: number): void => {
    offset = millis - Date.now();
    const bytes = Buffer.alloc(8);
    // The preload reads it in the byte order of the machine, as a typed array writes it.
    new BigInt64Array(bytes.buffer, bytes.byteOffset, 1)[0] = BigInt(offset) * nanosPerMilli;
    writeSync(descriptor, bytes, 0, 8, 0);
  };
  setTo(startsAt);
  return {
    now: () => Date.now() + offset,
    jumpTo: (millis: number) => {
      if (millis < Date.now() + offset) throw new Error('the clock runs forward only');
      setTo(millis);
    },
    close: () => closeSync(descriptor),
  };
};

const untilHealthy = async (endpoint: string, ended: () => boolean, log: () => string): Promise<void> => {
  for (let waited = 0; waited < readyWithinMillis && !ended(); waited += 50) {
    const answered = await fetch(`${endpoint}/_ministack/health`).catch(() => undefined);
    if (answered?.ok === true) return;
    await setTimeout(50);
  }
  throw new Error(`MiniStack did not start:\n${log()}`);
};

/** Runs a program and all that it starts for as long as its input stays open: they end with the tests, however those end. */
const untilLetGo = '"$@" < /dev/null & cat; kill -9 0';

/**
 * Starts MiniStack with its state in memory.
 * @param folder for its files; belongs to this run
 * @param startsAt where its clock begins, in milliseconds since 1970
 */
export const startMinistack = async (
  { python, preload }: Toolchain,
  folder: string,
  startsAt: number,
): Promise<Ministack> => {
  const port = await freePort();
  const endpoint = `http://127.0.0.1:${port}`;
  const offsetFile = join(folder, 'clock');
  const logFile = join(folder, 'ministack.log');
  const clock = sharedClock(offsetFile, startsAt);
  const environment = {
    // Functions run on the Node that runs the tests.
    PATH: `${dirname(process.execPath)}:${process.env['PATH'] ?? ''}`,
    HOME: folder,
    TMPDIR: folder,
    LD_PRELOAD: preload,
    JUMP_CLOCK_FILE: offsetFile,
    AWS_ENDPOINT_URL: endpoint,
    AWS_ENDPOINT_URL_S3: endpoint,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
  };
  const output = openSync(logFile, 'w');
  const child = spawn('sh', ['-c', untilLetGo, 'sh', python, join(import.meta.dirname, 'launch.py')], {
    stdio: ['pipe', output, output],
    // A group of its own, which ends as one.
    detached: true,
    env: {
      ...environment,
      BIND_HOST: '127.0.0.1',
      GATEWAY_PORT: String(port),
      MINISTACK_HOST: '127.0.0.1',
      LAMBDA_EXECUTOR: 'local',
      PYTHONDONTWRITEBYTECODE: '1',
    },
  });
  closeSync(output);
  const log = (): string => readFileSync(logFile, 'utf8').split('\n').slice(-30).join('\n');
  const stop = (): void => {
    child.stdin?.destroy();
    clock.close();
  };
  try {
    await untilHealthy(endpoint, () => child.exitCode !== null, log);
  } catch (error) {
    stop();
    throw error;
  }
  return { endpoint, environment, now: clock.now, jumpTo: clock.jumpTo, log, stop };
};
