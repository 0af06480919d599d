import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import { describe, expect, test } from 'vitest';

/** The rooms of the house: who may import whom. A room is the longest prefix that fits a file. */
type Wall = {
  room: RegExp;
  /** Project files that this room may import, beside files of its own room. */
  may: readonly RegExp[];
  packages: readonly (string | RegExp)[];
};

const node = /^node:/;
const calendar = /^shared\/domain\/calendar\//;
const access = /^shared\/domain\/access\//;
const domain = /^shared\/domain\//;
const ports = /^shared\/ports\//;
const signals = /^workflows\/[^/]+\/signals\.ts$/;
const contracts = /^shared\/contracts\//;
const manifest = /^functions\/manifest\.ts$/;

const walls: readonly Wall[] = [
  { room: calendar, may: [], packages: ['zod', 'temporal-polyfill'] },
  { room: access, may: [calendar], packages: ['zod', 'temporal-polyfill'] },
  {
    room: /^shared\/domain\/([^/]+)\//,
    may: [calendar, access, /^shared\/domain\/[^/]+\/events\.ts$/],
    packages: ['zod', 'temporal-polyfill'],
  },
  { room: signals, may: [], packages: ['zod'] },
  { room: contracts, may: [], packages: ['zod'] },
  { room: ports, may: [domain, signals], packages: [] },
  { room: /^shared\/ledger\//, may: [domain, ports], packages: [node, 'canonicalize'] },
  { room: /^shared\/use-cases\//, may: [domain, ports, signals, /^shared\/ledger\//], packages: [] },
  {
    room: /^shared\/adapters\/aws\//,
    may: [ports, domain],
    packages: [node, /^@aws-sdk\//, 'ulid'],
  },
  { room: /^shared\/adapters\/embedded\//, may: [ports, domain], packages: [node, 'jose', 'ulid'] },
  {
    room: /^functions\/runtime\/aws\//,
    may: [domain, ports, /^shared\/(use-cases|ledger)\//, /^shared\/adapters\/aws\//],
    packages: [node, /^@aws-sdk\//],
  },
  {
    room: /^functions\/runtime\//,
    may: [domain, ports, contracts, signals, manifest, /^shared\/(use-cases|ledger)\//],
    packages: [node, 'zod', 'aws-lambda', /^@middy\//, /^@aws-lambda-powertools\//],
  },
  {
    room: /^functions\/.*\/handler\.ts$/,
    may: [
      domain,
      contracts,
      signals,
      ports,
      /^shared\/use-cases\//,
      /^functions\/runtime\/[^/]+\.ts$/,
      // What two handlers show in the same way.
      /^functions\/http\/[a-z-]+-body\.ts$/,
      /^docs\/openapi\.json$/,
    ],
    packages: ['zod'],
  },
  { room: /^functions\/.*\/index\.ts$/, may: [/^functions\//], packages: [] },
  { room: manifest, may: [], packages: [] },
  {
    room: /^functions\/http\/[a-z-]+-body\.ts$/,
    may: [contracts, domain, /^shared\/use-cases\//],
    packages: ['zod'],
  },
  {
    room: /^functions\/http\/[^/]+\.ts$/,
    may: [
      contracts,
      manifest,
      domain,
      /^functions\/runtime\/problem-catalogue\.ts$/,
      /^functions\/http\/openapi\.ts$/,
    ],
    packages: [node, 'zod', 'zod-openapi'],
  },
  { room: /^workflows\/asl-lint\.ts$/, may: [], packages: ['jsonata', 'zod'] },
  {
    room: /^workflows\//,
    may: [signals, calendar, manifest],
    packages: [node, /^aws-cdk-lib/, 'constructs'],
  },
  {
    room: /^infra\//,
    may: [manifest, /^workflows\//],
    packages: [node, /^aws-cdk-lib/, 'constructs', 'cdk-nag', 'esbuild'],
  },
  {
    room: /^local\/demo\//,
    // It speaks HTTP, and knows of the house nothing but its contracts; what it plays is an input of its own.
    may: [contracts, /^local\/seed\//],
    packages: [node, 'commander'],
  },
  {
    room: /^local\/seed\//,
    may: [contracts, calendar],
    packages: ['zod'],
  },
  {
    room: /^local\//,
    may: [
      /^workflows\/[^/]+\/[^/]+\.asl\.json$/,
      ports,
      domain,
      contracts,
      manifest,
      signals,
      /^shared\/(use-cases|ledger)\//,
      /^shared\/adapters\/embedded\//,
      /^functions\/(?!.*index\.ts$|runtime\/aws\/)/,
    ],
    packages: [node, 'aws-lambda', 'commander', 'croner', 'jose', 'jsonata', 'zod'],
  },
  { room: /^web\//, may: [contracts], packages: ['preact'] },
];

const root = join(import.meta.dirname, '..');
const sources = ['infra', 'functions', 'workflows', 'shared', 'local', 'web'];

const filesBelow = (folder: string): string[] => {
  const found: string[] = [];
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) found.push(...filesBelow(path));
    else if (/\.tsx?$/.test(name)) found.push(relative(root, path));
  }
  return found;
};

const present = readdirSync(root);
const files = sources
  .filter((folder) => present.includes(folder))
  .flatMap((folder) => filesBelow(join(root, folder)));
const importsOf = (source: string): string[] =>
  [
    ...source.matchAll(/^\s*(?:import|export)\b[^'";]*?\bfrom\s*['"]([^'"]+)['"]/gm),
    ...source.matchAll(/^\s*import\s*['"]([^'"]+)['"]/gm),
    ...source.matchAll(/\bimport\(\s*['"]([^'"]+)['"]/g),
  ].map((match) => match[1] ?? '');

const allows = (list: readonly (string | RegExp)[], name: string): boolean =>
  list.some((entry) =>
    typeof entry === 'string' ? name === entry || name.startsWith(`${entry}/`) : entry.test(name),
  );

describe('the walls', () => {
  test('every file lies in a room', () => {
    expect(files.length).toBeGreaterThan(8);
    expect(files.filter((file) => !walls.some((wall) => wall.room.test(file)))).toEqual([]);
  });

  test.each(files)('%s imports only what its room may', (file) => {
    const wall = walls.find((candidate) => candidate.room.test(file));
    const sameRoom = wall?.room.exec(file)?.[0];
    const trespasses = importsOf(readFileSync(join(root, file), 'utf8')).filter((specifier) => {
      if (!specifier.startsWith('.')) return !allows(wall?.packages ?? [], specifier);
      const target = normalize(join(dirname(file), specifier));
      const home = sameRoom?.endsWith('/') && target.startsWith(sameRoom);
      return home !== true && !allows(wall?.may ?? [], target);
    });
    expect(trespasses).toEqual([]);
  });

  test('no barrels, no utils, helpers or common', () => {
    expect(files.filter((file) => /(^|\/)(utils?|helpers?|common)(\/|\.ts)/.test(file))).toEqual([]);
    const barrels = files.filter(
      (file) => file.endsWith('/index.ts') && /^\s*export\s+\*/m.test(readFileSync(join(root, file), 'utf8')),
    );
    expect(barrels).toEqual([]);
  });

  test('clock and chance come in as ports', () => {
    const inside = files.filter((file) =>
      /^(shared\/(domain|use-cases|contracts|ledger|ports)|functions|workflows)\//.test(file),
    );
    const found = inside.filter((file) =>
      /new Date\(\)|Date\.now\(|Math\.random\(|randomUUID\(|Temporal\.Now|performance\.now/.test(
        readFileSync(join(root, file), 'utf8'),
      ),
    );
    expect(found).toEqual([]);
  });

  test('nothing that runs loads the CDK', () => {
    const found = files.filter(
      (file) =>
        !/^infra\/|^workflows\//.test(file) &&
        importsOf(readFileSync(join(root, file), 'utf8')).some((name) =>
          /^aws-cdk-lib|^constructs$/.test(name),
        ),
    );
    expect(found).toEqual([]);
  });
});
