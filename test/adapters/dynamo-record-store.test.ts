import { createServer, type IncomingMessage, type Server } from 'node:http';
import { buffer } from 'node:stream/consumers';
import {
  type CancellationReason,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  TransactionCanceledException,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { createDynamoRecordStore } from '../../shared/adapters/aws/dynamo-record-store.ts';
import { jitteredMillis } from '../../shared/adapters/aws/jittered-backoff.ts';
import type { RecordWrite } from '../../shared/ports/record-store.ts';
import { createRecordsTable, dynamodbClient, startDynamodb } from '../support/dynamodb-server.ts';
import { recordStoreContract } from './record-store.contract.ts';

const tableName = 'records';
const server = await startDynamodb();

if ('unavailable' in server) {
  const why = `SKIPPED, no DynamoDB to run it against: ${server.unavailable}`;
  console.warn(`The contract of the record store on DynamoDB was ${why}`);
  test.skip(`the record store in DynamoDB: ${why}`, () => undefined);
} else {
  const client = dynamodbClient(server.endpoint);
  await createRecordsTable(client, tableName);
  const store = createDynamoRecordStore({ client, tableName });
  afterAll(() => {
    client.destroy();
    server.stop();
  });

  describe(`the record store in DynamoDB (${server.engine})`, () => {
    recordStoreContract(() => store);

    test('is told that it committed when only the answer was lost', async () => {
      const tokens: string[] = [];
      const line = await faultyLine(server.endpoint, tokens);
      const cut = createDynamoRecordStore({ client: dynamodbClient(line.endpoint), tableName });
      const at = { pk: 'LOST-ANSWER', sk: 'A' };
      try {
        expect(await cut.transact([{ kind: 'put', key: at, body: {}, expect: 'absent' }])).toEqual({
          committed: true,
        });
      } finally {
        line.server.close();
      }
      expect(tokens).toHaveLength(2);
      expect(tokens[1]).toBe(tokens[0]);
      expect((await store.get(at))?.rev).toBe(1);
    });

    test('keeps a large body deflated and gives it back as it was; a small one stays legible', async () => {
      const task = {
        step: 'department-comparison',
        wakeAt: '2022-11-02T16:00:00.000Z',
        note: '守线',
        n: 1e-7,
      };
      const [large, small] = [{ tasks: Array.from({ length: 40 }, () => task) }, { tasks: [task] }];
      const writes = Object.entries({ large, small }).map(
        ([sk, body]): RecordWrite => ({ kind: 'put', key: { pk: 'SIZES', sk }, body, expect: 'absent' }),
      );
      await store.transact(writes);
      const { records } = await store.query({ pk: 'SIZES', limit: 10 });
      expect(records.map(({ body }) => body)).toEqual([large, small]);
      const keptAs = async (sk: string) => {
        const Key = { pk: { S: 'SIZES' }, sk: { S: sk } };
        return (await client.send(new GetItemCommand({ TableName: tableName, Key }))).Item?.['body'];
      };
      expect((await keptAs('large'))?.B?.length).toBeLessThan(400);
      expect((await keptAs('small'))?.M).toBeDefined();
    });

    test('does not know an item that somebody else put into the table', async () => {
      const Item = {
        pk: { S: 'FOREIGN' },
        sk: { S: 'A' },
        rev: { N: '1' },
        body: { M: { set: { SS: ['x'] } } },
      };
      await client.send(new PutItemCommand({ TableName: tableName, Item }));
      await expect(store.get({ pk: 'FOREIGN', sk: 'A' })).rejects.toThrow('does not write');
    });
  });
}

/** Passes everything on, but hangs up instead of giving the first answer. */
async function faultyLine(endpoint: string, tokens: string[]): Promise<{ server: Server; endpoint: string }> {
  const pass = async (request: IncomingMessage): Promise<Buffer> => {
    const body = await buffer(request);
    tokens.push((JSON.parse(body.toString('utf8')) as { ClientRequestToken: string }).ClientRequestToken);
    const headers = new Headers();
    for (const name of ['content-type', 'x-amz-target', 'authorization', 'x-amz-date']) {
      headers.set(name, String(request.headers[name] ?? ''));
    }
    const answer = await fetch(endpoint, { method: 'POST', headers, body });
    return Buffer.from(await answer.arrayBuffer());
  };
  const line = createServer((request, response) => {
    pass(request).then(
      (body) => (tokens.length === 1 ? request.socket.destroy() : response.end(body)),
      () => request.socket.destroy(),
    );
  });
  await new Promise<void>((resolve) => {
    line.listen(0, '127.0.0.1', resolve);
  });
  const address = line.address();
  if (typeof address !== 'object' || address === null) throw new Error('the line has no address');
  return { server: line, endpoint: `http://127.0.0.1:${address.port}` };
}

describe('what is sent to DynamoDB', () => {
  // This one client only: the real one above must go on reaching its server.
  const client = new DynamoDBClient({ region: 'cn-north-1' });
  const mock = mockClient(client);
  const store = createDynamoRecordStore({ client, tableName });
  afterEach(() => mock.reset());

  const key = { pk: 'P', sk: 'S' };

  test('every read is consistent', async () => {
    mock.on(GetItemCommand).resolves({}).on(QueryCommand).resolves({});
    await store.get(key);
    await store.query({ pk: 'P', prefix: 'S', limit: 10 });
    expect(mock.commandCalls(GetItemCommand)[0]?.args[0].input).toEqual({
      TableName: tableName,
      Key: { pk: { S: 'P' }, sk: { S: 'S' } },
      ConsistentRead: true,
    });
    expect(mock.commandCalls(QueryCommand)[0]?.args[0].input).toEqual({
      TableName: tableName,
      ConsistentRead: true,
      KeyConditionExpression: 'pk = :pk AND sk BETWEEN :first AND :last',
      ExpressionAttributeValues: { ':pk': { S: 'P' }, ':first': { S: 'S' }, ':last': { S: 'S\x7f' } },
      ScanIndexForward: true,
      Limit: 11,
    });
  });

  test('every write has its condition', async () => {
    mock.on(TransactWriteItemsCommand).resolves({});
    const other = { pk: 'P', sk: 'T' };
    const third = { pk: 'P', sk: 'U' };
    await store.transact([
      { kind: 'put', key, body: { name: '张三', list: [1, null, true] }, expect: 'absent' },
      { kind: 'delete', key: other, expect: { rev: 2 } },
      { kind: 'check', key: third, expect: 'absent' },
    ]);
    expect(mock.commandCalls(TransactWriteItemsCommand)[0]?.args[0].input).toEqual({
      TransactItems: [
        {
          Put: {
            TableName: tableName,
            ConditionExpression: 'attribute_not_exists(pk)',
            Item: {
              pk: { S: 'P' },
              sk: { S: 'S' },
              rev: { N: '1' },
              body: { M: { name: { S: '张三' }, list: { L: [{ N: '1' }, { NULL: true }, { BOOL: true }] } } },
            },
          },
        },
        {
          Delete: {
            TableName: tableName,
            ConditionExpression: 'rev = :rev',
            ExpressionAttributeValues: { ':rev': { N: '2' } },
            Key: { pk: { S: 'P' }, sk: { S: 'T' } },
          },
        },
        {
          ConditionCheck: {
            TableName: tableName,
            ConditionExpression: 'attribute_not_exists(pk)',
            Key: { pk: { S: 'P' }, sk: { S: 'U' } },
          },
        },
      ],
    });
  });
});

describe('what DynamoDB refuses', () => {
  // This one client only: the real one above must go on reaching its server.
  const client = new DynamoDBClient({ region: 'cn-north-1' });
  const mock = mockClient(client);
  const store = createDynamoRecordStore({ client, tableName });
  afterEach(() => mock.reset());

  const writes: readonly RecordWrite[] = ['A', 'B', 'C'].map((sk) => ({
    kind: 'put',
    key: { pk: 'P', sk },
    body: {},
    expect: 'absent',
  }));
  const cancelled = (...codes: readonly string[]) =>
    new TransactionCanceledException({
      $metadata: {},
      message: 'cancelled',
      CancellationReasons: codes.map((Code): CancellationReason => ({ Code })),
    });

  test('unmet conditions are told by their places', async () => {
    mock
      .on(TransactWriteItemsCommand)
      .rejects(cancelled('ConditionalCheckFailed', 'None', 'ConditionalCheckFailed'));
    expect(await store.transact(writes)).toEqual({ committed: false, reason: 'unmet', indexes: [0, 2] });
  });

  test.each(['TransactionConflict', 'ProvisionedThroughputExceeded', 'ThrottlingError'])(
    'an item in the way (%s) is contention',
    async (code) => {
      mock.on(TransactWriteItemsCommand).rejects(cancelled('None', code, 'None'));
      expect(await store.transact(writes)).toEqual({ committed: false, reason: 'contended' });
    },
  );

  test('an unmet condition is told even beside an item in the way', async () => {
    mock
      .on(TransactWriteItemsCommand)
      .rejects(cancelled('TransactionConflict', 'ConditionalCheckFailed', 'None'));
    expect(await store.transact(writes)).toEqual({ committed: false, reason: 'unmet', indexes: [1] });
  });

  test.each([
    'TransactionConflictException',
    'TransactionInProgressException',
    'ProvisionedThroughputExceededException',
    'RequestLimitExceeded',
    'ThrottlingException',
  ])('a transaction in the way (%s) is contention', async (name) => {
    mock.on(TransactWriteItemsCommand).rejects(Object.assign(new Error(name), { name }));
    expect(await store.transact(writes)).toEqual({ committed: false, reason: 'contended' });
  });

  test.each(['ValidationError', 'ItemCollectionSizeLimitExceeded', 'AccessDenied'])(
    'an item that the table may not take (%s) is a defect',
    async (code) => {
      mock.on(TransactWriteItemsCommand).rejects(cancelled('ConditionalCheckFailed', code, 'None'));
      await expect(store.transact(writes)).rejects.toThrow('cancelled');
    },
  );

  test('a cancellation without reasons, or any other error, is a defect', async () => {
    mock.on(TransactWriteItemsCommand).rejects(cancelled());
    await expect(store.transact(writes)).rejects.toThrow('cancelled');
    mock
      .on(TransactWriteItemsCommand)
      .rejects(Object.assign(new Error('no'), { name: 'ResourceNotFoundException' }));
    await expect(store.transact(writes)).rejects.toThrow('no');
  });
});

describe('waiting before the next attempt', () => {
  test('lasts from nothing up to a ceiling that doubles until half a second', () => {
    expect([1, 2, 3, 6, 40].map((attempt) => jitteredMillis(attempt, 0))).toEqual([0, 0, 0, 0, 0]);
    expect([1, 2, 3, 6, 40].map((attempt) => jitteredMillis(attempt, 0.9999))).toEqual([
      19, 39, 79, 499, 499,
    ]);
  });
});
