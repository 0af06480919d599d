import { createHash } from 'node:crypto';
import {
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { type BuildOptions, build, type Metafile, type Plugin, transform } from 'esbuild';
import { type FunctionName, functionEntries } from '../functions/manifest.ts';

/** The code of every function, ready for Lambda: a folder each, holding `index.mjs` and its source map. */
export type Bundles = {
  readonly folderOf: (name: FunctionName) => string;
  /** What went into each file, as esbuild tells it. */
  readonly metafile: Metafile;
};

const root = join(import.meta.dirname, '..');
const cache = join(root, 'node_modules', '.cache', 'shouxian', 'bundles');

/** So many builds stay: enough to go back and forth between branches. */
const buildsKept = 4;

/**
 * Lambda hands a function its credentials in the environment. The SDK's default chain asks there first, and brings
 * along everything that could be asked next (profiles, single sign-on, processes, instance metadata): code that would
 * be loaded on each cold start and must never decide who a function is.
 */
const credentialsFromTheEnvironment: Plugin = {
  name: 'credentials-from-the-environment',
  setup({ onResolve, onLoad }) {
    const namespace = 'environment-credentials';
    onResolve({ filter: /^@aws-sdk\/credential-provider-node$/ }, () => ({ path: 'chain', namespace }));
    onLoad({ filter: /^chain$/, namespace }, () => ({
      contents: `export { fromEnv as defaultProvider } from '@aws-sdk/credential-provider-env';`,
      resolveDir: root,
    }));
  },
};

/**
 * The middleware engine asks of an answer that it streams whether it is a web stream. Ours are not streamed, but the
 * import alone makes Node load all of its web streams whenever a function starts: a tenth of that start.
 */
const webStreamsWhenAskedFor: Plugin = {
  name: 'web-streams-when-asked-for',
  setup({ onResolve, onLoad }) {
    const namespace = 'web-streams';
    onResolve({ filter: /^node:stream\/web$/ }, ({ importer }) =>
      /[\\/]@middy[\\/]core[\\/]/.test(importer) ? { path: 'lazily', namespace } : undefined,
    );
    onLoad({ filter: /^lazily$/, namespace }, () => ({
      contents: `export class ReadableStream {
        static [Symbol.hasInstance](value) { return value instanceof globalThis.ReadableStream; }
      }`,
    }));
  },
};

/**
 * Contracts and signals are declarations: nothing in them does anything but build a schema. Said so to the bundler, call
 * by call, a function carries and builds only the schemas that it uses, and not those that lie beside them.
 */
const declarationsAreUsedOrGone: Plugin = {
  name: 'declarations-are-used-or-gone',
  setup({ onLoad }) {
    onLoad({ filter: /\/(shared\/contracts\/[\w-]+|workflows\/[\w-]+\/signals)\.ts$/ }, async ({ path }) => {
      // Without its types first: what is left is easy to read, expression by expression.
      const { code } = await transform(readFileSync(path, 'utf8'), {
        loader: 'ts',
        sourcefile: path,
        sourcemap: 'inline',
        sourcesContent: false,
      });
      return {
        contents: code.replaceAll(
          /(?<=(?:[=:([,?]|=>|\.\.\.)\s*)(?=[a-z]\w*(?:\.\w+)*\()/g,
          '/* @__PURE__ */ ',
        ),
        loader: 'js',
      };
    });
  },
};

/** Names the build by everything that can change it: our sources, the installed packages, and this file. */
const digestOfSources = (): string => {
  const hash = createHash('sha256');
  const sources = globSync('{functions,shared,workflows}/**/*.{ts,json}', { cwd: root }).sort();
  for (const path of [...sources, 'package-lock.json', 'infra/bundles.ts']) {
    hash
      .update(`${path}\0`)
      .update(readFileSync(join(root, path)))
      .update('\0');
  }
  return hash.digest('hex').slice(0, 32);
};

/** How a function becomes its bundle, whichever it is. */
export const bundleSettings = {
  absWorkingDir: root,
  bundle: true,
  minify: true,
  platform: 'node',
  target: 'node24',
  // The sources are ES modules; leaving them so keeps top-level await and `import.meta` what they are.
  format: 'esm',
  outExtension: { '.js': '.mjs' },
  // Some packages are CommonJS and call `require` for Node's own modules, which an ES module does not have.
  banner: {
    js: `import{createRequire as $createRequire}from'node:module';const require=$createRequire(import.meta.url);`,
  },
  mainFields: ['module', 'main'],
  // The runtime's own SDK changes without us. What was tested is what runs.
  external: [],
  // Stack traces name our files and lines; the sources themselves stay out of the package.
  sourcemap: 'linked',
  sourcesContent: false,
  plugins: [credentialsFromTheEnvironment, webStreamsWhenAskedFor, declarationsAreUsedOrGone],
  metafile: true,
  logLevel: 'silent',
} as const satisfies BuildOptions;

const buildInto = async (folder: string): Promise<void> => {
  const { metafile } = await build({
    ...bundleSettings,
    entryPoints: Object.fromEntries(
      functionEntries().map(([name, { folder: source }]) => [
        `${name}/index`,
        `functions/${source}/index.ts`,
      ]),
    ),
    outdir: folder,
  });
  writeFileSync(join(folder, 'metafile.json'), JSON.stringify(metafile));
};

const forgetOldBuilds = (): void => {
  const newestFirst = readdirSync(cache)
    .map((name) => join(cache, name))
    .map((path) => ({ path, writtenAt: statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0 }))
    .sort((a, b) => b.writtenAt - a.writtenAt);
  for (const { path } of newestFirst.slice(buildsKept)) rmSync(path, { recursive: true, force: true });
};

/**
 * Bundles every function of the manifest in one run, or takes the build of the same sources that is already there.
 * @throws esbuild's failure, naming the file, when a function has no `index.ts` or does not resolve.
 */
export const bundleFunctions = async (): Promise<Bundles> => {
  const folder = join(cache, digestOfSources());
  if (!existsSync(folder)) {
    mkdirSync(cache, { recursive: true });
    // Built beside and moved in one step: two processes may be at it, and either may be killed.
    const unfinished = mkdtempSync(join(cache, 'unfinished-'));
    try {
      await buildInto(unfinished);
      renameSync(unfinished, folder);
    } catch (failure) {
      // Somebody else was faster with the same sources.
      if (!existsSync(folder)) throw failure;
    } finally {
      rmSync(unfinished, { recursive: true, force: true });
    }
    forgetOldBuilds();
  }
  return {
    folderOf: (name) => join(folder, name),
    metafile: JSON.parse(readFileSync(join(folder, 'metafile.json'), 'utf8')) as Metafile,
  };
};
