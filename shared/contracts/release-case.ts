import * as z from 'zod';
import {
  caseNumber,
  civilDate,
  departmentId,
  groupCode,
  householdId,
  instant,
  listCode,
  noticeId,
  taskId,
  villageCode,
  yearMonth,
} from './codes.ts';
import { nothing } from './nothing.ts';
import type { OperationContract } from './operation.ts';
import { cursor, pageLimit } from './paging.ts';
import { officeRole } from './person.ts';
import { assignee, stageName, stepName } from './task.ts';

const tag = '风险消除 Release cases';
const round = z.int().min(1).meta({ description: '轮次 (round)' });
const objectionId = z.string().regex(/^o\d+$/);

const filingTerms = { filingMonth: yearMonth, cutOffAt: instant };
const cityReportTerms = { cityReportMonth: yearMonth, cityReportDueAt: instant };

const standing = z
  .discriminatedUnion('name', [
    z.strictObject({
      name: z.enum([
        'home-visit',
        'household-confirmation',
        'appraisal',
        'notice-posting',
        'town-verification',
        'announcement',
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
      spotCheckSeed: z.string(),
      spotCheckDraw: z.number(),
      asked: z.array(departmentId),
      answered: z.array(departmentId),
    }),
    z.strictObject({ name: z.literal('spot-check'), sampled: z.boolean() }),
    z.strictObject({
      name: z.enum(['leadership-filing', 'system-marking', 'city-report']),
      ...cityReportTerms,
    }),
    z.strictObject({ name: z.literal('reported'), month: yearMonth }),
    z.strictObject({ name: z.literal('closed'), reason: z.enum(['monitoring-continues']) }),
  ])
  .meta({
    id: 'Standing',
    description: '所处环节及其要素 (where the case stands, with what belongs to that stage)',
  });

const findingCore = {
  rule: z.string(),
  source: z.string().meta({ description: '依据 (the clause it follows)' }),
};
const finding = z
  .discriminatedUnion('outcome', [
    z.strictObject({ ...findingCore, outcome: z.enum(['passed', 'failed']), asOf: civilDate }),
    z.strictObject({ ...findingCore, outcome: z.literal('unknown'), missingFact: z.string() }),
  ])
  .meta({ id: 'Finding', description: '风险消除标准逐条结论 (what a release standard says)' });

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
    seq: z.int().min(1),
    at: instant,
    atShanghai: z.string().meta({ description: '北京时间 (the same in Asia/Shanghai)' }),
    type: z.string(),
    actor: recordedActor,
    data: z.record(z.string(), z.unknown()),
    texts: z
      .record(z.string(), z.unknown())
      .meta({ description: '有权者可见的密封文字 (sealed texts, for those entitled)' }),
  })
  .meta({ id: 'TimelineEntry', description: '台账中的一条事实 (one fact of the ledger)' });

const caseCore = {
  caseNumber,
  householdId,
  village: villageCode,
  group: groupCode,
  people: z.int().min(1),
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

export const listReleaseCasesContract = {
  summary: {
    zh: '案件列表',
    en: 'The cases that I may see, by number',
  },
  tag,
  path: nothing,
  query: z.strictObject({
    division: listCode.exactOptional(),
    after: cursor.exactOptional(),
    limit: pageLimit,
  }),
  success: {
    status: 200,
    body: z.strictObject({
      cases: z.array(
        z
          .strictObject({ ...caseCore, stage: stageName, releasedAt: instant.exactOptional() })
          .meta({ id: 'CaseSummary' }),
      ),
      next: cursor.exactOptional(),
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
        policyVersion: z.string().meta({ description: '本轮适用的政策版本 (policy of the running round)' }),
        stage: stageName,
        standing,
        tasks: z.array(
          z.strictObject({
            taskId,
            step: stepName,
            assignees: z.array(assignee),
            openedAt: instant,
            dueAt: instant,
            notBefore: instant.exactOptional(),
            overdue: z.boolean(),
            escalations: z.int().min(0),
          }),
        ),
        findings: z.array(finding).meta({ description: '本轮开始时的标准结论 (as the running round began)' }),
        endedRounds: z.array(
          z.strictObject({ round, reason: z.enum(['objection-upheld']), endedAt: instant }),
        ),
        releasedAt: instant.exactOptional(),
        version: z.int().min(1).meta({ description: '台账条数 (events so far)' }),
        timeline: z.array(timelineEntry),
      })
      .meta({ id: 'ReleaseCase', description: '风险消除案件 (a release case)' }),
  },
} as const satisfies OperationContract;
