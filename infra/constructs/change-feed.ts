import { Duration, Stack } from 'aws-cdk-lib';
import { EventSourceMapping, FilterCriteria, FilterRule, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import type { HouseFunction } from './house-function.ts';
import type { LedgerTable } from './ledger-table.ts';
import { imported, permit } from './permission.ts';

/** What the relay acts on: events, tasks and callbacks of a stream, as they are written. Removals tell it nothing. */
const ledgerWrites = FilterCriteria.filter({
  eventName: FilterRule.or('INSERT', 'MODIFY'),
  dynamodb: {
    Keys: {
      pk: { S: FilterRule.beginsWith('STREAM#') },
      sk: { S: [{ prefix: 'EVENT#' }, { prefix: 'TASK#' }, { prefix: 'CALLBACK#' }] },
    },
  },
});

export type FeedProps = {
  readonly ledger: LedgerTable;
  readonly reader: HouseFunction;
  /** Receives where in the stream the records stand that the reader could not even set aside. */
  readonly givenUp: IQueue;
};

/**
 * Wakes the relay with what was written to the ledger. The relay itself counts its tries and sets aside what goes through
 * at none. What it cannot count (it crashes, or the table is out of reach) the service gives up in the end and names in a
 * queue; the daily reconciliation finds the cases that it left waiting.
 */
export const feedFrom = (scope: Construct, id: string, { ledger, reader, givenUp }: FeedProps): void => {
  const { tableArn, tableStreamArn } = ledger.table;
  if (tableStreamArn === undefined) throw new Error('the ledger table has no stream');
  permit(reader.role, {
    actions: ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator'],
    resources: [tableStreamArn],
  });
  permit(reader.role, {
    actions: ['dynamodb:ListStreams'],
    resources: [`${imported(Stack.of(ledger), tableArn)}/stream/*`],
    patternReason: 'Streams are listed per table: whoever lists them does not know their labels yet.',
  });
  permit(reader.role, { actions: ['sqs:SendMessage'], resources: [givenUp.queueArn] });
  new EventSourceMapping(scope, id, {
    target: reader.lambda,
    eventSourceArn: tableStreamArn,
    startingPosition: StartingPosition.TRIM_HORIZON,
    batchSize: 25,
    bisectBatchOnError: true,
    reportBatchItemFailures: true,
    // More than the relay's own tries for several bad records in a row; short enough not to hold up a shard for a day.
    retryAttempts: 20,
    maxRecordAge: Duration.hours(6),
    onFailure: { bind: () => ({ destination: givenUp.queueArn }) },
    filters: [ledgerWrites],
  });
};
