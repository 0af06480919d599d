import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { expect, test } from 'vitest';
import { buildApp } from '../../infra/build-app.ts';

test('a resource that breaks a rule of AWS Solutions, and says no reason, stops the synthesis', async () => {
  const outdir = mkdtempSync(join(tmpdir(), 'shouxian-synth-'));
  try {
    const { app, records } = await buildApp({ outdir });
    new Bucket(records, 'OpenBucket');
    expect(() => app.synth()).toThrow(/OpenBucket.*AwsSolutions-S1/s);
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
});
