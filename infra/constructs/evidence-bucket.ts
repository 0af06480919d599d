import { Aws, Duration, Stack } from 'aws-cdk-lib';
import type { Key } from 'aws-cdk-lib/aws-kms';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  HttpMethods,
  type IBucket,
  type LifecycleRule,
  ObjectOwnership,
  StorageClass,
} from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { StageSettings } from '../stages.ts';
import type { Access } from './house-function.ts';
import { imported, type Permission } from './permission.ts';

/**
 * A decision names a version of an object. The same key can be put again while its signature is valid, so an
 * overwritten version may be the very one that was decided on: in production none is ever deleted.
 */
const lifecycleRules = (settings: StageSettings): LifecycleRule[] => [
  // Uploads are one signed PUT each; whatever is in parts is not ours.
  { id: 'forget-unfinished-uploads', abortIncompleteMultipartUploadAfter: Duration.days(1) },
  {
    id: 'keep-overwritten-evidence-cheaply',
    noncurrentVersionTransitions: [
      { storageClass: StorageClass.INFREQUENT_ACCESS, transitionAfter: Duration.days(30) },
    ],
    ...(settings.overwrittenEvidenceDays === undefined
      ? {}
      : { noncurrentVersionExpiration: Duration.days(settings.overwrittenEvidenceDays) }),
  },
];

/** Photos and scans of the cases, and beside them the log of who read or wrote which. */
export class EvidenceBucket extends Construct {
  readonly bucket: Bucket;
  readonly accessLog: Bucket;
  private readonly encryptionKey: Key;

  constructor(scope: Construct, id: string, settings: StageSettings, encryptionKey: Key) {
    super(scope, id);
    this.encryptionKey = encryptionKey;
    const guarded = {
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      enforceSSL: true,
      versioned: true,
      removalPolicy: settings.removalPolicy,
    };
    this.accessLog = new Bucket(this, 'AccessLog', {
      ...guarded,
      // S3 delivers its access logs only to buckets with its own keys.
      encryption: BucketEncryption.S3_MANAGED,
      lifecycleRules: [
        {
          id: 'forget-old-access-logs',
          expiration: Duration.days(settings.logRetention),
          noncurrentVersionExpiration: Duration.days(1),
        },
      ],
    });
    this.bucket = new Bucket(this, 'Bucket', {
      ...guarded,
      encryption: BucketEncryption.KMS,
      encryptionKey,
      bucketKeyEnabled: true,
      // The library's own class and interface differ in how they say "may be absent".
      serverAccessLogsBucket: this.accessLog as IBucket,
      serverAccessLogsPrefix: 'evidence/',
      lifecycleRules: lifecycleRules(settings),
      cors: [
        {
          allowedMethods: [HttpMethods.PUT],
          allowedOrigins: [settings.consoleOrigin],
          allowedHeaders: ['content-type', 'if-none-match', 'x-amz-*'],
          exposedHeaders: ['x-amz-version-id'],
          maxAge: 3600,
        },
      ],
    });
  }

  /** Sign uploads. The signature carries this right to whoever holds the link, so it is the right to put and no more. */
  get signUpload(): Access {
    return {
      environment: { EVIDENCE_BUCKET: this.bucket.bucketName },
      permissions: [this.onObjects(['s3:PutObject']), this.keyUse('kms:GenerateDataKey')],
    };
  }

  /**
   * Look at evidence and sign links to it. S3 answers "absent" only to those who may list; to all others it is
   * "denied", which could not be told from a fault of ours. Names here are ids.
   */
  get read(): Access {
    return {
      environment: { EVIDENCE_BUCKET: this.bucket.bucketName },
      permissions: [
        this.onObjects(['s3:GetObject', 's3:GetObjectVersion']),
        { actions: ['s3:ListBucket'], resources: [this.bucket.bucketArn] },
        this.keyUse('kms:Decrypt'),
      ],
    };
  }

  private onObjects(actions: readonly string[]): Permission {
    return {
      actions,
      resources: [`${imported(Stack.of(this), this.bucket.bucketArn)}/evidence/*`],
      patternReason: 'Which evidence a person may see is decided case by case, before a link is signed.',
    };
  }

  private keyUse(action: string): Permission {
    return {
      actions: [action],
      resources: [this.encryptionKey.keyArn],
      conditions: { StringEquals: { 'kms:ViaService': `s3.${Aws.REGION}.${Aws.URL_SUFFIX}` } },
    };
  }
}
