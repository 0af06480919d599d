import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createDynamoRecordStore } from '../../../shared/adapters/aws/dynamo-record-store.ts';
import { jitteredBackoff } from '../../../shared/adapters/aws/jittered-backoff.ts';
import type { Backoff } from '../../../shared/ports/backoff.ts';
import type { RecordStore } from '../../../shared/ports/record-store.ts';
import { clientSettings } from './client-settings.ts';
import { requiredVariable } from './environment.ts';

/** The ledger and the registers, in the one table. */
export const store: RecordStore = createDynamoRecordStore({
  client: new DynamoDBClient(clientSettings),
  tableName: requiredVariable('RECORDS_TABLE'),
});

export const backoff: Backoff = jitteredBackoff;
