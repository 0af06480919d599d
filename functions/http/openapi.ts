import * as z from 'zod/mini';
import { type CreateDocumentOptions, createDocument, type ZodOpenApiOperationObject } from 'zod-openapi';
import { verifyLedgerContract } from '../../shared/contracts/audit.ts';
import { getCandidateListContract } from '../../shared/contracts/candidate-list.ts';
import {
  amendCityReportContract,
  getCityReportContract,
  listCityReportsContract,
} from '../../shared/contracts/city-report.ts';
import { listDeadLettersContract, retryDeadLetterContract } from '../../shared/contracts/dead-letter.ts';
import { putDivisionContract } from '../../shared/contracts/division.ts';
import { getEvidenceContract, requestUploadContract } from '../../shared/contracts/evidence.ts';
import {
  getExecutionContract,
  listExecutionsContract,
  reconcileExecutionsContract,
  retryExecutionContract,
} from '../../shared/contracts/execution.ts';
import { fileEarlyContract, getFilingContract, listFilingsContract } from '../../shared/contracts/filing.ts';
import { putGridContract } from '../../shared/contracts/grid.ts';
import { getHealthContract, getOpenapiContract } from '../../shared/contracts/health.ts';
import {
  getHouseholdContract,
  listHouseholdsContract,
  putHouseholdContract,
} from '../../shared/contracts/household.ts';
import { putHouseholdFactsContract } from '../../shared/contracts/household-facts.ts';
import {
  fileObjectionContract,
  getNoticeContract,
  listNoticesContract,
} from '../../shared/contracts/notice.ts';
import type { OperationContract } from '../../shared/contracts/operation.ts';
import { putPersonContract } from '../../shared/contracts/person.ts';
import { problem } from '../../shared/contracts/problem.ts';
import {
  getReleaseCaseContract,
  listReleaseCasesContract,
  openReleaseCaseContract,
  pauseCaseContract,
  requestReleaseContract,
  withdrawCaseContract,
} from '../../shared/contracts/release-case.ts';
import { decideTaskContract, getTaskContract, listTasksContract } from '../../shared/contracts/task.ts';
import { apiVersion } from '../../shared/contracts/version.ts';
import { type FunctionName, functionEntries, type HttpTrigger } from '../manifest.ts';
import { problemCatalogue } from '../runtime/problem-catalogue.ts';

/** The contract of every HTTP function, under its name in the manifest. */
export const contracts: Readonly<Partial<Record<FunctionName, OperationContract>>> = {
  'get-health': getHealthContract,
  'get-openapi': getOpenapiContract,
  'put-division': putDivisionContract,
  'put-person': putPersonContract,
  'put-household': putHouseholdContract,
  'list-households': listHouseholdsContract,
  'get-household': getHouseholdContract,
  'put-household-facts': putHouseholdFactsContract,
  'put-grid': putGridContract,
  'open-release-case': openReleaseCaseContract,
  'request-release': requestReleaseContract,
  'get-candidate-list': getCandidateListContract,
  'withdraw-case': withdrawCaseContract,
  'pause-case': pauseCaseContract,
  'list-release-cases': listReleaseCasesContract,
  'get-release-case': getReleaseCaseContract,
  'list-tasks': listTasksContract,
  'get-task': getTaskContract,
  'decide-task': decideTaskContract,
  'list-notices': listNoticesContract,
  'get-notice': getNoticeContract,
  'file-objection': fileObjectionContract,
  'list-filings': listFilingsContract,
  'get-filing': getFilingContract,
  'file-early': fileEarlyContract,
  'list-city-reports': listCityReportsContract,
  'get-city-report': getCityReportContract,
  'amend-city-report': amendCityReportContract,
  'request-upload': requestUploadContract,
  'get-evidence': getEvidenceContract,
  'verify-ledger': verifyLedgerContract,
  'list-executions': listExecutionsContract,
  'get-execution': getExecutionContract,
  'reconcile-executions': reconcileExecutionsContract,
  'retry-execution': retryExecutionContract,
  'list-dead-letters': listDeadLettersContract,
  'retry-dead-letter': retryDeadLetterContract,
};

const description = `守线：乡村振兴部门防止返贫监测与风险消除的长流程与可核验台账。
Durable workflows and a verifiable ledger for monitoring and releasing rural households at risk of falling back into poverty.

- 时间：所有期限按北京时间计算，时刻以 UTC 存储。Legal time is Asia/Shanghai; instants are written in UTC.
- 错误：一律为 \`application/problem+json\`（RFC 9457），\`code\` 稳定不变，代码表见 \`x-problem-codes\`。Every error is a problem document with a stable code.
- 权限：他人辖区内的事项与不存在的事项返回完全相同的 404。What lies outside your jurisdiction reads exactly like what does not exist.
- 幂等：每个 POST 须带 \`Idempotency-Key\`；同一键、同一请求得到同一答复。The same key with the same request gives the same answer.
- 时间权威在台账：是否逾期以提交入账的时刻为准。What counts is the instant at which a command is committed.`;

const idempotencyKey = z.string().check(
  z.minLength(1),
  z.maxLength(128),
  z.meta({
    description:
      '幂等键，1–128 个可打印 ASCII 字符，请用随机值 (printable ASCII; a random one, as it protects what was sent)',
    examples: ['7f3c7d0e-6a55-4f0e-9a6c-1f0f3a1d2b4c'],
  }),
);

/** @returns the parameters of a part of the request, or nothing where it takes none. */
const parametersOf = (schema: z.ZodMiniType): z.ZodMiniObject | undefined =>
  schema instanceof z.ZodMiniObject && Object.keys(schema.shape).length > 0 ? schema : undefined;

const refusals = {
  400: '请求格式有误，或缺少 Idempotency-Key (malformed, or without its Idempotency-Key)',
  401: '未登录或登录凭证无效 (no valid bearer token)',
  403: '账号未登记，或无权办理 (not registered, or none of your offices may do this)',
  404: '未找到，或不在您的辖区 (not there, or not there for you)',
  409: '当前状态不允许 (not as things stand now)',
  413: '请求内容过大 (the body is too large)',
  415: '请求内容类型须为 application/json (the body is not JSON)',
  422: '请求内容不符合要求 (the content does not hold)',
} as const;
type RefusedStatus = keyof typeof refusals;

/** Which refusals an operation knows, as follows from what it reads and who may call it. */
const refusedStatuses = (
  { method, access }: HttpTrigger,
  { path, body }: OperationContract,
): readonly RefusedStatus[] => {
  // An unknown query parameter is refused everywhere.
  const statuses = new Set<RefusedStatus>([422]);
  if (access === 'bearer') for (const status of [401, 403] as const) statuses.add(status);
  if (parametersOf(path) !== undefined) statuses.add(404);
  if (body !== undefined) for (const status of [400, 404, 413, 415] as const) statuses.add(status);
  if (method !== 'GET') statuses.add(409);
  return [...statuses].toSorted((a, b) => a - b);
};

const problemContent = { 'application/problem+json': { schema: problem } };
/** Each stands once among the components, and every operation refers to it. */
const refusedResponses = new Map(
  Object.entries(refusals).map(([status, description]) => [
    status,
    { id: `Refused${status}`, description, content: problemContent },
  ]),
);
const fault = {
  id: 'Fault',
  description: '系统故障；可用同一请求重试 (a fault; the same request may be sent again)',
  content: problemContent,
};

const operationOf = (
  name: FunctionName,
  trigger: HttpTrigger,
  contract: OperationContract,
): ZodOpenApiOperationObject => {
  const { method, access } = trigger;
  const { summary, tag, path, query, body, success } = contract;
  const pathParameters = parametersOf(path);
  const queryParameters = parametersOf(query);
  return {
    operationId: name,
    summary: `${summary.zh} ${summary.en}`,
    tags: [tag],
    security: access === 'public' ? [] : [{ bearer: [] }],
    requestParams: {
      ...(pathParameters === undefined ? {} : { path: pathParameters }),
      ...(queryParameters === undefined ? {} : { query: queryParameters }),
      ...(method === 'POST' ? { header: z.object({ 'Idempotency-Key': idempotencyKey }) } : {}),
    },
    ...(body === undefined
      ? {}
      : { requestBody: { required: true, content: { 'application/json': { schema: body } } } }),
    responses: {
      [`${success.status}`]: {
        description: success.status === 201 ? '已创建 (created)' : '成功 (success)',
        content: { 'application/json': { schema: success.body } },
      },
      ...Object.fromEntries(
        refusedStatuses(trigger, contract).map((status) => [`${status}`, refusedResponses.get(`${status}`)]),
      ),
      '5XX': fault,
    },
  };
};

type Paths = Record<string, Record<string, ZodOpenApiOperationObject>>;

/** @throws if an HTTP function of the manifest has no contract: it could not be called by anybody who reads only this. */
const pathsOf = (): Paths => {
  const paths: Paths = {};
  for (const [name, { trigger }] of functionEntries()) {
    if (trigger.kind !== 'http') continue;
    const contract = contracts[name];
    if (contract === undefined) throw new Error(`${name} has no contract`);
    paths[trigger.path] = {
      ...paths[trigger.path],
      [trigger.method.toLowerCase()]: operationOf(name, trigger, contract),
    };
  }
  return paths;
};

/** The bounds of JavaScript's own integers tell a reader nothing. */
const withoutMachineBounds: NonNullable<CreateDocumentOptions['override']> = ({ jsonSchema }) => {
  if (jsonSchema.type !== 'integer') return;
  if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
  if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
};

/** @returns the OpenAPI 3.1 document, made of manifest and contracts alone. */
export const buildOpenapi = (): object =>
  createDocument(
    {
      openapi: '3.1.1',
      info: {
        title: '守线 Shouxian',
        version: apiVersion,
        description,
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      servers: [{ url: '/' }],
      paths: pathsOf(),
      components: {
        securitySchemes: {
          bearer: {
            type: 'http',
            scheme: 'bearer',
            bearerFormat: 'JWT',
            description:
              'OIDC 令牌；sub 为人员账号，职务以登记为准 (offices come from the register, not from the token)',
          },
        },
      },
      'x-problem-codes': problemCatalogue,
    },
    { override: withoutMachineBounds },
  );
