import middy from '@middy/core';
import httpHeaderNormalizer from '@middy/http-header-normalizer';
import type * as z from 'zod/mini';
import type { OperationContract } from '../../shared/contracts/operation.ts';
import type { FieldError } from '../../shared/contracts/problem.ts';
import type { PersonActor } from '../../shared/domain/access/actor.ts';
import type { PersonId } from '../../shared/domain/access/identifiers.ts';
import { fingerprintOf } from '../../shared/ledger/canonical.ts';
import { CommitContended, type IdempotencyKey } from '../../shared/ledger/commit.ts';
import type { Json } from '../../shared/ports/record-store.ts';
import type { Dependencies } from '../../shared/use-cases/dependencies.ts';
import { identifyActor } from '../../shared/use-cases/identify-actor.ts';
import type { UseCaseRefusal } from '../../shared/use-cases/outcome.ts';
import { logDefect } from './defect-log.ts';
import { fieldErrors } from './field-errors.ts';
import { type EdgeEvent, jsonBody } from './json-body.ts';
import type { LambdaHttpHandler, LambdaHttpResult } from './lambda.ts';
import { answerHeaders, problemResult } from './problem.ts';
import type { EdgeCode } from './problem-catalogue.ts';

/** What a handler is given: only what its contract let through. */
export type HttpRequest<C extends OperationContract> = {
  readonly path: z.output<C['path']>;
  readonly query: z.output<C['query']>;
  readonly body: C['body'] extends z.ZodMiniType ? z.output<C['body']> : undefined;
};
/** Who asks; on bearer routes only. */
export type Identified = { readonly actor: PersonActor };
/** The caller's key for this request; on POST routes only. */
export type Repeatable = { readonly idempotency: IdempotencyKey };

/** What is answered is only read on its way out, so use cases may give their own read-only data as it is. */
type ReadOnly<Value> = Value extends object
  ? { readonly [Name in keyof Value]: ReadOnly<Value[Name]> }
  : Value;

export type Reply<C extends OperationContract> =
  | {
      readonly value: ReadOnly<z.input<C['success']['body']>>;
      readonly headers?: Readonly<Record<string, string>>;
    }
  | { readonly refusal: UseCaseRefusal };

/** A use case's refusal or one of the edge, on its way to becoming a problem. */
type Refused = {
  readonly refusal:
    | UseCaseRefusal
    | { readonly code: EdgeCode; readonly field?: string; readonly errors?: readonly FieldError[] };
};

type EdgeDependencies = Pick<Dependencies, 'store' | 'house'>;

const readRequest = <C extends OperationContract>(
  contract: C,
  event: EdgeEvent,
): { readonly request: HttpRequest<C> } | Refused => {
  const path = contract.path.safeParse(event.pathParameters ?? {});
  // An id that cannot be is an id that is not: it reads like any other unknown thing.
  if (!path.success) return { refusal: { code: 'not-found' } };
  const query = contract.query.safeParse(event.queryStringParameters ?? {}, { reportInput: true });
  const body = contract.body?.safeParse(event.body, { reportInput: true });
  const errors = [
    ...(query.success ? [] : fieldErrors('query', query.error.issues)),
    ...(body === undefined || body.success ? [] : fieldErrors('body', body.error.issues)),
  ];
  if (errors.length > 0) return { refusal: { code: 'request-invalid', errors } };
  const request = { path: path.data, query: query.data, body: body?.data };
  return { request: request as HttpRequest<C> };
};

const idempotencyKeyOf = (event: EdgeEvent, owner: string): Repeatable | Refused => {
  const key = event.headers['idempotency-key'];
  const field = 'Idempotency-Key';
  if (key === undefined) return { refusal: { code: 'idempotency-key-missing', field } };
  if (!/^[\x21-\x7e]([\x20-\x7e]{0,126}[\x21-\x7e])?$/.test(key))
    return { refusal: { code: 'idempotency-key-invalid', field } };
  // Salted with the key, which nobody keeps but the client: else a short body (a telephone number, say) could be found
  // again from its fingerprint by trying.
  const sent = [key, event.requestContext.http.method, event.rawPath, (event.body ?? null) as Json];
  return { idempotency: { owner, key, fingerprint: fingerprintOf(sent) } };
};

const identify = async (deps: EdgeDependencies, event: EdgeEvent): Promise<Identified | Refused> => {
  const subject = event.requestContext.authorizer?.jwt.claims['sub'];
  if (typeof subject !== 'string' || subject === '') return { refusal: { code: 'token-missing' } };
  // A subject that is no possible id of ours cannot be a key of the register either.
  if (!/^[\x21-\x7e]{1,128}$/.test(subject)) return { refusal: { code: 'person-not-registered' } };
  const identified = await identifyActor(deps, subject as PersonId);
  return 'refusal' in identified ? identified : { actor: identified.value };
};

/** @throws if the value does not fit the contract: what leaves the house is held to it as well as what enters. */
const success = <C extends OperationContract>(
  { success: { status, body } }: C,
  { value, headers }: Exclude<Reply<C>, { refusal: UseCaseRefusal }>,
): LambdaHttpResult => ({
  statusCode: status,
  headers: { ...answerHeaders, 'content-type': 'application/json', ...headers },
  body: JSON.stringify(body.parse(value)),
});

/** Middy around one operation: header names, the body, and what becomes of refusals and defects. */
const edge = <C extends OperationContract>(
  contract: C,
  answer: (event: EdgeEvent) => Promise<Reply<C> | Refused>,
): LambdaHttpHandler => {
  const edged = middy<EdgeEvent, LambdaHttpResult>(async (event: EdgeEvent): Promise<LambdaHttpResult> => {
    const reply = await answer(event);
    if (!('refusal' in reply)) return success(contract, reply);
    const { code, ...details } = reply.refusal;
    return problemResult(code, event.requestContext.requestId, details);
  }).use(httpHeaderNormalizer());
  if (contract.body !== undefined) edged.use(jsonBody());
  edged.onError((request) => {
    const { error } = request;
    const { requestId } = request.event.requestContext;
    if (!(error instanceof CommitContended)) logDefect(requestId, error);
    // Whoever sends the same request again learns what became of this one.
    const passing = error instanceof CommitContended || error?.name === 'TimeoutError';
    request.response = problemResult(passing ? 'try-again' : 'internal-error', requestId);
  });
  return async (event, context) => edged({ ...event }, context);
};

/** An operation that changes nothing a second time (GET, PUT), for somebody with a token. */
export const bearerHandler = <C extends OperationContract>(
  contract: C,
  deps: EdgeDependencies,
  run: (request: HttpRequest<C> & Identified) => Promise<Reply<C>>,
): LambdaHttpHandler =>
  edge(contract, async (event) => {
    const identified = await identify(deps, event);
    if ('refusal' in identified) return identified;
    const read = readRequest(contract, event);
    if ('refusal' in read) return read;
    return run({ ...read.request, ...identified });
  });

/** A POST, for somebody with a token. The key belongs to that person. */
export const bearerPostHandler = <C extends OperationContract>(
  contract: C,
  deps: EdgeDependencies,
  run: (request: HttpRequest<C> & Identified & Repeatable) => Promise<Reply<C>>,
): LambdaHttpHandler =>
  edge(contract, async (event) => {
    const identified = await identify(deps, event);
    if ('refusal' in identified) return identified;
    const keyed = idempotencyKeyOf(event, identified.actor.personId);
    if ('refusal' in keyed) return keyed;
    const read = readRequest(contract, event);
    if ('refusal' in read) return read;
    return run({ ...read.request, ...identified, ...keyed });
  });

/** An operation for everybody that changes nothing. */
export const publicHandler = <C extends OperationContract>(
  contract: C,
  run: (request: HttpRequest<C>) => Promise<Reply<C>>,
): LambdaHttpHandler =>
  edge(contract, async (event) => {
    const read = readRequest(contract, event);
    return 'refusal' in read ? read : run(read.request);
  });

/** A POST for everybody. Nobody is known here, so the key belongs to the path that it was sent to. */
export const publicPostHandler = <C extends OperationContract>(
  contract: C,
  run: (request: HttpRequest<C> & Repeatable) => Promise<Reply<C>>,
): LambdaHttpHandler =>
  edge(contract, async (event) => {
    const keyed = idempotencyKeyOf(event, `public:${event.rawPath}`);
    if ('refusal' in keyed) return keyed;
    const read = readRequest(contract, event);
    if ('refusal' in read) return read;
    return run({ ...read.request, ...keyed });
  });
