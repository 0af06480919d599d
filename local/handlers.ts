import type {
  APIGatewayProxyEventV2,
  APIGatewayProxyStructuredResultV2,
  Context,
  DynamoDBBatchResponse,
  DynamoDBStreamEvent,
} from 'aws-lambda';
import { createHandler as amendCityReport } from '../functions/http/amend-city-report/handler.ts';
import { createHandler as decideTask } from '../functions/http/decide-task/handler.ts';
import { createHandler as fileEarly } from '../functions/http/file-early/handler.ts';
import { createHandler as fileObjection } from '../functions/http/file-objection/handler.ts';
import { createHandler as getCandidateList } from '../functions/http/get-candidate-list/handler.ts';
import { createHandler as getCityReport } from '../functions/http/get-city-report/handler.ts';
import { createHandler as getEvidence } from '../functions/http/get-evidence/handler.ts';
import { createHandler as getExecution } from '../functions/http/get-execution/handler.ts';
import { createHandler as getFiling } from '../functions/http/get-filing/handler.ts';
import { createHandler as getHealth } from '../functions/http/get-health/handler.ts';
import { createHandler as getHousehold } from '../functions/http/get-household/handler.ts';
import { createHandler as getNotice } from '../functions/http/get-notice/handler.ts';
import { createHandler as getOpenapi } from '../functions/http/get-openapi/handler.ts';
import { createHandler as getReleaseCase } from '../functions/http/get-release-case/handler.ts';
import { createHandler as getTask } from '../functions/http/get-task/handler.ts';
import { createHandler as listCityReports } from '../functions/http/list-city-reports/handler.ts';
import { createHandler as listDeadLetters } from '../functions/http/list-dead-letters/handler.ts';
import { createHandler as listExecutions } from '../functions/http/list-executions/handler.ts';
import { createHandler as listFilings } from '../functions/http/list-filings/handler.ts';
import { createHandler as listHouseholds } from '../functions/http/list-households/handler.ts';
import { createHandler as listNotices } from '../functions/http/list-notices/handler.ts';
import { createHandler as listReleaseCases } from '../functions/http/list-release-cases/handler.ts';
import { createHandler as listTasks } from '../functions/http/list-tasks/handler.ts';
import { createHandler as openReleaseCase } from '../functions/http/open-release-case/handler.ts';
import { createHandler as pauseCase } from '../functions/http/pause-case/handler.ts';
import { createHandler as putDivision } from '../functions/http/put-division/handler.ts';
import { createHandler as putGrid } from '../functions/http/put-grid/handler.ts';
import { createHandler as putHousehold } from '../functions/http/put-household/handler.ts';
import { createHandler as putHouseholdFacts } from '../functions/http/put-household-facts/handler.ts';
import { createHandler as putPerson } from '../functions/http/put-person/handler.ts';
import { createHandler as reconcileExecutions } from '../functions/http/reconcile-executions/handler.ts';
import { createHandler as requestRelease } from '../functions/http/request-release/handler.ts';
import { createHandler as requestUpload } from '../functions/http/request-upload/handler.ts';
import { createHandler as retryDeadLetter } from '../functions/http/retry-dead-letter/handler.ts';
import { createHandler as retryExecution } from '../functions/http/retry-execution/handler.ts';
import { createHandler as verifyLedger } from '../functions/http/verify-ledger/handler.ts';
import { createHandler as withdrawCase } from '../functions/http/withdraw-case/handler.ts';
import { type FunctionName, functionEntries } from '../functions/manifest.ts';
import { createHandler as relayLedger } from '../functions/stream/relay-ledger/handler.ts';
import { createHandler as awaitStep } from '../functions/task/await-step/handler.ts';
import { createHandler as completeFiling } from '../functions/task/complete-filing/handler.ts';
import { createHandler as concludeNotice } from '../functions/task/conclude-notice/handler.ts';
import { createHandler as escalateStep } from '../functions/task/escalate-step/handler.ts';
import { createHandler as readCaseStanding } from '../functions/task/read-case-standing/handler.ts';
import { createHandler as readCityReportStanding } from '../functions/task/read-city-report-standing/handler.ts';
import { createHandler as readFilingStanding } from '../functions/task/read-filing-standing/handler.ts';
import { createHandler as recordCityReport } from '../functions/task/record-city-report/handler.ts';
import { createHandler as recordFiling } from '../functions/task/record-filing/handler.ts';
import { createHandler as remindTown } from '../functions/task/remind-town/handler.ts';
import { createHandler as openMonth } from '../functions/timer/open-month/handler.ts';
import { createHandler as reconcileWorkflows } from '../functions/timer/reconcile-workflows/handler.ts';
import type { Dependencies } from '../shared/use-cases/dependencies.ts';

export type HttpHandler = (
  event: APIGatewayProxyEventV2,
  context: Context,
) => Promise<APIGatewayProxyStructuredResultV2>;
export type TaskHandler = (payload: unknown, context: Context) => Promise<unknown>;
export type FeedHandler = (event: DynamoDBStreamEvent, context: Context) => Promise<DynamoDBBatchResponse>;

/** Every function of the manifest on this machine's adapters: the same handlers as on AWS. */
export type Handlers = {
  readonly http: ReadonlyMap<FunctionName, HttpHandler>;
  /** What workflows and schedules call. */
  readonly task: ReadonlyMap<FunctionName, TaskHandler>;
  readonly feed: FeedHandler;
};

const httpHandlers = (deps: Dependencies): Readonly<Record<string, HttpHandler>> => ({
  'get-health': getHealth(deps),
  'get-openapi': getOpenapi(deps),
  'put-division': putDivision(deps),
  'put-person': putPerson(deps),
  'put-household': putHousehold(deps),
  'list-households': listHouseholds(deps),
  'get-household': getHousehold(deps),
  'put-household-facts': putHouseholdFacts(deps),
  'put-grid': putGrid(deps),
  'open-release-case': openReleaseCase(deps),
  'list-release-cases': listReleaseCases(deps),
  'get-release-case': getReleaseCase(deps),
  'request-release': requestRelease(deps),
  'get-candidate-list': getCandidateList(deps),
  'withdraw-case': withdrawCase(deps),
  'pause-case': pauseCase(deps),
  'list-filings': listFilings(deps),
  'list-city-reports': listCityReports(deps),
  'amend-city-report': amendCityReport(deps),
  'list-tasks': listTasks(deps),
  'get-task': getTask(deps),
  'decide-task': decideTask(deps),
  'list-notices': listNotices(deps),
  'get-notice': getNotice(deps),
  'file-objection': fileObjection(deps),
  'get-filing': getFiling(deps),
  'file-early': fileEarly(deps),
  'get-city-report': getCityReport(deps),
  'request-upload': requestUpload(deps),
  'get-evidence': getEvidence(deps),
  'verify-ledger': verifyLedger(deps),
  'list-executions': listExecutions(deps),
  'get-execution': getExecution(deps),
  'reconcile-executions': reconcileExecutions(deps),
  'retry-execution': retryExecution(deps),
  'list-dead-letters': listDeadLetters(deps),
  'retry-dead-letter': retryDeadLetter(deps),
});

const taskHandlers = (deps: Dependencies): Readonly<Record<string, TaskHandler>> => ({
  'read-case-standing': readCaseStanding(deps),
  'await-step': awaitStep(deps),
  'escalate-step': escalateStep(deps),
  'conclude-notice': concludeNotice(deps),
  'record-filing': recordFiling(deps),
  'record-city-report': recordCityReport(deps),
  'read-filing-standing': readFilingStanding(deps),
  'remind-town': remindTown(deps),
  'complete-filing': completeFiling(deps),
  'read-city-report-standing': readCityReportStanding(deps),
  'open-month': openMonth(deps),
  'reconcile-workflows': reconcileWorkflows(deps),
});

/** @throws if the manifest names a function that is not wired here. */
const byName = <Handler>(
  handlers: Readonly<Record<string, Handler>>,
  kinds: readonly string[],
): Map<FunctionName, Handler> =>
  new Map(
    functionEntries()
      .filter(([, { trigger }]) => kinds.includes(trigger.kind))
      .map(([name]) => {
        const handler = handlers[name];
        if (handler === undefined)
          throw new Error(`${name} stands in the manifest but is not wired on this machine`);
        return [name, handler];
      }),
  );

export const createHandlers = (deps: Dependencies): Handlers => ({
  http: byName(httpHandlers(deps), ['http']),
  task: byName(taskHandlers(deps), ['workflow', 'schedule']),
  feed: relayLedger(deps),
});

/** What a handler may ask of its invocation, as far as this machine can tell. */
export const invocation = (functionName: string, requestId: string): Context => ({
  functionName,
  awsRequestId: requestId,
  callbackWaitsForEmptyEventLoop: false,
  functionVersion: '$LATEST',
  invokedFunctionArn: `arn:aws:lambda:local:000000000000:function:${functionName}`,
  memoryLimitInMB: '256',
  logGroupName: functionName,
  logStreamName: 'local',
  getRemainingTimeInMillis: () => 60_000,
  done: () => undefined,
  fail: () => undefined,
  succeed: () => undefined,
});
