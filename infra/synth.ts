import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Stack } from 'aws-cdk-lib';
import { buildApp } from './build-app.ts';
import type { Partition } from './stages.ts';

/**
 * Synthesises production for both partitions, offline, without credentials or Docker. The settings of the identity
 * provider, the console and the mail for alarms are examples under a reserved name: these templates are for reading and
 * checking; `cdk deploy` makes its own.
 */
const example = {
  stage: 'production',
  district: '610302',
  issuer: 'https://identity.example',
  audience: 'shouxian',
  registrar: 'registrar',
  origin: 'https://console.example',
  alarmEmail: 'operator@shouxian.example',
};

const { values: given } = parseArgs({
  options: Object.fromEntries(
    [...Object.keys(example), 'region'].map((name) => [name, { type: 'string' as const }]),
  ),
});

const partitions: readonly Partition[] = ['aws', 'aws-cn'];
for (const partition of partitions) {
  const outdir = join(import.meta.dirname, '..', 'cdk.out', partition);
  // Assets of earlier runs would stay beside the new ones.
  rmSync(outdir, { recursive: true, force: true });
  const { app, settings, records, service } = await buildApp({
    outdir,
    context: { ...example, ...given, partition },
  });
  const assembly = app.synth();
  console.log(`${partition}: ${settings.region ?? 'any region'} → cdk.out/${partition}`);
  for (const { stackName } of [records, service] satisfies readonly Stack[]) {
    const { Resources } = assembly.getStackByName(stackName).template as { Resources: object };
    console.log(`  ${stackName}: ${Object.keys(Resources).length} resources`);
  }
}
