import * as z from 'zod/mini';
import {
  caseNumber,
  civilDate,
  departmentId,
  groupCode,
  householdId,
  instant,
  listCode,
  measureId,
  noticeId,
  taskId,
  villageCode,
  yearMonth,
} from './codes.ts';
import { evidence, reasons, record } from './decision.ts';
import { nothing } from './nothing.ts';
import type { OperationContract } from './operation.ts';
import { cursor, pageLimit } from './paging.ts';
import { officeRole } from './person.ts';
import { assignee, stageName, stepName } from './task.ts';

const tag = '风险消除 Release cases';
const round = z.int().check(z.minimum(1), z.meta({ description: '轮次 (round)' }));
const objectionId = z.string().check(z.regex(/^o\d+$/));

const filingTerms = { filingMonth: yearMonth, cutOffAt: instant };
const cityReportTerms = { cityReportMonth: yearMonth, cityReportDueAt: instant };

const roundEndReason = z
  .enum([
    'not-eligible',
    'household-refused',
    'appraisal-not-passed',
    'objection-upheld',
    'returned-by-town',
    'measures-not-implemented',
    'spot-check-failed',
    'returned-by-district',
    'withdrawn',
    'household-changed',
  ])
  .check(z.meta({ id: 'RoundEndReason', description: '本轮结束的原因 (why a round ended)' }));
const pauseCause = z
  .enum(['death', 'split', 'moved', 'merged'])
  .check(z.meta({ description: '死亡、分户、迁移、合户 (how the household changed)' }));

const standing = z
  .discriminatedUnion('name', [
    z.strictObject({
      name: z.enum([
        'request',
        'home-visit',
        'household-confirmation',
        'appraisal',
        'notice-posting',
        'town-verification',
        'announcement',
        're-report',
      ]),
    }),
    z.strictObject({
      name: z.literal('notice'),
      noticeId,
      postedAt: instant,
      lastDay: civilDate,
      endsAt: instant,
      objections: z.array(
        z.strictObject({ objectionId, status: z.enum(['filed', 'investigated', 'dismissed', 'upheld']) }),
      ),
    }),
    z.strictObject({ name: z.literal('objection-follow-up'), objectionId }),
    z.strictObject({ name: z.enum(['filing-confirmation', 'filing']), ...filingTerms }),
    z.strictObject({
      name: z.literal('department-comparison'),
      filingMonth: yearMonth,
      spotCheckSeed: z.string(),
      spotCheckDraw: z.number(),
      asked: z.array(departmentId),
      answered: z.array(departmentId),
      refused: z.array(departmentId),
      failedMeasureIds: z.array(measureId),
    }),
    z.strictObject({ name: z.literal('spot-check'), filingMonth: yearMonth, sampled: z.boolean() }),
    z.strictObject({
      name: z.enum(['leadership-filing', 'system-marking', 'city-report']),
      ...cityReportTerms,
    }),
    z.strictObject({ name: z.literal('reported'), month: yearMonth }),
    z.strictObject({ name: z.literal('adjustment'), reason: roundEndReason }),
    z.strictObject({ name: z.literal('paused'), cause: pauseCause }),
    z.strictObject({
      name: z.literal('closed'),
      reason: z.enum([
        'monitoring-continues',
        'request-declined',
        'not-eligible',
        'household-refused',
        'appraisal-not-passed',
        'withdrawn',
        'household-changed',
      ]),
    }),
  ])
  .check(
    z.meta({
      id: 'Standing',
      description: '所处环节及其要素 (where the case stands, with what belongs to that stage)',
    }),
  );

const findingCore = {
  rule: z.string(),
  source: z.string().check(z.meta({ description: '依据 (the clause it follows)' })),
};
const finding = z
  .discriminatedUnion('outcome', [
    z.strictObject({ ...findingCore, outcome: z.enum(['passed', 'failed']), asOf: civilDate }),
    z.strictObject({ ...findingCore, outcome: z.literal('unknown'), missingFact: z.string() }),
  ])
  .check(z.meta({ id: 'Finding', description: '风险消除标准逐条结论 (what a release standard says)' }));

const recordedActor = z.union([
  z.strictObject({
    personId: z.string(),
    role: z.union([officeRole, z.literal('household')]),
    inbox: z.string(),
  }),
  z.strictObject({ system: z.string() }),
  z.strictObject({ anonymous: z.literal(true) }),
]);

const timelineEntry = z
  .strictObject({
    seq: z.int().check(z.minimum(1)),
    at: instant,
    atShanghai: z.string().check(z.meta({ description: '北京时间 (the same in Asia/Shanghai)' })),
    type: z.string(),
    actor: recordedActor,
    data: z.record(z.string(), z.unknown()),
    texts: z
      .record(z.string(), z.unknown())
      .check(z.meta({ description: '有权者可见的密封文字 (sealed texts, for those entitled)' })),
  })
  .check(z.meta({ id: 'TimelineEntry', description: '台账中的一条事实 (one fact of the ledger)' }));

const caseCore = {
  caseNumber,
  householdId,
  village: villageCode,
  group: groupCode,
  people: z.int().check(z.minimum(1)),
  openedAt: instant,
  round,
};

export const openReleaseCaseContract = {
  summary: {
    zh: '网格长上报拟消除风险农户',
    en: 'The grid leader reports a household as a candidate for release',
  },
  tag,
  path: nothing,
  query: nothing,
  body: z.strictObject({ householdId }),
  success: { status: 201, body: z.strictObject({ caseNumber, round }) },
} as const satisfies OperationContract;

export const requestReleaseContract = {
  summary: {
    zh: '农户申请消除风险',
    en: "A household asks for its release; the grid leader's list of the month must answer",
  },
  tag,
  path: nothing,
  query: nothing,
  body: z.strictObject({ householdId }),
  success: { status: 201, body: z.strictObject({ caseNumber, round }) },
} as const satisfies OperationContract;

const stopped = z.strictObject({ caseNumber, round, stage: stageName });

export const withdrawCaseContract = {
  summary: {
    zh: '撤回案件',
    en: 'Withdraw a case before its announcement: the household, its village on a signed form, or the bureau',
  },
  tag,
  path: z.strictObject({ caseNumber }),
  query: nothing,
  body: z.strictObject({
    reason: z
      .enum(['risk-returned', 'not-wanted', 'reported-in-error', 'other'])
      .check(z.meta({ description: '风险再现、农户不愿、误报、其他 (why it is withdrawn)' })),
    reasons,
    evidence,
  }),
  success: { status: 200, body: stopped },
} as const satisfies OperationContract;

export const pauseCaseContract = {
  summary: {
    zh: '农户发生变化，暂停案件',
    en: 'A death, a split, a move or a merge: the round ends, and the village says how to go on',
  },
  tag,
  path: z.strictObject({ caseNumber }),
  query: nothing,
  body: z.strictObject({ cause: pauseCause, occurredOn: civilDate, record }),
  success: { status: 200, body: stopped },
} as const satisfies OperationContract;

export const listReleaseCasesContract = {
  summary: {
    zh: '案件列表',
    en: 'The cases that I may see, by number',
  },
  tag,
  path: nothing,
  query: z.strictObject({
    division: z.exactOptional(listCode),
    after: z.exactOptional(cursor),
    limit: pageLimit,
  }),
  success: {
    status: 200,
    body: z.strictObject({
      cases: z.array(
        z
          .strictObject({ ...caseCore, stage: stageName, releasedAt: z.exactOptional(instant) })
          .check(z.meta({ id: 'CaseSummary' })),
      ),
      next: z.exactOptional(cursor),
    }),
  },
} as const satisfies OperationContract;

export const getReleaseCaseContract = {
  summary: {
    zh: '查看案件及全过程',
    en: 'A case with its timeline: every fact, who stands behind it, and when',
  },
  tag,
  path: z.strictObject({ caseNumber }),
  query: nothing,
  success: {
    status: 200,
    body: z
      .strictObject({
        ...caseCore,
        status: z.enum(['open', 'reported', 'closed']),
        policyVersion: z
          .string()
          .check(z.meta({ description: '本轮适用的政策版本 (policy of the running round)' })),
        stage: stageName,
        standing,
        tasks: z.array(
          z.strictObject({
            taskId,
            step: stepName,
            assignees: z.array(assignee),
            openedAt: instant,
            dueAt: instant,
            notBefore: z.exactOptional(instant),
            overdue: z.boolean(),
            reminded: z.boolean(),
            escalations: z.int().check(z.minimum(0)),
            escalatedTo: z.array(assignee),
          }),
        ),
        findings: z
          .array(finding)
          .check(z.meta({ description: '本轮开始时的标准结论 (as the running round began)' })),
        failedMeasures: z
          .array(
            z.strictObject({
              measureId,
              leadDepartment: departmentId,
              failedOn: civilDate,
              implementedOn: z.exactOptional(civilDate),
            }),
          )
          .check(
            z.meta({
              description: '曾被认定未落实的措施，六个月重新起算 (found not in place; six months begin anew)',
            }),
          ),
        endedRounds: z.array(z.strictObject({ round, reason: roundEndReason, endedAt: instant })),
        releasedAt: z.exactOptional(instant),
        version: z.int().check(z.minimum(1), z.meta({ description: '台账条数 (events so far)' })),
        timeline: z.array(timelineEntry),
      })
      .check(z.meta({ id: 'ReleaseCase', description: '风险消除案件 (a release case)' })),
  },
} as const satisfies OperationContract;
