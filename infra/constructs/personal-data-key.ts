import { Key } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { StageSettings } from '../stages.ts';
import type { Access } from './house-function.ts';

/**
 * Wraps the data keys of households, apart from the key that encrypts the storage: reading the table does not open
 * anybody's personal data, and every opening is a line in CloudTrail that names the scope.
 */
export class PersonalDataKey extends Construct {
  readonly key: Key;

  constructor(scope: Construct, id: string, settings: StageSettings) {
    super(scope, id);
    this.key = new Key(this, 'Key', {
      description: 'Shouxian: wraps the data keys of personal data, one per household',
      enableKeyRotation: true,
      removalPolicy: settings.removalPolicy,
    });
  }

  /** Make and open data keys, always for a named scope: a wrapped key that was moved elsewhere does not open. */
  get use(): Access {
    return {
      environment: { PERSONAL_DATA_KEY: this.key.keyArn },
      permissions: [
        {
          actions: ['kms:GenerateDataKey', 'kms:Decrypt'],
          resources: [this.key.keyArn],
          conditions: { Null: { 'kms:EncryptionContext:scope': 'false' } },
        },
      ],
    };
  }
}
