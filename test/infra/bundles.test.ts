import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { functionEntries } from '../../functions/manifest.ts';
import { bundleFunctions } from '../../infra/bundles.ts';

const { folderOf, metafile } = await bundleFunctions();
const kilobyte = 1024;

const outputOf = (name: string) => {
  const found = Object.entries(metafile.outputs).find(([path]) => path.endsWith(`/${name}/index.mjs`));
  if (found === undefined) throw new Error(`no bundle ${name}`);
  return found[1];
};

describe.each(functionEntries())('the bundle of %s', (name) => {
  const { inputs, bytes, imports } = outputOf(name);

  test('stands where it is taken from, and asks for nothing but Node itself', () => {
    expect(existsSync(join(folderOf(name), 'index.mjs'))).toBe(true);
    expect(imports.filter(({ external, path }) => external && !/^(node:)?[a-z_/]+$/.test(path))).toEqual([]);
  });

  test('holds no credentials but those of its environment, and nothing that only builds or tests', () => {
    const strangers = Object.keys(inputs).filter((path) =>
      /credential-provider-(node|sso|ini|process|web-identity|http|login)\/|credential-provider-imds|token-providers|node_modules\/(aws-cdk-lib|esbuild|vitest|constructs)\//.test(
        path,
      ),
    );
    expect(strangers).toEqual([]);
  });

  test('holds no other machine: nothing of local/ or of the embedded adapters', () => {
    expect(Object.keys(inputs).filter((path) => /^local\/|adapters\/embedded\//.test(path))).toEqual([]);
  });

  test('takes its libraries in their small forms, and does not load the web streams of Node as it starts', () => {
    const large = Object.keys(inputs).filter((path) =>
      /node_modules\/(zod\/v4\/(classic|locales)|temporal-polyfill\/(index|chunks\/classApi))/.test(path),
    );
    expect(large).toEqual([]);
    expect(imports.map(({ path }) => path)).not.toContain('node:stream/web');
  });

  test('is small enough to start at once', () => {
    expect(bytes).toBeLessThan(1_500 * kilobyte);
  });
});

test('a bundle starts in a process of its own and offers its handler', () => {
  const path = join(folderOf('get-openapi'), 'index.mjs');
  const offered = execFileSync(
    process.execPath,
    ['--input-type=module', '-e', `console.log(typeof (await import(${JSON.stringify(path)})).handler)`],
    { env: { DISTRICT: '610302', REGISTRAR: 'registrar', SHOUXIAN_STAGE: 'rehearsal', LOG_LEVEL: 'INFO' } },
  );
  expect(String(offered).trim()).toBe('function');
});

test('the same sources are not built twice', async () => {
  const again = await bundleFunctions();
  expect(again.folderOf('get-health')).toBe(folderOf('get-health'));
});
