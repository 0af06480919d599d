import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { openapiText } from '../../functions/http/emit-openapi.ts';
import { contracts } from '../../functions/http/openapi.ts';
import { functionEntries } from '../../functions/manifest.ts';
import { apiVersion } from '../../shared/contracts/version.ts';

type Operation = {
  readonly operationId: string;
  readonly summary: string;
  readonly security: readonly object[];
  readonly parameters?: readonly {
    readonly in: string;
    readonly name: string;
    readonly required?: boolean;
  }[];
  readonly requestBody?: object;
  readonly responses: Readonly<Record<string, object>>;
};
type Document = {
  readonly openapi: string;
  readonly info: { readonly version: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
};

const committed = readFileSync(new URL('../../docs/openapi.json', import.meta.url), 'utf8');
const document = JSON.parse(committed) as Document;
const routes = functionEntries().flatMap(([name, { trigger }]) =>
  trigger.kind === 'http' ? [{ name, trigger }] : [],
);
const operations = routes.map(({ name, trigger }) => ({
  name,
  trigger,
  operation: document.paths[trigger.path]?.[trigger.method.toLowerCase()],
}));

describe('the API document', () => {
  test('is what manifest and contracts say today (if not: npm run openapi)', () =>
    expect(committed).toBe(openapiText()));

  test('every HTTP function has a contract, and every contract a function', () =>
    expect(Object.keys(contracts).toSorted()).toEqual(routes.map(({ name }) => name).toSorted()));

  test('has every route and no other', () => {
    const described = Object.values(document.paths).flatMap((path) =>
      Object.values(path).map(({ operationId }) => operationId),
    );
    expect(described.toSorted()).toEqual(routes.map(({ name }) => name).toSorted());
    expect(document.openapi).toMatch(/^3\.1\./);
  });

  test('has the version of the package', () => {
    const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
      version: string;
    };
    expect(apiVersion).toBe(version);
    expect(document.info.version).toBe(version);
  });

  test.each(operations)('$name: token, key, parameters and refusals', ({ trigger, operation }) => {
    if (operation === undefined) throw new Error('not described');
    const { parameters = [], responses, security, summary, requestBody } = operation;
    expect(summary).toMatch(/^\p{Script=Han}.* /u);
    expect(security).toEqual(trigger.access === 'public' ? [] : [{ bearer: [] }]);
    const named = (place: string): string[] =>
      parameters.filter((parameter) => parameter.in === place).map(({ name }) => name);
    const inPath = [...trigger.path.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '');
    expect(named('path')).toEqual(inPath);
    expect(named('header')).toEqual(trigger.method === 'POST' ? ['Idempotency-Key'] : []);
    if (trigger.access === 'bearer') expect(responses).toMatchObject({ 401: {}, 403: {} });
    if (inPath.length > 0) expect(responses).toHaveProperty('404');
    if (trigger.method !== 'GET') {
      expect(requestBody).toBeDefined();
      expect(responses).toMatchObject({ 400: {}, 409: {}, 413: {}, 415: {}, 422: {} });
    }
  });
});
