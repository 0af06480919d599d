import type { DynamoDBBatchResponse, DynamoDBStreamEvent } from 'aws-lambda';
import type { ChangeFeed, FedChange } from '../shared/ports/change-feed.ts';

const batchSize = 25;

const eventNames = { insert: 'INSERT', modify: 'MODIFY', remove: 'REMOVE' } as const;

/** A batch of the feed in the form in which the table's stream delivers it: keys only. */
const streamEvent = (changes: readonly FedChange[]): DynamoDBStreamEvent => ({
  Records: changes.map(({ position, pk, sk, change }) => ({
    eventID: String(position),
    eventName: eventNames[change],
    eventSource: 'aws:dynamodb',
    dynamodb: {
      Keys: { pk: { S: pk }, sk: { S: sk } },
      SequenceNumber: String(position),
      StreamViewType: 'KEYS_ONLY',
    },
  })),
});

export type Relay = {
  /** Carries one batch. @returns how many records are done with; 0 when nothing is left or all of the batch failed. */
  carryBatch(): Promise<number>;
};

/**
 * Feeds `relay-ledger` as the event source mapping does: batches, and partial failures, which come again. The function
 * itself counts the tries and sets aside what goes through at none of them.
 */
export const createRelay = (
  feed: ChangeFeed,
  handle: (event: DynamoDBStreamEvent) => Promise<DynamoDBBatchResponse>,
): Relay => ({
  async carryBatch() {
    const batch = await feed.read(batchSize);
    if (batch.length === 0) return 0;
    const { batchItemFailures } = await handle(streamEvent(batch));
    const failed = batchItemFailures[0]?.itemIdentifier;
    const failedAt =
      failed === undefined ? batch.length : batch.findIndex(({ position }) => String(position) === failed);
    const done = batch.slice(0, Math.max(0, failedAt));
    await feed.acknowledge(done.map(({ position }) => position));
    return done.length;
  },
});
