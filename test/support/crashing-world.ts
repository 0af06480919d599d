import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout } from 'node:timers/promises';
import { build } from 'esbuild';
import type { World } from '../../local/demo/world.ts';
import { freePort } from './free-port.ts';
import { progressMark } from './progress-mark.ts';

export type Moment = 'before' | 'after';

/** A machine that dies again and again, and a world on it in which every request is sent until it is answered. */
export type CrashingWorld = World & {
  /** How often it was killed. */
  readonly kills: () => number;
  /** `workflow/State` for every state in which an execution stood when the machine was killed. */
  readonly killedIn: () => ReadonlySet<string>;
  /** From now on it survives everything. */
  spare(): Promise<void>;
  stop(): Promise<void>;
};

const dyingMillis = 100;

/** Bundled once: a machine that is started hundreds of times should not be compiled hundreds of times. */
export const bundleDoomedMachine = async (folder: string): Promise<string> => {
  const outfile = join(folder, 'doomed-machine.mjs');
  await build({
    entryPoints: [join(import.meta.dirname, 'doomed-machine.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node24',
    mainFields: ['module', 'main'],
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
    logLevel: 'error',
  });
  return outfile;
};

export const crashingWorld = async (
  entry: string,
  folder: string,
  moment: Moment,
): Promise<CrashingWorld> => {
  const port = await freePort();
  const baseUrl = `http://127.0.0.1:${port}`;
  const file = join(folder, 'shouxian.db');
  const states = new Set<string>();
  let kills = 0;
  let spared = false;
  let idleLives = 0;
  let child: ChildProcess | undefined;
  /** Settles when the machine that runs is ready, or dead already. Two requests at once must not start two of them. */
  let awake: Promise<void> | undefined;
  let broken: Error | undefined;
  let lastSeen = '';

  /** Where the executions stood, and a mark that changes with every commit. */
  const autopsy = (): void => {
    if (!existsSync(file)) return;
    const db = new DatabaseSync(file, { timeout: 5_000 });
    const standing = db
      .prepare(
        `SELECT e.workflow || '/' || b.state AS state FROM workflow_branch b JOIN workflow_execution e ON e.id = b.execution_id`,
      )
      .all() as { state: string }[];
    for (const { state } of standing) states.add(state);
    const mark = progressMark(db);
    idleLives = mark === lastSeen ? idleLives + 1 : 0;
    lastSeen = mark;
    db.close();
  };

  const start = async (): Promise<void> => {
    // A life that got nowhere (a call that is begun anew at every start, say) is followed by one that may commit once
    // more; it dies at its first step all the same.
    const survives = spared ? Number.MAX_SAFE_INTEGER : idleLives;
    const process_ = spawn(process.execPath, [entry, folder, String(port), moment, String(survives)], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: {
        ...process.env,
        NODE_COMPILE_CACHE: join(dirname(entry), 'compiled'),
        POWERTOOLS_LOG_LEVEL: 'SILENT',
      },
    });
    child = process_;
    process_.once('exit', (code, signal) => {
      child = undefined;
      awake = undefined;
      if (signal !== 'SIGKILL') {
        broken = new Error(`the machine ended by itself, with ${code ?? signal}`);
        return;
      }
      kills += 1;
      autopsy();
    });
    await new Promise<void>((resolve) => {
      process_.once('exit', () => resolve());
      const lines = createInterface({ input: process_.stdout });
      lines.once('line', () => resolve());
      lines.once('close', () => resolve());
    });
  };

  /** Sends until somebody answers: a killed machine is started again. */
  const send = async (url: string, init: RequestInit): Promise<Response> => {
    for (;;) {
      if (broken !== undefined) throw broken;
      awake ??= start();
      await awake;
      try {
        const response = await fetch(url, init);
        // Read to the end: an answer of which only the head arrived was not given.
        const body = await response.arrayBuffer();
        return new Response(body.byteLength === 0 ? null : body, {
          status: response.status,
          headers: response.headers,
        });
      } catch (error) {
        if (!(error instanceof TypeError)) throw error;
        // It is dying, or has only closed an idle connection.
        const dying = child;
        if (dying !== undefined) await Promise.race([once(dying, 'exit'), setTimeout(dyingMillis)]);
      }
    }
  };

  const post = async (path: string, body: object): Promise<Record<string, string>> => {
    const response = await send(`${baseUrl}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return (await response.json()) as Record<string, string>;
  };

  /** Ends this life as all the others; the next one, if somebody asks for it, is spared. */
  const survive = async (): Promise<void> => {
    spared = true;
    const dying = child;
    if (dying === undefined) return;
    const gone = once(dying, 'exit');
    dying.kill('SIGKILL');
    await gone;
  };

  return {
    baseUrl,
    send,
    token: async (personId) => (await post('/local/token', { personId }))['access_token'] ?? '',
    now: async () => ((await (await send(`${baseUrl}/local/clock`, {})).json()) as { now: string }).now,
    advanceTo: async (to) => {
      await post('/local/clock', { to });
    },
    progress: () => undefined,
    kills: () => kills,
    killedIn: () => states,
    spare: survive,
    stop: survive,
  };
};
