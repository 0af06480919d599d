import type { DynamoDBBatchResponse, DynamoDBStreamEvent } from 'aws-lambda';
import type { ChangeRecord } from '../../shared/ports/change-feed.ts';
import type { FailedChange } from '../../shared/use-cases/workflow/set-change-aside.ts';
import { changeSetAside } from '../manifest.ts';
import { logDefect, logger } from './defect-log.ts';
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
 * Counts the failure of a change, and takes note when it is given up.
 * @returns whether the feed may go on after it. A failure that cannot even be counted is left to the service's own count.
 */
const isSetAside = async (
  setAside: (failed: FailedChange) => Promise<string | undefined>,
  failed: FailedChange,
  requestId: string,
): Promise<boolean> => {
  try {
    const deadLetterId = await setAside(failed);
    if (deadLetterId !== undefined) logger.error(changeSetAside, { requestId, deadLetterId });
    return deadLetterId !== undefined;
  } catch (error) {
    logDefect(requestId, error);
    return false;
  }
};

/**
 * The table's stream, keys only, one record after the other in the order of the shard. The first that fails is
 * reported, and the service sends it and everything after it again, until it goes through or is set aside.
 */
export const feedHandler =
  ({
    concerns,
    carry,
    setAside,
  }: {
    readonly concerns: (change: ChangeRecord) => boolean;
    readonly carry: (change: ChangeRecord) => Promise<void>;
    /** @returns the dead letter that the change became, or `undefined` while it is to be tried again. */
    readonly setAside: (failed: FailedChange) => Promise<string | undefined>;
  }): LambdaFeedHandler =>
  async ({ Records }, { awsRequestId }) => {
    for (const record of Records) {
      const position = record.dynamodb?.SequenceNumber;
      let change: ChangeRecord | undefined;
      try {
        change = changeOf(record);
        if (concerns(change)) await carry(change);
      } catch (error) {
        logDefect(awsRequestId, error);
        if (change !== undefined && position !== undefined) {
          const { pk, sk } = change;
          if (await isSetAside(setAside, { pk, sk, position, error }, awsRequestId)) continue;
        }
        // Without a number there is nothing to go on from: an empty one fails the whole batch.
        return { batchItemFailures: [{ itemIdentifier: position ?? '' }] };
      }
    }
    return { batchItemFailures: [] };
  };
