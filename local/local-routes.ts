import type { IncomingMessage, ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import * as z from 'zod';
import { problemResult } from '../functions/runtime/problem.ts';
import type { FolderEvidenceVault } from '../shared/adapters/embedded/folder-evidence-vault.ts';
import { parseInstant } from '../shared/domain/calendar/instant.ts';
import type { Engine } from './engine.ts';
import { audience, type Issuer } from './issuer.ts';
import type { MachineClock } from './machine-clock.ts';
import type { WorkflowRunner } from './workflow-runner/runner.ts';

/** What only an embedded machine has: its clock, its tokens, its evidence folder, a look at its executions. */
export type LocalRoutes = {
  /** @returns true when the request was one of these and has been answered. */
  answered(request: IncomingMessage, response: ServerResponse, url: URL, requestId: string): Promise<boolean>;
};

const tokenRequest = z.strictObject({ personId: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/) });
const clockRequest = z.strictObject({ to: z.string() });
const workflowName = z.enum(['release-case', 'monthly-filing', 'city-report']);
const listLimit = 200;
const bodyBytesAtMost = 4096;

const sendJson = (response: ServerResponse, status: number, body: unknown): void => {
  response
    .writeHead(status, { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' })
    .end(JSON.stringify(body));
};

const sendProblem = (
  response: ServerResponse,
  code: Parameters<typeof problemResult>[0],
  requestId: string,
  field?: string,
): void => {
  const {
    statusCode = 400,
    headers = {},
    body = '',
  } = problemResult(code, requestId, field === undefined ? {} : { field });
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, String(value));
  response.writeHead(statusCode).end(body);
};

/** Both bodies that are read here are a line; @returns `undefined` for what is no JSON, or too long to be one of them. */
const readJson = async (request: IncomingMessage): Promise<unknown> => {
  try {
    if (!(Number(request.headers['content-length']) <= bodyBytesAtMost)) return undefined;
    return await json(request);
  } catch {
    return undefined;
  }
};

export const createLocalRoutes = (parts: {
  readonly baseUrl: () => string;
  readonly issuer: () => Issuer;
  readonly clock: MachineClock;
  readonly engine: () => Engine;
  readonly runner: () => WorkflowRunner;
  readonly vault: FolderEvidenceVault;
}): LocalRoutes => {
  const { baseUrl, issuer, clock, engine, runner, vault } = parts;

  const setClock = async (
    request: IncomingMessage,
    response: ServerResponse,
    requestId: string,
  ): Promise<void> => {
    if (clock.mode === 'real') return sendProblem(response, 'clock-is-real', requestId);
    const to = parseInstant(clockRequest.safeParse(await readJson(request)).data?.to ?? '');
    if (to === undefined) return sendProblem(response, 'request-invalid', requestId, 'to');
    if (to < clock.now()) return sendProblem(response, 'clock-runs-forward-only', requestId, 'to');
    await engine().advanceTo(to);
    sendJson(response, 200, { mode: clock.mode, now: clock.now() });
  };

  const issueToken = async (
    request: IncomingMessage,
    response: ServerResponse,
    requestId: string,
  ): Promise<void> => {
    const asked = tokenRequest.safeParse(await readJson(request));
    if (!asked.success) return sendProblem(response, 'request-invalid', requestId, 'personId');
    sendJson(response, 200, {
      access_token: await issuer().issue(asked.data.personId),
      token_type: 'Bearer',
    });
  };

  const evidence = async (
    request: IncomingMessage,
    response: ServerResponse,
    url: URL,
    requestId: string,
  ): Promise<void> => {
    const headers = { 'content-type': request.headers['content-type'] };
    const vaultRequest = { query: Object.fromEntries(url.searchParams), headers };
    if (request.method === 'PUT') {
      const received = await vault.receive(vaultRequest, request);
      if ('refusal' in received) return sendProblem(response, received.refusal, requestId);
      response.writeHead(200, { 'x-amz-version-id': received.versionId }).end();
      return;
    }
    const found = await vault.send(vaultRequest);
    if ('refusal' in found) return sendProblem(response, found.refusal, requestId);
    response.writeHead(200, {
      'content-type': found.stored.contentType,
      'content-length': found.stored.size,
      'content-disposition': 'inline',
      'x-content-type-options': 'nosniff',
    });
    await pipeline(found.body, response);
  };

  const executions = (response: ServerResponse, url: URL, requestId: string): void => {
    const [workflow = '', name = ''] = url.pathname.split('/').slice(3);
    if (workflow === '') {
      sendJson(response, 200, runner().list({ limit: listLimit }));
      return;
    }
    const known = workflowName.safeParse(workflow);
    const ref = known.success ? { workflow: known.data, name } : undefined;
    const described = ref === undefined ? undefined : runner().describe(ref);
    if (ref === undefined || described === undefined) {
      sendProblem(response, 'not-found', requestId);
      return;
    }
    sendJson(response, 200, { ...described, history: runner().history(ref) });
  };

  const discovery = () => ({
    issuer: baseUrl(),
    jwks_uri: `${baseUrl()}/local/jwks`,
    token_endpoint: `${baseUrl()}/local/token`,
    id_token_signing_alg_values_supported: ['RS256'],
    response_types_supported: ['token'],
    subject_types_supported: ['public'],
    audience,
  });

  return {
    async answered(request, response, url, requestId) {
      const path = /^\/local\/executions(\/|$)/.test(url.pathname) ? '/local/executions' : url.pathname;
      switch (`${request.method} ${path}`) {
        case 'GET /.well-known/openid-configuration':
          sendJson(response, 200, discovery());
          return true;
        case 'GET /local/jwks':
          sendJson(response, 200, issuer().keys);
          return true;
        case 'POST /local/token':
          await issueToken(request, response, requestId);
          return true;
        case 'GET /local/clock':
          sendJson(response, 200, { mode: clock.mode, now: clock.now() });
          return true;
        case 'POST /local/clock':
          await setClock(request, response, requestId);
          return true;
        case 'GET /local/executions':
          executions(response, url, requestId);
          return true;
        case 'PUT /local/evidence':
        case 'GET /local/evidence':
          await evidence(request, response, url, requestId);
          return true;
        default:
          return false;
      }
    },
  };
};
