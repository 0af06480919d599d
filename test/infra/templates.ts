import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as z from 'zod';
import { buildApp } from '../../infra/build-app.ts';

const resource = z.looseObject({
  Type: z.string(),
  Properties: z.record(z.string(), z.unknown()).default({}),
  DeletionPolicy: z.string().optional(),
  DependsOn: z.array(z.string()).optional(),
});
const template = z.looseObject({
  Resources: z.record(z.string(), resource),
  Outputs: z.record(z.string(), z.unknown()),
});

export type Resource = z.infer<typeof resource>;
export type Synthesised = z.infer<typeof template>;

const templateOf = (stack: Stack): Synthesised => template.parse(Template.fromStack(stack).toJSON());

/** Settings of production as `npm run synth` takes them. */
export const production = {
  stage: 'production',
  district: '610302',
  issuer: 'https://identity.example',
  audience: 'shouxian',
  registrar: 'registrar',
  origin: 'https://console.example',
  alarmEmail: 'operator@shouxian.example',
};

/** The whole app, synthesised once, with nothing left behind. It throws when a rule of AWS Solutions is broken. */
export const synthesise = async (
  context: Readonly<Record<string, string>>,
): Promise<{ readonly records: Synthesised; readonly service: Synthesised }> => {
  const outdir = mkdtempSync(join(tmpdir(), 'shouxian-synth-'));
  try {
    const { records, service } = await buildApp({ outdir, context });
    return { records: templateOf(records), service: templateOf(service) };
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
};

export const ofType = (
  { Resources }: Pick<Synthesised, 'Resources'>,
  type: string,
): readonly (readonly [string, Resource])[] =>
  Object.entries(Resources).filter(([, { Type }]) => Type === type);

/** The only resource of its type whose logical id begins so. */
export const only = (synthesised: Synthesised, type: string, begins = ''): Resource => {
  const found = ofType(synthesised, type).filter(([id]) => id.startsWith(begins));
  const [one] = found;
  if (one === undefined || found.length > 1) throw new Error(`${found.length} of ${type} ${begins}`);
  return one[1];
};

/** What intrinsic functions come to, as far as a reader has to know: names of resources, imports and pseudo parameters. */
export const plain = (value: unknown): string => {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.map(plain).join('');
  if (typeof value !== 'object' || value === null) return String(value);
  const [only = ['', undefined]] = Object.entries(value);
  const [name, given] = only;
  switch (name) {
    case 'Ref':
      return `<${given}>`;
    case 'Fn::GetAtt':
      return `<${Array.isArray(given) ? given.join('.') : given}>`;
    case 'Fn::ImportValue':
      return `<${String(given).replace(/^.*:ExportsOutput(FnGetAtt|Ref)/, '')}>`;
    case 'Fn::Sub':
      return String(given);
    case 'Fn::Join':
      return Array.isArray(given) ? plain(given[1]) : '';
    default:
      throw new Error(`an intrinsic function that nobody expected: ${name}`);
  }
};

const oneOrMany = z.union([z.unknown().array(), z.unknown()]).transform((value) => [value].flat());
const statement = z.looseObject({
  Effect: z.string(),
  Action: oneOrMany,
  Resource: oneOrMany.optional(),
  Condition: z.unknown().optional(),
});
const policyDocument = z.looseObject({ Statement: z.array(statement) });

export type Statement = {
  readonly effect: string;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly condition: unknown;
};

export const statementsOf = (document: unknown): readonly Statement[] =>
  policyDocument.parse(document).Statement.map(({ Effect, Action, Resource, Condition }) => ({
    effect: Effect,
    actions: Action.map(String),
    resources: (Resource ?? []).map(plain),
    condition: Condition,
  }));
