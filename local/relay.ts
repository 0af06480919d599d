import type { DatabaseSync } from 'node:sqlite';
import type { DynamoDBBatchResponse, DynamoDBStreamEvent } from 'aws-lambda';
import { prepared, withTransaction } from '../shared/adapters/embedded/database.ts';
import type { ChangeFeed, FedChange } from '../shared/ports/change-feed.ts';
import type { Clock } from '../shared/ports/clock.ts';

const batchSize = 25;
/** As on the stream of the table: after so many tries a record is set aside where an operator finds it. */
const triesAtMost = 5;

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

/** Feeds `relay-ledger` as the event source mapping does: batches, partial failures, bounded tries, a place for what fails. */
export const createRelay = (
  db: DatabaseSync,
  feed: ChangeFeed,
  clock: Clock,
  handle: (event: DynamoDBStreamEvent) => Promise<DynamoDBBatchResponse>,
): Relay => {
  db.exec(
    'CREATE TABLE IF NOT EXISTS dead_letters (position INTEGER PRIMARY KEY, pk TEXT NOT NULL, sk TEXT NOT NULL, change TEXT NOT NULL, at TEXT NOT NULL) STRICT',
  );
  const tries = new Map<number, number>();

  const setAside = ({ position, pk, sk, change }: FedChange): void => {
    withTransaction(db, () =>
      prepared(
        db,
        'INSERT OR REPLACE INTO dead_letters (position, pk, sk, change, at) VALUES (?, ?, ?, ?, ?)',
      ).run(position, pk, sk, change, clock.now()),
    );
    tries.delete(position);
  };

  return {
    async carryBatch() {
      const batch = await feed.read(batchSize);
      if (batch.length === 0) return 0;
      const { batchItemFailures } = await handle(streamEvent(batch));
      const failed = batchItemFailures[0]?.itemIdentifier;
      const failedAt =
        failed === undefined ? batch.length : batch.findIndex(({ position }) => String(position) === failed);
      const done = batch.slice(0, Math.max(0, failedAt));
      const culprit = batch[failedAt];
      if (culprit !== undefined) {
        const count = (tries.get(culprit.position) ?? 0) + 1;
        tries.set(culprit.position, count);
        if (count >= triesAtMost) {
          setAside(culprit);
          done.push(culprit);
        }
      }
      await feed.acknowledge(done.map(({ position }) => position));
      return done.length;
    },
  };
};
