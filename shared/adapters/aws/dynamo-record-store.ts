import {
  type AttributeValue,
  type CancellationReason,
  type DynamoDBClient,
  GetItemCommand,
  QueryCommand,
  TransactionCanceledException,
  type TransactWriteItem,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { gatherPage, rangeOf } from '../../ports/record-page.ts';
import { checkKey, checkQuery, checkTransaction } from '../../ports/record-size.ts';
import {
  type Expectation,
  type RecordKey,
  type RecordQuery,
  type RecordStore,
  type RecordWrite,
  type StoredRecord,
  storeLimits,
  type TransactionResult,
} from '../../ports/record-store.ts';
import { fromBodyAttribute, toBodyAttribute } from './attribute-values.ts';

type Item = Record<string, AttributeValue>;

/** What the service says when others were in the way, or too many asked at once: nothing was written. */
const contention: ReadonlySet<string> = new Set([
  'TransactionConflict',
  'TransactionConflictException',
  'TransactionInProgressException',
  'ProvisionedThroughputExceeded',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'ThrottlingError',
  'ThrottlingException',
]);

const keyOf = ({ pk, sk }: RecordKey): Item => ({ pk: { S: pk }, sk: { S: sk } });

const recordOf = ({ pk, sk, rev, body }: Item): StoredRecord => {
  const kept = body === undefined ? undefined : fromBodyAttribute(body);
  if (pk?.S === undefined || sk?.S === undefined || rev?.N === undefined || kept === undefined) {
    throw new Error('an item of the table is not a record of this house');
  }
  return { pk: pk.S, sk: sk.S, rev: Number(rev.N), body: kept };
};

const conditionOf = (expect: Expectation) =>
  expect === 'absent'
    ? { ConditionExpression: 'attribute_not_exists(pk)' }
    : {
        ConditionExpression: 'rev = :rev',
        ExpressionAttributeValues: { ':rev': { N: String(expect.rev) } },
      };

const writeItem = (TableName: string, write: RecordWrite): TransactWriteItem => {
  const condition = { TableName, ...conditionOf(write.expect) };
  if (write.kind === 'delete') return { Delete: { ...condition, Key: keyOf(write.key) } };
  if (write.kind === 'check') return { ConditionCheck: { ...condition, Key: keyOf(write.key) } };
  const rev = write.expect === 'absent' ? 1 : write.expect.rev + 1;
  return {
    Put: {
      ...condition,
      Item: { ...keyOf(write.key), rev: { N: String(rev) }, body: toBodyAttribute(write.body) },
    },
  };
};

/**
 * No key holds a character above `~`, so the prefix followed by DEL bounds everything that begins with it. (Not
 * `begins_with`, which some engines that stand in for the service answer whatever the case.) A bound longer than a key
 * would itself be refused; of the longest prefix there is only the key itself.
 */
const keyCondition = (pk: string, prefix: string) =>
  prefix === ''
    ? { KeyConditionExpression: 'pk = :pk', ExpressionAttributeValues: { ':pk': { S: pk } } }
    : {
        KeyConditionExpression: 'pk = :pk AND sk BETWEEN :first AND :last',
        ExpressionAttributeValues: {
          ':pk': { S: pk },
          ':first': { S: prefix },
          ':last': { S: prefix.length < storeLimits.keyLengthAtMost ? `${prefix}\x7f` : prefix },
        },
      };

/**
 * An expectation that was found false is told even if another item of the same transaction was also contended. Any
 * other reason (an item that the table may not take) is a defect.
 */
const resultOf = (reasons: readonly CancellationReason[]): TransactionResult | undefined => {
  const codes = reasons.map(({ Code = 'None' }) => Code);
  if (codes.some((code) => !['None', 'ConditionalCheckFailed'].includes(code) && !contention.has(code))) {
    return undefined;
  }
  const indexes = codes.flatMap((code, index) => (code === 'ConditionalCheckFailed' ? [index] : []));
  if (indexes.length > 0) return { committed: false, reason: 'unmet', indexes };
  return codes.some((code) => contention.has(code)) ? { committed: false, reason: 'contended' } : undefined;
};

/**
 * The record store in one DynamoDB table with the string keys `pk` and `sk`. Every read is consistent.
 *
 * The SDK gives each transaction a `ClientRequestToken` of its own and repeats it when it retries, so that a commit
 * whose answer was lost is answered again and not refused by its own conditions. The token lasts ten minutes and does
 * not outlive the call; idempotency of commands is an item of ours.
 */
export const createDynamoRecordStore = ({
  client,
  tableName,
}: {
  readonly client: DynamoDBClient;
  readonly tableName: string;
}): RecordStore => {
  async function* itemsOf(query: RecordQuery): AsyncGenerator<StoredRecord> {
    const range = rangeOf(query);
    if (range === undefined) return;
    const { prefix, after } = range;
    let start: Item | undefined = after === undefined ? undefined : keyOf({ pk: query.pk, sk: after });
    do {
      const { Items = [], LastEvaluatedKey } = await client.send(
        new QueryCommand({
          TableName: tableName,
          ConsistentRead: true,
          ...keyCondition(query.pk, prefix),
          ScanIndexForward: query.descending !== true,
          // One more than the page holds tells whether anything follows.
          Limit: query.limit + 1,
          ...(start === undefined ? {} : { ExclusiveStartKey: start }),
        }),
      );
      yield* Items.map(recordOf);
      start = LastEvaluatedKey;
    } while (start !== undefined);
  }

  return {
    async get(key) {
      checkKey(key);
      const { Item } = await client.send(
        new GetItemCommand({ TableName: tableName, Key: keyOf(key), ConsistentRead: true }),
      );
      return Item === undefined ? undefined : recordOf(Item);
    },
    async query(query) {
      checkQuery(query);
      const gathered = gatherPage(query.limit);
      for await (const record of itemsOf(query)) {
        if (!gathered.take(record)) break;
      }
      return gathered.page();
    },
    async transact(writes) {
      checkTransaction(writes);
      try {
        await client.send(
          new TransactWriteItemsCommand({
            TransactItems: writes.map((write) => writeItem(tableName, write)),
          }),
        );
        return { committed: true };
      } catch (error) {
        if (error instanceof TransactionCanceledException) {
          const result = resultOf(error.CancellationReasons ?? []);
          if (result !== undefined) return result;
        }
        if (error instanceof Error && contention.has(error.name))
          return { committed: false, reason: 'contended' };
        throw error;
      }
    },
  };
};
