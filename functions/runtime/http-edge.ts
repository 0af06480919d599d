import middy from '@middy/core';
import httpHeaderNormalizer from '@middy/http-header-normalizer';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type * as z from 'zod';
import { nothing } from '../../shared/contracts/nothing.ts';
import type { OperationContract } from '../../shared/contracts/operation.ts';
import type { FieldError } from '../../shared/contracts/problem.ts';
import type { PersonActor } from '../../shared/domain/access/actor.ts';
import { CommitContended, type IdempotencyKey } from '../../shared/ledger/commit.ts';
import type { Dependencies } from '../../shared/use-cases/dependencies.ts';
import { type FunctionName, type HttpTrigger, manifest } from '../manifest.ts';
import { fieldErrorsOf } from './field-errors.ts';
import type { HttpHandler, HttpResult, Refused } from './http-types.ts';
import { idempotencyKeyOf } from './idempotency-key.ts';
import { identify } from './identify.ts';
import { readJsonBody } from './json-body.ts';
import { log, traceOf } from './log.ts';
import { jsonResult, problemResult } from './problem.ts';
import type { ProblemCode } from './problem-catalogue.ts';

/** What a handler is given: everything checked against the operation's contract. */
type Given<Contract extends OperationContract> = {
  readonly path: z.output<Contract['path']>;
  readonly query: z.output<Contract['query']>;
  readonly body: Contract extends { readonly body: z.ZodType } ? z.output<Contract['body']> : undefined;
};

type Body<Contract extends OperationContract> = z.input<Contract['success']['body']>;

/** What a handler answers: what the contract promises, or a refusal by its code. */
type Answer<Contract extends OperationContract> = Promise<
  { readonly value: Body<Contract> } | Refused<ProblemCode>
>;

type Operation<Contract extends OperationContract, Run> = {
  readonly name: FunctionName;
  readonly contract: Contract;
  readonly run: Run;
  /** Where that lies which was created. */
  readonly location?: (created: Body<Contract>) => string;
};

type ByPerson<Contract extends OperationContract, Run> = Operation<Contract, Run> & {
  readonly deps: Pick<Dependencies, 'store' | 'house'>;
};

type Invalid = { readonly errors: readonly FieldError[] };

const checked = <Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
): { readonly data: z.output<Schema> } | Invalid => {
  const result = schema.safeParse(value, { reportInput: true });
  return result.success ? { data: result.data } : { errors: fieldErrorsOf(result.error.issues) };
};

const acceptsJson = (accept: string | undefined): boolean =>
  accept === undefined ||
  accept.split(',').some((range) => {
    const [type = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
    const unwanted = parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter));
    return !unwanted && /^(\*\/\*|application\/(\*|json|problem\+json))?$/.test(type);
  });

/** Reads path, query and body by the contract. All that is wrong is said at once. */
const givenBy = <Contract extends OperationContract>(
  contract: Contract,
  event: APIGatewayProxyEventV2,
): { readonly given: Given<Contract> } | Refused<ProblemCode> | Invalid => {
  const sendsNothing = contract.body === undefined && (event.body ?? '') === '';
  const sent = sendsNothing ? { value: {} } : readJsonBody(event);
  if ('refusal' in sent) return sent;
  const path = checked(contract.path, event.pathParameters ?? {});
  const query = checked(contract.query, event.queryStringParameters ?? {});
  const body = checked(contract.body ?? nothing, sent.value);
  if ('errors' in path || 'errors' in query || 'errors' in body) {
    return { errors: [path, query, body].flatMap((part) => ('errors' in part ? part.errors : [])) };
  }
  const given = {
    path: path.data,
    query: query.data,
    body: contract.body === undefined ? undefined : body.data,
  };
  // The three were parsed by the very schemas that the type is made of.
  return { given: given as Given<Contract> };
};

/** @throws at start if the manifest says otherwise than the handler: that is a defect. */
const requireTrigger = (name: FunctionName, expected: Partial<HttpTrigger>): void => {
  const trigger: Readonly<Record<string, unknown>> = manifest[name].trigger;
  const differs = Object.entries({ kind: 'http', ...expected }).some(
    ([key, value]) => trigger[key] !== value,
  );
  if (differs) throw new Error(`the manifest declares ${name} otherwise`);
};

/**
 * A request that nobody is to blame for. Its error is told by name and place only: a message may hold personal data.
 */
const faultResult = (name: FunctionName, error: unknown, requestId: string): HttpResult => {
  if (error instanceof CommitContended) return problemResult('try-again', requestId);
  log.error('internal-error', { function: name, requestId, ...traceOf(error) });
  const timedOut = error instanceof Error && error.name === 'TimeoutError';
  return problemResult(timedOut ? 'try-again' : 'internal-error', requestId);
};

/** The edge that every HTTP function has: headers, negotiation, checks by the contract, answers, problems. */
const createEdge = <Contract extends OperationContract>(
  { name, contract, location }: Omit<Operation<Contract, unknown>, 'run'>,
  answer: (given: Given<Contract>, event: APIGatewayProxyEventV2) => Answer<Contract>,
): HttpHandler => {
  const handle = async (event: APIGatewayProxyEventV2): Promise<HttpResult> => {
    const { requestId } = event.requestContext;
    if (!acceptsJson(event.headers['accept'])) return problemResult('not-acceptable', requestId);
    const read = givenBy(contract, event);
    if ('errors' in read) {
      const { errors } = read;
      const field = errors[0]?.field;
      return problemResult('request-invalid', requestId, {
        errors,
        ...(field === undefined ? {} : { field }),
      });
    }
    if ('refusal' in read) return problemResult(read.refusal.code, requestId, read.refusal);
    const answered = await answer(read.given, event);
    if ('refusal' in answered) return problemResult(answered.refusal.code, requestId, answered.refusal);
    const headers = location === undefined ? {} : { location: location(answered.value) };
    return jsonResult(contract.success.status, answered.value, requestId, headers);
  };
  return middy<APIGatewayProxyEventV2, HttpResult>(handle)
    .use(httpHeaderNormalizer())
    .onError((request) => {
      request.response = faultResult(name, request.error, request.event.requestContext.requestId);
    });
};

/** Reads, and writes that are idempotent by nature (`PUT`), by a person who has been identified. */
export const createHttpHandler = <const Contract extends OperationContract>(
  operation: ByPerson<
    Contract,
    (given: Given<Contract> & { readonly actor: PersonActor }) => Answer<Contract>
  >,
): HttpHandler => {
  const { name, deps, run } = operation;
  requireTrigger(name, { access: 'bearer' });
  return createEdge<Contract>(operation, async (given, event) => {
    const identified = await identify(deps, event);
    return 'refusal' in identified ? identified : run({ ...given, actor: identified.value });
  });
};

/** A `POST` by a person: the same `Idempotency-Key` with the same request gives the same answer. */
export const createCommandHandler = <const Contract extends OperationContract>(
  operation: ByPerson<
    Contract,
    (
      given: Given<Contract> & { readonly actor: PersonActor; readonly idempotency: IdempotencyKey },
    ) => Answer<Contract>
  >,
): HttpHandler => {
  const { name, deps, run } = operation;
  requireTrigger(name, { access: 'bearer', method: 'POST' });
  return createEdge<Contract>(operation, async (given, event) => {
    const identified = await identify(deps, event);
    if ('refusal' in identified) return identified;
    const actor = identified.value;
    const key = idempotencyKeyOf(event, { name, ...given }, actor.personId);
    return 'refusal' in key ? key : run({ ...given, actor, idempotency: key.value });
  });
};

/** Reads that need no account. */
export const createPublicHandler = <const Contract extends OperationContract>(
  operation: Operation<Contract, (given: Given<Contract>) => Answer<Contract>>,
): HttpHandler => {
  requireTrigger(operation.name, { access: 'public', method: 'GET' });
  return createEdge<Contract>(operation, (given) => operation.run(given));
};

/** A `POST` that needs no account. */
export const createPublicCommandHandler = <const Contract extends OperationContract>(
  operation: Operation<
    Contract,
    (given: Given<Contract> & { readonly idempotency: IdempotencyKey }) => Answer<Contract>
  >,
): HttpHandler => {
  const { name, run } = operation;
  requireTrigger(name, { access: 'public', method: 'POST' });
  return createEdge<Contract>(operation, async (given, event) => {
    const key = idempotencyKeyOf(event, { name, ...given });
    return 'refusal' in key ? key : run({ ...given, idempotency: key.value });
  });
};
