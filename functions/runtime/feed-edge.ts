import type { DynamoDBBatchResponse, DynamoDBStreamEvent } from 'aws-lambda';
import type { ChangeRecord } from '../../shared/ports/change-feed.ts';
import { logDefect } from './defect-log.ts';
import type { LambdaContext } from './lambda.ts';

export type LambdaFeedHandler = (
  event: DynamoDBStreamEvent,
  context: LambdaContext,
) => Promise<DynamoDBBatchResponse>;

type StreamRecord = DynamoDBStreamEvent['Records'][number];

const changes = { INSERT: 'insert', MODIFY: 'modify', REMOVE: 'remove' } as const;

/** @throws for a record without our keys: then the stream is of another table, or shows something else than keys. */
const changeOf = ({ eventName, dynamodb }: StreamRecord): ChangeRecord => {
  const pk = dynamodb?.Keys?.['pk']?.S;
  const sk = dynamodb?.Keys?.['sk']?.S;
  if (eventName === undefined || pk === undefined || sk === undefined)
    throw new Error('not a change of the records table');
  return { pk, sk, change: changes[eventName] };
};

/**
 * The table's stream, keys only, one record after the other in the order of the shard. The first that fails is
 * reported; the service sends it and everything after it again.
 */
export const feedHandler =
  (
    concerns: (change: ChangeRecord) => boolean,
    carry: (change: ChangeRecord) => Promise<void>,
  ): LambdaFeedHandler =>
  async ({ Records }, { awsRequestId }) => {
    for (const record of Records) {
      try {
        const change = changeOf(record);
        if (concerns(change)) await carry(change);
      } catch (error) {
        logDefect(awsRequestId, error);
        // Without a number there is nothing to go on from: an empty one fails the whole batch.
        return { batchItemFailures: [{ itemIdentifier: record.dynamodb?.SequenceNumber ?? '' }] };
      }
    }
    return { batchItemFailures: [] };
  };
