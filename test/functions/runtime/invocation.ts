import type { LambdaContext, LambdaHttpEvent } from '../../../functions/runtime/lambda.ts';

/** What a function is told of its invocation; nothing of it is used but the request id. */
export const context = (awsRequestId = 'r-1'): LambdaContext => ({
  functionName: 'tested',
  awsRequestId,
  callbackWaitsForEmptyEventLoop: false,
  functionVersion: '1',
  invokedFunctionArn: 'arn:aws:lambda:local:000000000000:function:tested',
  memoryLimitInMB: '256',
  logGroupName: 'tested',
  logStreamName: 'tested',
  getRemainingTimeInMillis: () => 60_000,
  done: () => undefined,
  fail: () => undefined,
  succeed: () => undefined,
});

export type Sent = {
  readonly method?: 'GET' | 'POST' | 'PUT';
  readonly path?: string;
  readonly names?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly base64?: boolean;
  /** Claims of a verified token. */
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly requestId?: string;
};

export const httpEvent = ({
  method = 'POST',
  path = '/v1/things/t-1/notes',
  names = { thingId: 't-1' },
  query,
  headers = {},
  body,
  base64 = false,
  claims,
  requestId = 'r-1',
}: Sent): LambdaHttpEvent => ({
  rawPath: path,
  headers,
  pathParameters: names,
  queryStringParameters: query,
  body,
  isBase64Encoded: base64,
  requestContext: {
    requestId,
    http: { method },
    ...(claims === undefined ? {} : { authorizer: { jwt: { claims } } }),
  },
});
