import { isUtf8 } from 'node:buffer';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { type FunctionName, functionEntries, type HttpTrigger } from '../functions/manifest.ts';
import { problemResult } from '../functions/runtime/problem.ts';
import type { TokenVerifier } from '../shared/ports/identity.ts';
import type { Ids } from '../shared/ports/ids.ts';
import { type Handlers, invocation } from './handlers.ts';
import type { LocalRoutes } from './local-routes.ts';

type Route = { readonly name: FunctionName; readonly trigger: HttpTrigger; readonly pattern: RegExp };

/** More than any body that an edge accepts; what lies above is not even read to its end. */
const bodyBytesAtMost = 1024 * 1024;

const routes: readonly Route[] = functionEntries().flatMap(([name, { trigger }]) =>
  trigger.kind === 'http'
    ? [{ name, trigger, pattern: new RegExp(`^${trigger.path.replaceAll(/\{(\w+)\}/g, '(?<$1>[^/]+)')}$`) }]
    : [],
);

const readBody = async (request: IncomingMessage): Promise<Buffer | 'too-large'> => {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += (chunk as Buffer).length;
    if (bytes > bodyBytesAtMost) return 'too-large';
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks);
};

/** JSON arrives as text, as the HTTP API hands it on; anything else, and what is no UTF-8 at all, in base64. */
const bodyOf = (
  contentType: string | undefined,
  body: Buffer,
): Pick<APIGatewayProxyEventV2, 'body' | 'isBase64Encoded'> => {
  if (body.length === 0) return { isBase64Encoded: false };
  const isText = /^[^;]*json/i.test(contentType ?? '') && isUtf8(body);
  return isText
    ? { body: body.toString('utf8'), isBase64Encoded: false }
    : { body: body.toString('base64'), isBase64Encoded: true };
};

const decoded = (text: string): string | undefined => {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
};

const send = (
  response: ServerResponse,
  { statusCode = 200, headers, body }: APIGatewayProxyStructuredResultV2,
): void => {
  for (const [name, value] of Object.entries(headers ?? {})) response.setHeader(name, String(value));
  response.writeHead(statusCode).end(body);
};

/** Only names of this machine: a page elsewhere must not reach it by a name that it made point here. */
const isLoopbackName = (host: string | undefined): boolean =>
  /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/.test(host ?? '');

/**
 * Stands in for the HTTP API: finds the route in the manifest, checks the token as the JWT authoriser does, and calls
 * the function with the same event. `afterwards` is called when a request may have written something.
 */
export const createGateway = (parts: {
  readonly handlers: Handlers;
  readonly verifier: () => TokenVerifier;
  readonly local: LocalRoutes;
  readonly ids: Ids;
  readonly afterwards: () => void;
  readonly report: (error: unknown) => void;
}): Server => {
  const { handlers, verifier, local, ids, afterwards, report } = parts;

  const eventOf = (
    request: IncomingMessage,
    url: URL,
    route: Route,
    names: Record<string, string>,
    body: Buffer,
    requestId: string,
    claims: Readonly<Record<string, string>> | undefined,
  ): APIGatewayProxyEventV2 => {
    const method = request.method ?? 'GET';
    return {
      version: '2.0',
      routeKey: `${method} ${route.trigger.path}`,
      rawPath: url.pathname,
      rawQueryString: url.search.slice(1),
      headers: Object.fromEntries(
        Object.entries(request.headers).map(([name, value]) => [
          name,
          Array.isArray(value) ? value.join(',') : value,
        ]),
      ),
      // A name that comes twice arrives as one value, as the HTTP API joins it.
      queryStringParameters: Object.fromEntries(
        [...new Set(url.searchParams.keys())].map((name) => [name, url.searchParams.getAll(name).join(',')]),
      ),
      pathParameters: names,
      requestContext: {
        accountId: 'local',
        apiId: 'local',
        domainName: 'localhost',
        domainPrefix: 'local',
        http: { method, path: url.pathname, protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: '' },
        requestId,
        routeKey: `${method} ${route.trigger.path}`,
        stage: '$default',
        time: '',
        timeEpoch: 0,
        ...(claims === undefined ? {} : { authorizer: { jwt: { claims, scopes: [] } } }),
      },
      ...bodyOf(request.headers['content-type'], body),
    };
  };

  const answerRoute = async (
    request: IncomingMessage,
    url: URL,
    requestId: string,
  ): Promise<APIGatewayProxyStructuredResultV2> => {
    const matching = routes.filter((route) => route.pattern.test(url.pathname));
    const route = matching.find((candidate) => candidate.trigger.method === request.method);
    if (route === undefined) return problemResult('not-found', requestId);
    let claims: Readonly<Record<string, string>> | undefined;
    if (route.trigger.access === 'bearer') {
      const verified = await verifier().verify(request.headers.authorization);
      if ('refusal' in verified) return problemResult(verified.refusal, requestId);
      claims = verified.claims;
    }
    const named = Object.entries(route.pattern.exec(url.pathname)?.groups ?? {}).map(([name, value]) => [
      name,
      decoded(value),
    ]);
    if (named.some(([, value]) => value === undefined)) return problemResult('not-found', requestId);
    const body = await readBody(request);
    if (body === 'too-large') return problemResult('body-too-large', requestId);
    const event = eventOf(
      request,
      url,
      route,
      Object.fromEntries(named) as Record<string, string>,
      body,
      requestId,
      claims,
    );
    const handler = handlers.http.get(route.name);
    if (handler === undefined) throw new Error(`${route.name} is not wired`);
    return handler(event, invocation(route.name, requestId));
  };

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const requestId = ids.newId();
    if (!isLoopbackName(request.headers.host)) return send(response, problemResult('not-found', requestId));
    const target = request.url ?? '/';
    // A proxy's absolute target names no path of ours; and `//x` is a path, not a host.
    if (!target.startsWith('/')) return send(response, problemResult('not-found', requestId));
    const url = new URL(`http://localhost${target}`);
    if (await local.answered(request, response, url, requestId)) return;
    send(response, await answerRoute(request, url, requestId));
    if (request.method !== 'GET') afterwards();
  };

  return createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      report(error);
      if (!response.headersSent) send(response, problemResult('internal-error', 'unknown'));
      response.end();
    });
  });
};
