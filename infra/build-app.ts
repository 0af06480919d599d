import { App, type AppProps, type Stack, Tags, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { bundleFunctions } from './bundles.ts';
import { RecordsStack } from './stacks/records-stack.ts';
import { ServiceStack } from './stacks/service-stack.ts';
import { type StageSettings, stageSettings } from './stages.ts';

/**
 * Ways of the library that we rely on. Here and not in `cdk.json`, so that the command line, `npm run synth` and the
 * tests build the same templates.
 */
const featureFlags = {
  '@aws-cdk/aws-iam:minimizePolicies': true,
  '@aws-cdk/core:enablePartitionLiterals': true,
  '@aws-cdk/core:target-partitions': ['aws', 'aws-cn'],
  '@aws-cdk/aws-s3:serverAccessLogsUseBucketPolicy': true,
  '@aws-cdk/aws-s3:createDefaultLoggingPolicy': true,
  '@aws-cdk/aws-s3:publicAccessBlockedByDefault': true,
  '@aws-cdk/core:checkSecretUsage': true,
} as const;

export type House = {
  readonly app: App;
  readonly settings: StageSettings;
  readonly records: Stack;
  readonly service: Stack;
};

/**
 * The whole app: two stacks per stage, checked against the rules of AWS Solutions while it is synthesised. It needs
 * neither credentials nor Docker: nothing is looked up, and the functions are bundled by esbuild.
 * @throws when the stage's settings do not hold, or a function cannot be bundled.
 */
export const buildApp = async (props: Pick<AppProps, 'context' | 'outdir'> = {}): Promise<House> => {
  const app = new App({
    ...props,
    context: { ...featureFlags, ...props.context },
    analyticsReporting: false,
  });
  const settings = stageSettings((name) => app.node.tryGetContext(name));
  const bundles = await bundleFunctions();
  const common = {
    terminationProtection: settings.deletionProtection,
    ...(settings.region === undefined ? {} : { env: { region: settings.region } }),
  };
  const records = new RecordsStack(app, `shouxian-${settings.stage}-records`, settings, {
    ...common,
    description: 'Shouxian: ledger, evidence and keys',
  });
  const service = new ServiceStack(app, `shouxian-${settings.stage}-service`, {
    ...common,
    description: 'Shouxian: functions, workflows, API, timers and alarms',
    settings,
    records,
    bundles,
  });
  Tags.of(app).add('shouxian:stage', settings.stage);
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  return { app, settings, records, service };
};
