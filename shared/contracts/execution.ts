import * as z from 'zod/mini';
import { departmentId, divisionCode, instant, streamId } from './codes.ts';
import { nothing } from './nothing.ts';
import type { OperationContract } from './operation.ts';
import { cursor, pageLimit } from './paging.ts';
import { officeRole } from './person.ts';
import { stageName, taskName } from './task.ts';

const tag = '运维 Operations';

const executionName = z.string().check(
  z.regex(/^[A-Za-z0-9_-]{1,80}$/),
  z.meta({
    description: '执行名称：案件号、轮次、次数 (execution: stream, round, attempt)',
    examples: ['R-610302-2022-000123-r2-a1'],
  }),
);
const errorName = z
  .string()
  .check(z.maxLength(80), z.meta({ description: '错误名称 (name of the error, never its text)' }));
const stateName = z
  .string()
  .check(z.meta({ description: '未能完成的状态 (the state that was not carried out)' }));

const status = z.enum(['running', 'succeeded', 'failed', 'timed-out', 'aborted', 'missing', 'unknown']).check(
  z.meta({
    description:
      '执行状态；missing：没有该轮次的执行；unknown：不在运行，本次未逐一查询 (missing: there is none for the round; unknown: it does not run, and too many others do not for all to be asked about)',
  }),
);

const stuckBecause = z
  .enum([
    'execution-failed',
    'execution-timed-out',
    'execution-aborted',
    'execution-ended',
    'execution-missing',
    'execution-not-running',
    'wait-passed',
    'overdue',
  ])
  .check(
    z.meta({
      description:
        '停滞原因：执行失败、超时、被终止、已结束、缺失、未运行，等待时刻已过一小时仍未动作，待办逾期 (why somebody has to look; wait-passed: the workflow did not act within an hour of its day; overdue: a step is)',
    }),
  );

const waitedFor = z.strictObject({
  step: taskName,
  offices: z
    .array(
      z.union([
        z.strictObject({
          role: officeRole,
          division: divisionCode,
          department: z.exactOptional(departmentId),
        }),
        z.strictObject({ role: z.literal('household') }),
      ]),
    )
    .check(
      z.meta({
        description: '承办岗位；农户只记角色 (any of these may decide; a household by its role only)',
      }),
    ),
  dueAt: instant,
  escalations: z.int().check(z.minimum(0)),
});

const entry = {
  streamId,
  workflow: z.enum(['release-case', 'monthly-filing', 'city-report']),
  execution: z.exactOptional(executionName),
  round: z.int().check(z.minimum(1)),
  attempt: z
    .int()
    .check(z.minimum(0), z.meta({ description: '本轮已尝试次数 (attempts of the round so far)' })),
  stage: z
    .union([stageName, z.enum(['before-reminder', 'open', 'completed', 'signature', 'signed'])])
    .check(z.meta({ description: '所处环节 (stage of the case, of the filing or of the report)' })),
  openedAt: instant,
  ageSeconds: z
    .int()
    .check(z.minimum(0), z.meta({ description: '开启至今秒数 (seconds since it was opened)' })),
  standsSince: instant.check(z.meta({ description: '自何时停在此环节 (since when it stands there)' })),
  waitingUntil: z
    .exactOptional(instant)
    .check(z.meta({ description: '流程下一次动作的时刻 (when the workflow acts next by itself)' })),
  waitingFor: z.array(waitedFor),
  status,
  stuck: z.boolean(),
  stuckBecause: z.exactOptional(stuckBecause),
  lastError: z
    .exactOptional(
      z.strictObject({
        execution: executionName,
        error: errorName,
        state: z.exactOptional(stateName),
        at: z.exactOptional(instant),
      }),
    )
    .check(z.meta({ description: '最近一次出错的执行 (how the last execution that ended badly did)' })),
};

export const listExecutionsContract = {
  summary: {
    zh: '流程执行一览',
    en: 'Everything that should have a workflow: stuck ones first, then the oldest; every page is a fresh look',
  },
  tag,
  path: nothing,
  query: z.strictObject({ after: z.exactOptional(cursor), limit: pageLimit }),
  success: {
    status: 200,
    body: z.strictObject({
      executions: z.array(z.strictObject(entry).check(z.meta({ id: 'ExecutionEntry' }))),
      next: z.exactOptional(cursor),
    }),
  },
} as const satisfies OperationContract;

export const getExecutionContract = {
  summary: {
    zh: '查看一项流程的各次执行',
    en: 'One stream with the attempts of its workflow, the newest first',
  },
  tag,
  path: z.strictObject({ streamId }),
  query: nothing,
  success: {
    status: 200,
    body: z.strictObject({
      ...entry,
      open: z.boolean().check(z.meta({ description: '是否仍需流程 (whether it still needs a workflow)' })),
      attempts: z.array(
        z.strictObject({
          execution: executionName,
          round: z.int().check(z.minimum(1)),
          attempt: z.int().check(z.minimum(1)),
          status,
          startedAt: z.exactOptional(instant),
          stoppedAt: z.exactOptional(instant),
          error: z.exactOptional(errorName),
          state: z.exactOptional(stateName),
        }),
      ),
    }),
  },
} as const satisfies OperationContract;

export const reconcileExecutionsContract = {
  summary: {
    zh: '手动核对并重启流程',
    en: 'Compare what is open with what runs and start what is missing, some streams a call: go on with `next` until there is none',
  },
  tag,
  path: nothing,
  query: nothing,
  body: z.strictObject({
    after: z
      .exactOptional(cursor)
      .check(z.meta({ description: '续办游标，取自上一次的 next (cursor from `next` of the call before)' })),
  }),
  success: {
    status: 200,
    body: z.strictObject({
      open: z
        .int()
        .check(
          z.minimum(0),
          z.meta({ description: '本次核对的项数 (open streams that this call looked at)' }),
        ),
      restarted: z
        .array(executionName)
        .check(z.meta({ description: '重新启动的执行 (executions started anew)' })),
      failed: z
        .array(z.strictObject({ streamId, error: errorName }))
        .check(z.meta({ description: '未能核对的项 (streams that could not be carried on)' })),
      next: z.exactOptional(cursor),
    }),
  },
} as const satisfies OperationContract;

export const retryExecutionContract = {
  summary: {
    zh: '立即重启一项流程',
    en: 'Reconcile one stream at once: start its next attempt if none runs',
  },
  tag,
  path: z.strictObject({ streamId }),
  query: nothing,
  body: nothing,
  success: {
    status: 200,
    body: z.strictObject({
      streamId,
      restarted: z.nullable(executionName).check(
        z.meta({
          description: '重新启动的执行；已在运行则为空 (the execution started; null if one runs already)',
        }),
      ),
    }),
  },
} as const satisfies OperationContract;
