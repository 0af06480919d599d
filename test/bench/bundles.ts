import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build, type Metafile } from 'esbuild';
import { type FunctionName, functionEntries } from '../../functions/manifest.ts';
import { bundleFunctions, bundleSettings } from '../../infra/bundles.ts';
import { median } from './arithmetic.ts';
import { type Measured, rowOf } from './report.ts';

const bytesGoal = 1.5;
const initGoal = 1.3;
const repository = join(import.meta.dirname, '..', '..');

/** What a function takes from each package of the SDK: names of clients, commands and errors. */
export type SdkUse = ReadonlyMap<string, ReadonlySet<string>>;

/** @returns what a source takes from the SDK; types leave nothing in a bundle. */
export const sdkImportsOf = (source: string): readonly { readonly from: string; readonly name: string }[] =>
  [...source.matchAll(/^import \{([^}]*)\} from '(@aws-sdk\/[^']+)'/gm)].flatMap(
    ([, names = '', from = '']) =>
      names
        .split(',')
        .map((name) => name.trim())
        .filter((name) => /^\w+$/.test(name))
        .map((name) => ({ from, name })),
  );

const outputOf = (metafile: Metafile, name: string): Metafile['outputs'][string] => {
  const found = Object.entries(metafile.outputs).find(([path]) => path.endsWith(`${name}/index.mjs`));
  if (found === undefined) throw new Error(`no bundle ${name}`);
  return found[1];
};

/** Read from our own sources in its bundle: the adapters name the SDK's parts, the wiring constructs the clients. */
const sdkUseOf = (metafile: Metafile, name: FunctionName): SdkUse => {
  const use = new Map<string, Set<string>>();
  for (const path of Object.keys(outputOf(metafile, name).inputs)) {
    if (!/^(shared|functions)\//.test(path) || !path.endsWith('.ts')) continue;
    for (const { from, name: part } of sdkImportsOf(readFileSync(join(repository, path), 'utf8')))
      use.set(from, (use.get(from) ?? new Set()).add(part));
  }
  return use;
};

/** @returns a module that constructs the same clients in the same way and holds on to the same commands, and no more. */
export const floorSource = (use: SdkUse, clientSettings: string): string => {
  const imports = [...use].map(([from, parts]) => `import { ${[...parts].join(', ')} } from '${from}';`);
  const parts = [...use.values()].flatMap((names) => [...names]);
  const held = parts.map((part) => {
    if (!part.endsWith('Client')) return part;
    const settings =
      part === 'S3Client'
        ? `{ ...clientSettings, requestChecksumCalculation: 'WHEN_REQUIRED' }`
        : 'clientSettings';
    return `new ${part}(${settings})`;
  });
  return [
    ...imports,
    `import { clientSettings } from '${clientSettings}';`,
    `const held = [${held.join(', ')}];`,
    'export const handler = async () => held.length;',
  ].join('\n');
};

/** Everything that any function may ask its environment for; nothing is called. */
const environment = {
  AWS_REGION: 'eu-central-1',
  AWS_ACCESS_KEY_ID: 'bench',
  AWS_SECRET_ACCESS_KEY: 'bench',
  RECORDS_TABLE: 'records',
  EVIDENCE_BUCKET: 'evidence',
  PERSONAL_DATA_KEY: 'arn:aws:kms:eu-central-1:000000000000:key/bench',
  RELEASE_CASE_ARN: 'arn:aws:states:eu-central-1:000000000000:stateMachine:release-case',
  MONTHLY_FILING_ARN: 'arn:aws:states:eu-central-1:000000000000:stateMachine:monthly-filing',
  CITY_REPORT_ARN: 'arn:aws:states:eu-central-1:000000000000:stateMachine:city-report',
  DISTRICT: '610302',
  REGISTRAR: 'registrar',
  SHOUXIAN_STAGE: 'rehearsal',
  LOG_LEVEL: 'INFO',
};

/** @returns how long a fresh process took to import the file: the process itself, which starts alike, is left out. */
const initMillis = (file: string): number => {
  const script = `const began = performance.now(); await import(${JSON.stringify(file)}); process.stdout.write(String(performance.now() - began)); process.exit();`;
  const told = execFileSync(process.execPath, ['--input-type=module', '-e', script], { env: environment });
  return Number(String(told));
};

type Pair = {
  readonly name: FunctionName;
  readonly bytes: number;
  readonly floorBytes: number;
  readonly file: string;
  readonly floorFile: string;
};

const buildPairs = async (
  root: string,
): Promise<{ readonly pairs: readonly Pair[]; readonly without: string[] }> => {
  const { folderOf, metafile } = await bundleFunctions();
  const pairs: Pair[] = [];
  const without: string[] = [];
  const floors = new Map<string, { readonly file: string; readonly bytes: number }>();
  for (const [name] of functionEntries()) {
    const use = sdkUseOf(metafile, name);
    if (use.size === 0) {
      without.push(name);
      continue;
    }
    const source = floorSource(use, './functions/runtime/aws/client-settings.ts');
    let floor = floors.get(source);
    if (floor === undefined) {
      const outfile = join(root, 'floors', String(floors.size), 'index.mjs');
      const { outExtension: _many, ...settings } = bundleSettings;
      const built = await build({
        ...settings,
        stdin: { contents: source, resolveDir: repository, loader: 'ts' },
        outfile,
      });
      floor = { file: outfile, bytes: outputOf(built.metafile, '').bytes };
      floors.set(source, floor);
    }
    const { bytes } = outputOf(metafile, name);
    const file = join(folderOf(name), 'index.mjs');
    pairs.push({ name, bytes, floorBytes: floor.bytes, file, floorFile: floor.file });
  }
  return { pairs, without };
};

const kilobytes = (bytes: number): string => `${(bytes / 1024).toFixed(0)} KB`;

type Compared = { readonly name: string; readonly ratio: number; readonly line: string };
const worstOf = (compared: readonly Compared[]): readonly Compared[] =>
  compared.toSorted((a, b) => b.ratio - a.ratio);

/** Size and start of every Lambda bundle, against a bundle of nothing but the same SDK clients and commands. */
export const measureBundles = async (
  root: string,
  starts: number,
  progress: (line: string) => void,
): Promise<readonly Measured[]> => {
  mkdirSync(join(root, 'floors'));
  const { pairs, without } = await buildPairs(root);
  const sizes = worstOf(
    pairs.map(({ name, bytes, floorBytes }) => ({
      name,
      ratio: bytes / floorBytes,
      line: `${name}: ${kilobytes(bytes)} / ${kilobytes(floorBytes)} = ${(bytes / floorBytes).toFixed(2)}`,
    })),
  );
  progress('bundles and floors built');
  const times = new Map<string, number[]>();
  const note = (file: string): void => {
    times.set(file, [...(times.get(file) ?? []), initMillis(file)]);
  };
  for (let start = 0; start < starts; start += 1) {
    for (const { file, floorFile } of pairs) {
      note(file);
      note(floorFile);
    }
    progress(`starts: ${start + 1} of ${starts}`);
  }
  const timeOf = (file: string): number => median(times.get(file) ?? []);
  const inits = worstOf(
    pairs.map(({ name, file, floorFile }) => {
      const [own, floor] = [timeOf(file), timeOf(floorFile)];
      const ratio = own / floor;
      const line = `${name}: ${own.toFixed(0)} ms / ${floor.toFixed(0)} ms = ${ratio.toFixed(2)}`;
      return { name, ratio, line };
    }),
  );
  const left = `left out, using no client of the SDK: ${without.join(', ')}`;
  const measured = (name: string, compared: readonly Compared[], goal: number): Measured => ({
    row: rowOf({ name, value: compared[0]?.ratio ?? 0, unit: 'x', goal }),
    counted: [...compared.map(({ line }) => line), left],
  });
  return [measured('bundle-vs-floor', sizes, bytesGoal), measured('init-vs-floor', inits, initGoal)];
};
