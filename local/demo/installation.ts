import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { importAt } from './agenda.ts';

export type Installation = {
  /** @returns its address, once it is up; after a kill that is when it has come up again. */
  ready(): Promise<string>;
  /** Ends it without any warning, as a power cut would. It comes up again on the same folder. */
  kill(): void;
  stop(): Promise<void>;
};

type Running = { readonly child: ChildProcess; readonly baseUrl: string };

const main = join(import.meta.dirname, '..', 'main.ts');

/** Another process may hold the folder for a moment: one that is just ending. */
const startsAtMost = 20;
const restMillis = 250;

/** @returns the machine once it says that it is ready; `undefined` if it ended instead. */
const startOnce = async (folder: string, port: number): Promise<Running | undefined> => {
  const settings = ['--port', String(port), '--data', folder, '--clock', 'virtual', '--at', importAt];
  // It ends with its input, and so with this process, however that ends.
  const child = spawn(process.execPath, [main, ...settings, '--no-demo', '--attended', '--json'], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, POWERTOOLS_LOG_LEVEL: process.env['POWERTOOLS_LOG_LEVEL'] ?? 'ERROR' },
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', () => resolve(undefined));
    // Its functions write their log on the same output; it is read to the end, or they would have to wait.
    createInterface({ input: child.stdout }).on('line', (line) => {
      const { ready, baseUrl } = JSON.parse(line) as { ready?: true; baseUrl: string };
      if (ready === undefined) console.error(line);
      else resolve({ child, baseUrl });
    });
  });
};

/**
 * Keeps an installation running on the folder: whenever it ends, it is started again on the same port, so that whoever
 * was talking to it sends once more.
 */
export const keepInstallation = async (folder: string): Promise<Installation> => {
  let stopping = false;
  let port = 0;
  let running: Promise<Running>;

  const start = async (): Promise<Running> => {
    for (let attempt = 0; attempt < startsAtMost; attempt += 1) {
      const started = await startOnce(folder, port);
      if (started !== undefined) {
        port = Number(new URL(started.baseUrl).port);
        started.child.once('exit', () => {
          if (!stopping) running = start();
        });
        return started;
      }
      await new Promise((resolve) => setTimeout(resolve, restMillis));
    }
    throw new Error(`the installation does not start on ${folder}`);
  };

  running = start();
  await running;
  return {
    ready: async () => (await running).baseUrl,
    kill: () => {
      running.then(
        ({ child }) => child.kill('SIGKILL'),
        () => undefined,
      );
    },
    async stop() {
      stopping = true;
      const { child } = await running;
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
      child.kill('SIGTERM');
      await ended;
    },
  };
};
