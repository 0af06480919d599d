import { S3Client } from '@aws-sdk/client-s3';
import { createS3EvidenceVault } from '../../../shared/adapters/aws/s3-evidence-vault.ts';
import type { EvidenceVault } from '../../../shared/ports/evidence-vault.ts';
import { clientSettings } from './client-settings.ts';
import { clock } from './clock.ts';
import { requiredVariable } from './environment.ts';

/** Photos and scans, in the versioned bucket. */
export const vault: EvidenceVault = createS3EvidenceVault({
  // Otherwise the client would sign the checksum of an empty body into every upload.
  client: new S3Client({ ...clientSettings, requestChecksumCalculation: 'WHEN_REQUIRED' }),
  bucket: requiredVariable('EVIDENCE_BUCKET'),
  clock,
});
