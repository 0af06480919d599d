import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { type Binding, functionEntries } from '../../functions/manifest.ts';

const root = join(import.meta.dirname, '../..');
const functions = functionEntries().map(([name, entry]) => ({ name, ...entry }));
const folderOf = (folder: string): string => join(root, 'functions', folder);

/** Which pieces of the wiring a function takes, by the names of their files. */
const piecesOf = (folder: string): string[] =>
  [...readFileSync(join(folderOf(folder), 'index.ts'), 'utf8').matchAll(/runtime\/aws\/([\w-]+)\.ts/g)]
    .map(([, piece = '']) => piece)
    .toSorted();

/** What a piece reaches, and by which bindings it may. */
const bindingsOfPiece: Readonly<Record<string, readonly Binding[]>> = {
  records: ['records:read', 'records:write'],
  'personal-data': ['keys'],
  evidence: ['evidence:read', 'evidence:sign-upload'],
  signals: ['workflows'],
  executions: ['workflows:read'],
};

const environment = {
  AWS_REGION: 'cn-northwest-1',
  RECORDS_TABLE: 'records',
  PERSONAL_DATA_KEY: 'arn:aws-cn:kms:cn-northwest-1:000000000000:key/one',
  EVIDENCE_BUCKET: 'evidence',
  RELEASE_CASE_ARN: 'arn:aws-cn:states:cn-northwest-1:000000000000:stateMachine:release-case',
  MONTHLY_FILING_ARN: 'arn:aws-cn:states:cn-northwest-1:000000000000:stateMachine:monthly-filing',
  CITY_REPORT_ARN: 'arn:aws-cn:states:cn-northwest-1:000000000000:stateMachine:city-report',
  DISTRICT: '610302',
  REGISTRAR: 'registrar',
} as const;

/** Variables that come with a binding; every function has the others. */
const bindingsOfVariable: Readonly<Record<string, readonly Binding[] | undefined>> = {
  RECORDS_TABLE: bindingsOfPiece['records'],
  PERSONAL_DATA_KEY: bindingsOfPiece['personal-data'],
  EVIDENCE_BUCKET: bindingsOfPiece['evidence'],
  RELEASE_CASE_ARN: ['workflows', 'workflows:read'],
  MONTHLY_FILING_ARN: ['workflows', 'workflows:read'],
  CITY_REPORT_ARN: ['workflows', 'workflows:read'],
};

const startIn = async (variables: Readonly<Record<string, string>>, folder: string): Promise<unknown> => {
  vi.resetModules();
  for (const name of Object.keys(environment)) vi.stubEnv(name, variables[name]);
  return import(join(folderOf(folder), 'index.ts'));
};

afterEach(() => {
  vi.unstubAllEnvs();
  vi.resetModules();
});

describe('the wiring to AWS', () => {
  test.each(functions)('$name has its wiring and its handler, apart', ({ folder }) => {
    expect(existsSync(join(folderOf(folder), 'handler.ts'))).toBe(true);
    expect(existsSync(join(folderOf(folder), 'index.ts'))).toBe(true);
  });

  test.each(functions)('$name takes exactly what the manifest binds it to', ({ folder, bindings }) => {
    const reached = piecesOf(folder).flatMap((piece) => (piece in bindingsOfPiece ? [piece] : []));
    const bound = Object.keys(bindingsOfPiece).filter((piece) =>
      bindings.some((binding) => bindingsOfPiece[piece]?.includes(binding)),
    );
    expect(reached).toEqual(bound.toSorted());
  });

  test.each(functions)('$name starts with nothing but what it is bound to', async ({ folder, bindings }) => {
    const given = Object.entries(environment).filter(([variable]) => {
      const needs = bindingsOfVariable[variable];
      return needs === undefined || bindings.some((binding) => needs.includes(binding));
    });
    expect(await startIn(Object.fromEntries(given), folder)).toMatchObject({ handler: expect.any(Function) });
  });

  test.each([
    ['RECORDS_TABLE', 'task/read-case-standing'],
    ['PERSONAL_DATA_KEY', 'task/await-step'],
    ['EVIDENCE_BUCKET', 'http/get-evidence'],
    ['RELEASE_CASE_ARN', 'stream/relay-ledger'],
    ['MONTHLY_FILING_ARN', 'stream/relay-ledger'],
    ['CITY_REPORT_ARN', 'timer/reconcile-workflows'],
    ['CITY_REPORT_ARN', 'http/list-executions'],
    ['DISTRICT', 'http/list-tasks'],
    ['REGISTRAR', 'http/list-tasks'],
  ])('without %s a function does not start, and says what is missing', async (missing, folder) => {
    const { [missing as keyof typeof environment]: _gone, ...rest } = environment;
    await expect(startIn(rest, folder)).rejects.toThrow(`the environment variable ${missing} is missing`);
  });

  test('a district that is none is refused at the start', async () => {
    await expect(startIn({ ...environment, DISTRICT: 'Weibin' }, 'http/list-tasks')).rejects.toThrow(
      'DISTRICT is not a code of six digits',
    );
  });
});
