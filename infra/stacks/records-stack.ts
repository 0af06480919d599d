import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import { Key } from 'aws-cdk-lib/aws-kms';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { deadLetters } from '../constructs/dead-letters.ts';
import { EvidenceBucket } from '../constructs/evidence-bucket.ts';
import { LedgerTable } from '../constructs/ledger-table.ts';
import { PersonalDataKey } from '../constructs/personal-data-key.ts';
import type { StageSettings } from '../stages.ts';

/** Everything that must outlive a deployment: ledger, evidence, keys, and what could not be delivered. */
export class RecordsStack extends Stack {
  readonly ledger: LedgerTable;
  readonly evidence: EvidenceBucket;
  readonly personalDataKey: PersonalDataKey;
  /** Changes of the ledger that the relay gave up. */
  readonly givenUpChanges: Queue;
  /** Calls of timers that failed every time. */
  readonly failedTimers: Queue;

  constructor(scope: Construct, id: string, settings: StageSettings, props: StackProps) {
    super(scope, id, props);
    const storageKey = new Key(this, 'StorageKey', {
      description: 'Shouxian: encrypts the ledger table and the evidence bucket',
      enableKeyRotation: true,
      removalPolicy: settings.removalPolicy,
    });
    this.personalDataKey = new PersonalDataKey(this, 'PersonalData', settings);
    this.ledger = new LedgerTable(this, 'Ledger', settings, storageKey);
    this.evidence = new EvidenceBucket(this, 'Evidence', settings, storageKey);
    this.givenUpChanges = deadLetters(this, 'GivenUpChanges', settings);
    this.failedTimers = deadLetters(this, 'FailedTimers', settings);

    new CfnOutput(this, 'RecordsTable', { value: this.ledger.table.tableName });
    new CfnOutput(this, 'EvidenceBucket', { value: this.evidence.bucket.bucketName });
  }
}
