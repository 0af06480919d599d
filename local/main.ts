import { Command, InvalidArgumentError } from 'commander';
import { MasterKeyDamaged, MasterKeyMissing } from '../shared/adapters/embedded/file-key-vault.ts';
import type { DistrictCode, PersonId } from '../shared/domain/access/identifiers.ts';
import { type Instant, parseInstant } from '../shared/domain/calendar/instant.ts';
import { civilDateOf } from '../shared/domain/calendar/legal-time.ts';
import { FolderInUse } from './instance-lock.ts';
import { type Machine, startMachine } from './machine.ts';
import { ClockRefused } from './machine-clock.ts';
import { demoDistrict, demoRegistrar } from './seed/demo-district.ts';
import { importDemoDistrict } from './seed/import-district.ts';

type Settings = {
  readonly port: number;
  readonly data: string;
  readonly clock: 'real' | 'virtual';
  readonly at: Instant;
  readonly demo: boolean;
  readonly attended: boolean;
  readonly json: boolean;
};

const asPort = (text: string): number => {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new InvalidArgumentError('a port is a whole number from 0 to 65535');
  return port;
};

const asClock = (text: string): 'real' | 'virtual' => {
  if (text !== 'real' && text !== 'virtual') throw new InvalidArgumentError('real or virtual');
  return text;
};

const asInstant = (text: string): Instant => {
  const instant = parseInstant(text);
  if (instant === undefined)
    throw new InvalidArgumentError('an instant with its offset, e.g. 2022-09-05T09:00:00+08:00');
  return instant;
};

const readSettings = (): Settings =>
  new Command('shouxian')
    .description('守线 on one computer: API, workflows, ledger and timers on loopback')
    .option('--port <port>', 'port on 127.0.0.1; 0 takes a free one', asPort, 8787)
    .option('--data <folder>', 'where everything is kept', './.data')
    .option(
      '--clock <kind>',
      'real, or virtual: stands still until POST /local/clock sets it forward',
      asClock,
      'real',
    )
    .option(
      '--at <instant>',
      'where a virtual clock starts on an empty folder',
      asInstant,
      asInstant('2022-09-05T09:00:00+08:00'),
    )
    .option('--no-demo', 'do not import the demo district into an empty folder')
    .option('--attended', 'stops when its standard input ends, with whoever started it', false)
    .option('--json', 'one line of JSON when ready, instead of text for people', false)
    .parse()
    .opts();

/** Never the message of an unknown error: it may hold personal data. Its name and place are enough to find it. */
const report = (error: unknown): void => {
  const where = error instanceof Error ? (error.stack ?? '').split('\n').slice(1, 4).join('\n') : '';
  console.error(`defect: ${error instanceof Error ? error.name : typeof error}\n${where}`);
};

const fail = (message: string): never => {
  console.error(message);
  process.exit(1);
};

const clockRefusals: Readonly<Record<ClockRefused['reason'], string>> = {
  'real-time-was-used':
    '数据目录已按真实时间使用过，不能改用虚拟时钟，请用 --data 另选目录 / the folder was used in real time and cannot go on by a virtual clock; choose another with --data',
  'virtual-clock-is-ahead':
    '数据目录的虚拟时钟晚于真实时间，不能改用真实时钟，请加 --clock virtual / the virtual clock of the folder stands later than the real time; go on with --clock virtual',
};

/** What the system and SQLite say of a folder that is read-only, no folder, or holds something else than ours. */
const folderCodes = new Set(['EACCES', 'EEXIST', 'ENOTDIR', 'EPERM', 'EROFS', 'ENOSPC', 'ERR_SQLITE_ERROR']);

const start = async (settings: Settings): Promise<Machine> => {
  try {
    return await startMachine({
      folder: settings.data,
      port: settings.port,
      clock: settings.clock === 'real' ? 'real' : { virtualFrom: settings.at },
      house: { district: demoDistrict.code as DistrictCode, registrar: demoRegistrar as PersonId },
      report,
    });
  } catch (error) {
    if (error instanceof FolderInUse) {
      return fail(`数据目录正被另一个实例使用 / the folder is in use by another instance: ${settings.data}`);
    }
    if (error instanceof MasterKeyMissing) {
      return fail(
        `数据目录已有记录，但缺少主密钥 keys/master.key，个人信息无法打开；请从备份中恢复 / the folder holds records but no keys/master.key, without which nothing personal can be opened; restore it from the backup: ${settings.data}`,
      );
    }
    if (error instanceof MasterKeyDamaged) {
      return fail(
        `主密钥 keys/master.key 已损坏，请从备份中恢复 / keys/master.key is damaged; restore it from the backup: ${settings.data}`,
      );
    }
    if (error instanceof ClockRefused) return fail(`${clockRefusals[error.reason]}: ${settings.data}`);
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') {
      return fail(`端口已被占用 / port ${settings.port} is in use; choose another with --port`);
    }
    const { code } = error as NodeJS.ErrnoException;
    if (code !== undefined && folderCodes.has(code)) {
      return fail(`数据目录无法使用 / the data folder cannot be used (${code}): ${settings.data}`);
    }
    throw error;
  }
};

/**
 * The demo district is for an empty folder only: invented households do not belong among anybody's own. An import that
 * was cut off has filled the folder itself, and is finished; hence one mark before the first row and one after the last.
 * @returns how many rows were imported.
 */
const importIntoEmptyFolder = async (machine: Machine): Promise<number> => {
  const { mark } = machine;
  if (mark.has('demo-district')) return 0;
  if (machine.holdsRecords() && !mark.has('demo-district-begun')) return 0;
  mark.set('demo-district-begun');
  const rows = await importDemoDistrict({
    baseUrl: machine.baseUrl,
    token: await machine.issueToken(demoRegistrar),
    today: civilDateOf(machine.deps.clock.now()),
  });
  // The month could not be opened for towns that were not registered yet.
  await machine.runTimer('open-month');
  mark.set('demo-district');
  return rows;
};

const announce = (settings: Settings, machine: Machine, imported: number): void => {
  const now = machine.deps.clock.now();
  if (settings.json) {
    console.log(JSON.stringify({ ready: true, baseUrl: machine.baseUrl, now, imported }));
    return;
  }
  const rows = imported > 0 ? `  (导入示例区 ${imported} 行 / demo district imported)` : '';
  console.log(`守线 Shouxian  ${machine.baseUrl}`);
  console.log(`数据 data       ${settings.data}${rows}`);
  console.log(`时钟 clock      ${settings.clock}  ${now}`);
  console.log('停止 stop       Ctrl+C');
};

const settings = readSettings();
const machine = await start(settings);

let stopping = false;
const stop = (code: number): void => {
  if (stopping) return;
  stopping = true;
  machine.close().then(
    () => process.exit(code),
    (error: unknown) => {
      report(error);
      process.exit(1);
    },
  );
};
// Before anything else: a stop in the middle of the first import is a clean one too, and the next start finishes it.
process.on('SIGINT', () => stop(0));
process.on('SIGTERM', () => stop(0));
if (settings.attended) process.stdin.resume().on('end', () => stop(0));

try {
  const imported = settings.demo ? await importIntoEmptyFolder(machine) : 0;
  await machine.engine.drain();
  announce(settings, machine, imported);
} catch (error) {
  // The import breaks off when the gateway closes under it.
  if (!stopping) {
    report(error);
    stop(1);
  }
}
