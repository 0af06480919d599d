import type { APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';

export type LambdaContext = Context;

/** The part of an HTTP API event (payload 2.0, with or without JWT authoriser) that the edge reads. */
export type LambdaHttpEvent = {
  readonly rawPath: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly pathParameters?: Readonly<Record<string, string | undefined>> | undefined;
  readonly queryStringParameters?: Readonly<Record<string, string | undefined>> | undefined;
  readonly body?: string | undefined;
  readonly isBase64Encoded: boolean;
  readonly requestContext: {
    readonly requestId: string;
    readonly http: { readonly method: string };
    /** Present when an authoriser verified a token. */
    readonly authorizer?:
      | { readonly jwt: { readonly claims: Readonly<Record<string, unknown>> } }
      | undefined;
  };
};

export type LambdaHttpResult = APIGatewayProxyStructuredResultV2;
export type LambdaHttpHandler = (event: LambdaHttpEvent, context: LambdaContext) => Promise<LambdaHttpResult>;
