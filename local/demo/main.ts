import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { Command, InvalidArgumentError } from 'commander';
import { type DistrictInput, DistrictInvalid, readDistrict, without } from '../seed/district-input.ts';
import { generateDistrict } from '../seed/generate-district.ts';
import { stops } from './agenda.ts';
import { readFigures } from './figures.ts';
import { httpWorld } from './http-world.ts';
import { keepInstallation } from './installation.ts';
import { rehearse } from './rehearse.ts';
import { reportOn } from './report.ts';
import { throwawayFolder } from './throwaway-folder.ts';

type Settings = {
  readonly seed: number;
  readonly households: number;
  readonly district?: string;
  readonly writeDistrict?: string;
  readonly without: readonly string[];
  readonly data?: string;
  readonly baseUrl?: string;
  readonly kills: number;
  readonly json: boolean;
};

const asCount =
  (least: number) =>
  (text: string): number => {
    const count = Number(text);
    if (!Number.isInteger(count) || count < least)
      throw new InvalidArgumentError(`a whole number from ${least} on`);
    return count;
  };

const settings: Settings = new Command('shouxian-demo')
  .description('一个区的一年 / rehearses a district-year through the API, each step by its own actor')
  .option('--seed <number>', 'another district for another seed', asCount(0), 2022)
  .option('--households <count>', 'how many households it monitors, 12 at least', asCount(12), 82)
  .option('--district <file>', 'plays the district in this file instead')
  .option('--write-district <file>', 'writes the district to this file and stops')
  .option(
    '--without <household>',
    'leaves this household out; may be repeated',
    (id: string, others: readonly string[]) => [...others, id],
    [],
  )
  .option(
    '--data <folder>',
    'keeps the installation there, and goes on where it was left; else in memory or a temporary folder',
  )
  .option('--base-url <url>', 'an empty installation that runs already, with a virtual clock at 2021-12-31')
  .option('--kills <count>', 'kills the installation so many times at random', asCount(0), 0)
  .option('--json', 'prints one JSON object instead of the table', false)
  .parse()
  .opts();

const fail = (message: string): never => {
  console.error(message);
  process.exit(1);
};

const districtFrom = (file: string): DistrictInput => {
  try {
    return readDistrict(readFileSync(file, 'utf8'));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== undefined) return fail(`读不到 ${file} / cannot be read: ${code}`);
    if (error instanceof DistrictInvalid) return fail(`${file}: ${error.message}`);
    throw error;
  }
};

const theDistrict = (): DistrictInput => {
  const { seed, households, district } = settings;
  const input = district === undefined ? generateDistrict({ seed, households }) : districtFrom(district);
  const known = new Set<string>(input.households.map(({ householdId }) => householdId));
  const unknown = settings.without.filter((id) => !known.has(id));
  if (unknown.length > 0) return fail(`没有这些农户 / no such households: ${unknown.join(' ')}`);
  return without(input, settings.without);
};

/** @returns what to do before a day is reached: on some days, drawn by lot, the installation is killed a moment later. */
const killer = (kills: number, kill: () => void): ((stop: { readonly day: string }) => void) => {
  const days = stops().map(({ day }) => day);
  const drawn = Array.from({ length: kills }, () => days[Math.floor(Math.random() * days.length)]);
  return ({ day }) => {
    for (const _ of drawn.filter((one) => one === day)) setTimeout(kill, Math.random() * 150);
  };
};

const play = async (input: DistrictInput): Promise<void> => {
  const started = Date.now();
  const progress = (line: string): void =>
    console.error(`${((Date.now() - started) / 1000).toFixed(1).padStart(6)} s  ${line}`);
  const { baseUrl, data } = settings;
  const folder = data ?? throwawayFolder();
  const installation = baseUrl === undefined ? await keepInstallation(folder) : undefined;
  const tidyUp = async (): Promise<void> => {
    await installation?.stop();
    if (data === undefined) rmSync(folder, { recursive: true, force: true });
  };
  process.once('SIGINT', () => {
    tidyUp().then(
      () => process.exit(130),
      () => process.exit(1),
    );
  });
  try {
    const world = await httpWorld(installation?.ready ?? (async () => baseUrl ?? ''), progress);
    await rehearse(
      world,
      input,
      killer(settings.kills, () => {
        progress('断电 / the installation is killed');
        installation?.kill();
      }),
    );
    const reading = await readFigures(world, input.division);
    const nameOf = (division: string): string =>
      input.divisions.find(({ code }) => code === division)?.name ?? division;
    console.log(settings.json ? JSON.stringify(reading.figures) : reportOn(reading, nameOf));
    for (const line of reading.inconsistent) progress(line);
    process.exitCode = reading.inconsistent.length === 0 ? 0 : 1;
  } finally {
    await tidyUp();
  }
};

const input = theDistrict();
if (settings.baseUrl !== undefined && settings.kills > 0)
  fail('只能中断自己启动的实例 / --kills is for an installation of its own, not for --base-url');
if (settings.writeDistrict === undefined) await play(input);
else writeFileSync(settings.writeDistrict, `${JSON.stringify(input, undefined, 2)}\n`);
