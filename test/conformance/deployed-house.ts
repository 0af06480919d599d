import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { demoDistrict, demoRegistrar } from '../../local/seed/demo-district.ts';
import { audience, startIssuer, type TestIssuer } from './issuer.ts';
import { account, type Ministack, region, startMinistack } from './ministack.ts';
import type { Toolchain } from './toolchain.ts';

const run = promisify(execFile);

/** The house, deployed on an AWS that we did not write. */
export type DeployedHouse = {
  readonly ministack: Ministack;
  readonly issuer: TestIssuer;
  readonly apiUrl: string;
  /** By workflow. */
  readonly stateMachines: Readonly<Record<'release-case' | 'monthly-filing' | 'city-report', string>>;
  /** Calls a function by hand, as an operator would. @throws when the function does. */
  invoke(functionName: string): Promise<void>;
  stop(): Promise<void>;
};

const root = join(import.meta.dirname, '..', '..');
const stage = 'conformance';
const deployWithinMillis = 180_000;

type Outputs = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** `cdk bootstrap` and `cdk deploy`, as on any account; the app itself is not told where it is deployed. */
const deploy = async (ministack: Ministack, issuerUrl: string, folder: string): Promise<Outputs> => {
  const outputs = join(folder, 'outputs.json');
  const context = {
    stage,
    district: demoDistrict.code,
    issuer: issuerUrl,
    audience,
    registrar: demoRegistrar,
  };
  const cdk = async (...command: string[]): Promise<void> => {
    const flags = Object.entries(context).flatMap(([name, value]) => ['--context', `${name}=${value}`]);
    await run(
      process.execPath,
      [
        join(root, 'node_modules', 'aws-cdk', 'bin', 'cdk'),
        ...command,
        ...flags,
        '--output',
        join(folder, 'cdk.out'),
        '--ci',
        '--no-notices',
      ],
      {
        cwd: root,
        timeout: deployWithinMillis,
        maxBuffer: 64 * 1024 * 1024,
        env: { ...ministack.environment, CDK_DISABLE_VERSION_CHECK: '1', CDK_DISABLE_CLI_TELEMETRY: 'true' },
      },
    );
  };
  await cdk('bootstrap', `aws://${account}/${region}`);
  await cdk('deploy', '--all', '--require-approval', 'never', '--outputs-file', outputs);
  return JSON.parse(readFileSync(outputs, 'utf8')) as Outputs;
};

/**
 * Starts MiniStack and an issuer, and deploys the unmodified app there.
 * @param startsAt where the clock of all of it begins
 */
export const deployHouse = async (tools: Toolchain, startsAt: string): Promise<DeployedHouse> => {
  const folder = mkdtempSync(join(tmpdir(), 'shouxian-conformance-'));
  const forget = (): void => rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  const ministack = await startMinistack(tools, folder, Date.parse(startsAt)).catch((error: unknown) => {
    forget();
    throw error;
  });
  const issuer = await startIssuer(ministack.now);
  const stop = async (): Promise<void> => {
    ministack.stop();
    await issuer.stop();
    forget();
  };
  try {
    const outputs = (await deploy(ministack, issuer.url, folder))[`shouxian-${stage}-service`] ?? {};
    const output = (name: string): string => {
      const value = outputs[name];
      if (value === undefined) throw new Error(`the service stack has no output ${name}`);
      return value;
    };
    return {
      ministack,
      issuer,
      // MiniStack serves every API under its own address; `$default` is the stage.
      apiUrl: `${ministack.endpoint}/_aws/execute-api/${output('ApiId')}/$default`,
      stateMachines: {
        'release-case': output('ReleaseCaseArn'),
        'monthly-filing': output('MonthlyFilingArn'),
        'city-report': output('CityReportArn'),
      },
      async invoke(functionName) {
        const url = `${ministack.endpoint}/2015-03-31/functions/shouxian-${stage}-${functionName}/invocations`;
        const response = await fetch(url, { method: 'POST', body: '{}' });
        const failed = response.headers.get('x-amz-function-error');
        if (!response.ok || failed !== null)
          throw new Error(`${functionName}: ${response.status} ${failed} ${await response.text()}`);
        await response.arrayBuffer();
      },
      stop,
    };
  } catch (error) {
    const log = ministack.log();
    await stop();
    throw new Error(`the house was not deployed:\n${log}`, { cause: error });
  }
};
