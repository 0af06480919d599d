import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';

/** An HTTP API's event (payload 2.0) in, its structured result out; the local gateway calls with the same. */
export type HttpHandler = (
  event: APIGatewayProxyEventV2,
  context: Context,
) => Promise<APIGatewayProxyStructuredResultV2>;

export type HttpResult = APIGatewayProxyStructuredResultV2;

/** What the edge refuses, before or instead of a use case. */
export type Refused<Code extends string> = {
  readonly refusal: { readonly code: Code; readonly field?: string; readonly because?: readonly string[] };
};
