import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Command } from 'commander';
import { actorLabel, factLabel, stageLabel } from './labels.ts';
import { play, type Story, tell } from './story.ts';
import { UnexpectedAnswer, type World } from './world.ts';

/** A world on an embedded installation, reached by nothing but its address. */
const worldAt = (baseUrl: string, progress: (line: string) => void): World => {
  const post = async (path: string, body: object): Promise<Record<string, string>> => {
    const response = await fetch(`${baseUrl}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const answer = (await response.json()) as Record<string, string>;
    if (!response.ok) throw new UnexpectedAnswer(`${path}: ${JSON.stringify(answer)}`);
    return answer;
  };
  return {
    baseUrl,
    send: (url, init) => fetch(url, init),
    token: async (personId) => (await post('/local/token', { personId }))['access_token'] ?? '',
    now: async () => ((await (await fetch(`${baseUrl}/local/clock`)).json()) as { now: string }).now,
    advanceTo: async (to) => {
      await post('/local/clock', { to });
      progress(`the clock: ${to}`);
    },
    progress,
  };
};

/** Starts an installation of its own, in a folder that goes away with it. */
const startInstallation = async (): Promise<{
  readonly baseUrl: string;
  readonly stop: () => Promise<void>;
}> => {
  const folder = mkdtempSync(join(tmpdir(), 'shouxian-demo-'));
  const main = join(import.meta.dirname, '..', 'main.ts');
  const child: ChildProcess = spawn(
    process.execPath,
    [
      main,
      '--port',
      '0',
      '--data',
      folder,
      '--clock',
      'virtual',
      '--at',
      '2022-09-05T09:00:00+08:00',
      '--json',
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  if (child.stdout === null) throw new Error('the installation has no output');
  for await (const line of createInterface({ input: child.stdout })) {
    const { ready, baseUrl } = JSON.parse(line) as { ready?: true; baseUrl: string };
    // Its functions write their log on the same output.
    if (ready === undefined) continue;
    const stop = async (): Promise<void> => {
      child.kill('SIGTERM');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    };
    return { baseUrl, stop };
  }
  throw new Error('the installation did not start');
};

const titles = {
  straight: '一、一户直达解除 / straight to the release',
  contested: '二、异议成立，第二轮重新公示 / stopped by an upheld objection, second round',
  late: '三、26日核查通过，次月上报 / approved on the 26th, filed a month later',
} as const;

const printStory = ({ cases, ledger }: Story): void => {
  for (const { part, caseNumber, round, stage, timeline } of cases) {
    const released = timeline.find(({ type }) => type === 'release-announced');
    console.log(`\n${titles[part]}`);
    console.log(
      `${caseNumber}  第${round}轮 / round ${round}  ${stageLabel(stage)}${released === undefined ? '' : `  风险消除 / released ${released.at}`}`,
    );
    for (const { at, type, by } of timeline) console.log(`  ${at}  ${factLabel(type)}${actorLabel(by)}`);
  }
  console.log('\n台账核验 / ledger check');
  for (const { streamId, events, verified, problems } of ledger.streams) {
    console.log(
      `  ${verified ? '✓' : '✗'} ${streamId.padEnd(24)} ${String(events).padStart(3)} events ${problems.join(' ')}`,
    );
  }
  console.log(
    `  ${ledger.events} events, ${ledger.verified ? '全部核验通过 / all verified' : '核验未通过 / NOT verified'}`,
  );
};

const { baseUrl: given, json } = new Command('shouxian-demo')
  .description('三户的故事 / plays three households through the API, each step by its own actor')
  .option(
    '--base-url <url>',
    'an installation that runs already, with --clock virtual and untouched demo data',
  )
  .option('--json', 'prints one JSON object instead', false)
  .parse()
  .opts<{ baseUrl?: string; json: boolean }>();

const started = Date.now();
const installation =
  given === undefined ? await startInstallation() : { baseUrl: given, stop: async () => undefined };
try {
  const world = worldAt(installation.baseUrl, (line) =>
    console.error(`${((Date.now() - started) / 1000).toFixed(1).padStart(6)} s  ${line}`),
  );
  const story = await tell(world, await play(world));
  if (json) console.log(JSON.stringify(story));
  else printStory(story);
  process.exitCode = story.ledger.verified ? 0 : 1;
} finally {
  await installation.stop();
}
