/**
 * Every function of the house, as data. The stacks, the local gateway and the OpenAPI document all read it;
 * it names handlers by path and imports none of them.
 */

/** What a function may reach. Each one is an environment variable and a least-privilege grant in one act. */
export type Binding =
  | 'records:read'
  | 'records:write'
  /** Open personal data: the data keys of the vault. */
  | 'keys'
  | 'evidence:sign-upload'
  | 'evidence:read'
  /** Start, stop, look at and resume executions. */
  | 'workflows'
  /** Look at executions: which run, and how one ended. */
  | 'workflows:read';

/** What the relay writes to its log when it gives a change up: the stack counts these lines, and alarms. */
export const changeSetAside = 'change-set-aside';

export type HttpTrigger = {
  readonly kind: 'http';
  readonly method: 'GET' | 'POST' | 'PUT';
  /** With `{name}` for path parameters. */
  readonly path: string;
  /** `public` routes need no token. */
  readonly access: 'public' | 'bearer';
};

export type Trigger =
  | HttpTrigger
  /** Called by a workflow; `awaitsToken` when the state waits for a task token. */
  | { readonly kind: 'workflow'; readonly awaitsToken: boolean }
  /** The table's change feed. */
  | { readonly kind: 'feed' }
  /** Cron in Asia/Shanghai: minute hour day-of-month month day-of-week. */
  | { readonly kind: 'schedule'; readonly cron: string };

export type FunctionEntry = {
  /** Folder below `functions/`, holding `index.ts` (wiring) and `handler.ts`. */
  readonly folder: string;
  readonly trigger: Trigger;
  readonly bindings: readonly Binding[];
  readonly timeoutSeconds: number;
};

const http = (
  method: HttpTrigger['method'],
  path: string,
  name: string,
  bindings: readonly Binding[],
  access: HttpTrigger['access'] = 'bearer',
): FunctionEntry => ({
  folder: `http/${name}`,
  trigger: { kind: 'http', method, path, access },
  bindings,
  timeoutSeconds: 20,
});

const task = (name: string, bindings: readonly Binding[], awaitsToken = false): FunctionEntry => ({
  folder: `task/${name}`,
  trigger: { kind: 'workflow', awaitsToken },
  bindings,
  timeoutSeconds: 60,
});

export const manifest = {
  'get-health': http('GET', '/health', 'get-health', ['records:read'], 'public'),
  'get-openapi': http('GET', '/v1/openapi.json', 'get-openapi', [], 'public'),

  'put-division': http('PUT', '/v1/divisions/{divisionCode}', 'put-division', ['records:write']),
  'put-person': http('PUT', '/v1/people/{personId}', 'put-person', ['records:write', 'keys']),
  'put-household': http('PUT', '/v1/households/{householdId}', 'put-household', ['records:write', 'keys']),
  'list-households': http('GET', '/v1/households', 'list-households', ['records:read']),
  'get-household': http('GET', '/v1/households/{householdId}', 'get-household', ['records:read', 'keys']),
  'put-household-facts': http('PUT', '/v1/households/{householdId}/facts', 'put-household-facts', [
    'records:write',
    'keys',
  ]),
  'put-grid': http('PUT', '/v1/grids/{groupCode}', 'put-grid', ['records:write']),

  'open-release-case': http('POST', '/v1/release-cases', 'open-release-case', ['records:write', 'keys']),
  'request-release': http('POST', '/v1/release-requests', 'request-release', ['records:write', 'keys']),
  'get-candidate-list': http('GET', '/v1/candidate-lists/{groupCode}/{month}', 'get-candidate-list', [
    'records:read',
  ]),
  'withdraw-case': http('POST', '/v1/release-cases/{caseNumber}/withdrawal', 'withdraw-case', [
    'records:write',
    'keys',
    'evidence:read',
  ]),
  'pause-case': http('POST', '/v1/release-cases/{caseNumber}/pause', 'pause-case', [
    'records:write',
    'keys',
    'evidence:read',
  ]),
  'list-release-cases': http('GET', '/v1/release-cases', 'list-release-cases', ['records:read']),
  'get-release-case': http('GET', '/v1/release-cases/{caseNumber}', 'get-release-case', [
    'records:read',
    'keys',
  ]),

  'list-tasks': http('GET', '/v1/tasks', 'list-tasks', ['records:read']),
  'get-task': http('GET', '/v1/tasks/{taskId}', 'get-task', ['records:read']),
  'decide-task': http('POST', '/v1/tasks/{taskId}/decision', 'decide-task', [
    'records:write',
    'keys',
    'evidence:read',
  ]),

  'list-notices': http('GET', '/v1/notices', 'list-notices', ['records:read'], 'public'),
  'get-notice': http('GET', '/v1/notices/{noticeId}', 'get-notice', ['records:read'], 'public'),
  'file-objection': http(
    'POST',
    '/v1/notices/{noticeId}/objections',
    'file-objection',
    ['records:write', 'keys'],
    'public',
  ),

  'list-filings': http('GET', '/v1/filings', 'list-filings', ['records:read']),
  'get-filing': http('GET', '/v1/filings/{townCode}/{month}', 'get-filing', ['records:read']),
  'file-early': http('POST', '/v1/filings/{townCode}/{month}', 'file-early', ['records:write']),
  'list-city-reports': http('GET', '/v1/city-reports', 'list-city-reports', ['records:read']),
  'get-city-report': http('GET', '/v1/city-reports/{month}', 'get-city-report', ['records:read']),
  'amend-city-report': http('POST', '/v1/city-reports/{month}/amendments', 'amend-city-report', [
    'records:write',
  ]),

  'request-upload': http('POST', '/v1/evidence', 'request-upload', ['records:write', 'evidence:sign-upload']),
  'get-evidence': http('GET', '/v1/evidence/{evidenceId}', 'get-evidence', ['records:read', 'evidence:read']),

  'verify-ledger': http('GET', '/v1/audit/{streamId}', 'verify-ledger', ['records:read', 'keys']),

  'list-executions': http('GET', '/v1/executions', 'list-executions', ['records:read', 'workflows:read']),
  'get-execution': http('GET', '/v1/executions/{streamId}', 'get-execution', [
    'records:read',
    'workflows:read',
  ]),
  'reconcile-executions': {
    ...http('POST', '/v1/executions/reconciliation', 'reconcile-executions', [
      'records:write',
      'keys',
      'workflows',
    ]),
    // As long as the HTTP API waits at all: what was done is worth being told.
    timeoutSeconds: 29,
  },
  'retry-execution': http('POST', '/v1/executions/{streamId}/retry', 'retry-execution', [
    'records:write',
    'keys',
    'workflows',
  ]),
  'list-dead-letters': http('GET', '/v1/dead-letters', 'list-dead-letters', ['records:read']),
  'retry-dead-letter': http('POST', '/v1/dead-letters/{deadLetterId}/retry', 'retry-dead-letter', [
    'records:write',
    'keys',
    'workflows',
  ]),

  'read-case-standing': task('read-case-standing', ['records:read']),
  'await-step': task('await-step', ['records:write', 'keys'], true),
  'escalate-step': task('escalate-step', ['records:write']),
  'conclude-notice': task('conclude-notice', ['records:write']),
  'record-filing': task('record-filing', ['records:write']),
  'record-city-report': task('record-city-report', ['records:write']),
  'read-filing-standing': task('read-filing-standing', ['records:read']),
  'remind-town': task('remind-town', ['records:write']),
  'complete-filing': task('complete-filing', ['records:write']),
  'read-city-report-standing': task('read-city-report-standing', ['records:read']),

  'relay-ledger': {
    folder: 'stream/relay-ledger',
    trigger: { kind: 'feed' },
    bindings: ['records:write', 'keys', 'workflows'],
    timeoutSeconds: 60,
  },
  'open-month': {
    folder: 'timer/open-month',
    trigger: { kind: 'schedule', cron: '0 0 1 * *' },
    bindings: ['records:write'],
    timeoutSeconds: 300,
  },
  'reconcile-workflows': {
    folder: 'timer/reconcile-workflows',
    trigger: { kind: 'schedule', cron: '30 3 * * *' },
    bindings: ['records:write', 'keys', 'workflows'],
    timeoutSeconds: 600,
  },
} as const satisfies Readonly<Record<string, FunctionEntry>>;

export type FunctionName = keyof typeof manifest;

/** @returns every function with its name, in the order of the manifest. */
export const functionEntries = (): readonly (readonly [FunctionName, FunctionEntry])[] =>
  Object.entries(manifest) as [FunctionName, FunctionEntry][];
