import { Aws } from 'aws-cdk-lib';
import { AttributeType, BillingMode, StreamViewType, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import type { Key } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { StageSettings } from '../stages.ts';
import type { Access } from './house-function.ts';
import type { Permission } from './permission.ts';

/**
 * The one table: ledger, registers, tasks and inboxes. Its stream tells keys only, so that nothing that is sealed in
 * the table passes through a second system.
 */
export class LedgerTable extends Construct {
  readonly table: Table;
  private readonly encryptionKey: Key;

  constructor(scope: Construct, id: string, settings: StageSettings, encryptionKey: Key) {
    super(scope, id);
    this.encryptionKey = encryptionKey;
    this.table = new Table(this, 'Table', {
      partitionKey: { name: 'pk', type: AttributeType.STRING },
      sortKey: { name: 'sk', type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      encryption: TableEncryption.CUSTOMER_MANAGED,
      encryptionKey,
      stream: StreamViewType.KEYS_ONLY,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: settings.deletionProtection,
      removalPolicy: settings.removalPolicy,
    });
  }

  /** Read what stands in the table, item by item or along one partition. Never a scan. */
  get read(): Access {
    return this.accessTo(['dynamodb:GetItem', 'dynamodb:Query'], ['kms:Decrypt', 'kms:DescribeKey']);
  }

  /** Read, and commit transactions. Nothing is updated in place: a write puts, deletes or checks a whole item. */
  get write(): Access {
    return this.accessTo(
      [
        'dynamodb:GetItem',
        'dynamodb:Query',
        'dynamodb:PutItem',
        'dynamodb:DeleteItem',
        'dynamodb:ConditionCheckItem',
      ],
      [
        'kms:Decrypt',
        'kms:DescribeKey',
        'kms:Encrypt',
        'kms:GenerateDataKey',
        'kms:ReEncryptFrom',
        'kms:ReEncryptTo',
      ],
    );
  }

  /** The use of the table's key, through the table only: whoever may read an item cannot decrypt by himself. */
  private keyUse(actions: readonly string[]): Permission {
    return {
      actions,
      resources: [this.encryptionKey.keyArn],
      conditions: {
        StringEquals: { 'kms:ViaService': `dynamodb.${Aws.REGION}.${Aws.URL_SUFFIX}` },
      },
    };
  }

  private accessTo(actions: readonly string[], keyActions: readonly string[]): Access {
    return {
      environment: { RECORDS_TABLE: this.table.tableName },
      permissions: [{ actions, resources: [this.table.tableArn] }, this.keyUse(keyActions)],
    };
  }
}
