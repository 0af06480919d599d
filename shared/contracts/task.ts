import * as z from 'zod/mini';
import {
  caseNumber,
  departmentId,
  divisionCode,
  householdId,
  instant,
  streamId,
  taskId,
  yearMonth,
} from './codes.ts';
import { decision } from './decision.ts';
import { nothing } from './nothing.ts';
import type { OperationContract } from './operation.ts';
import { cursor, pageLimit } from './paging.ts';
import { officeRole } from './person.ts';

/** Every step that somebody decides. */
export const stepName = z.enum([
  'request-answer',
  'home-visit',
  'household-confirmation',
  'appraisal',
  'notice-posting',
  'objection-investigation',
  'objection-decision',
  'objection-follow-up',
  'town-verification',
  'filing-confirmation',
  'department-comparison',
  'spot-check',
  'announcement',
  'leadership-filing',
  'system-marking',
  'adjustment',
  'measure-adjustment',
  're-report',
  'pause-follow-up',
  'city-report-signature',
]);

/** What an inbox can hold beside them: the town's month, which is filed by itself at its cut-off. */
export const taskName = z.enum([...stepName.options, 'filing-cut-off']);

/** The stages of a case. */
export const stageName = z.enum([
  'request',
  'home-visit',
  'household-confirmation',
  'appraisal',
  'notice-posting',
  'notice',
  'objection-follow-up',
  'town-verification',
  'filing-confirmation',
  'filing',
  'department-comparison',
  'spot-check',
  'announcement',
  'leadership-filing',
  'system-marking',
  'city-report',
  'reported',
  'adjustment',
  're-report',
  'paused',
  'closed',
]);

/** What every view of a task says. */
const taskCore = {
  taskId,
  streamId,
  step: taskName,
  openedAt: instant,
  dueAt: instant,
  notBefore: z.exactOptional(instant),
  reminded: z.boolean().check(z.meta({ description: '已提醒 (reminded that the last day is near)' })),
  overdue: z.boolean(),
};

export const assignee = z.union([
  z.strictObject({ role: officeRole, division: divisionCode, department: z.exactOptional(departmentId) }),
  z.strictObject({ role: z.literal('household'), household: householdId }),
]);

const inboxTask = z
  .strictObject({
    ...taskCore,
    kind: z.enum(['to-decide', 'escalated']).check(
      z.meta({
        description:
          '待本人办理；或逾期、岗位空缺而上报知悉 (to be decided here; or told, because it stays undone elsewhere)',
      }),
    ),
  })
  .check(z.meta({ id: 'InboxTask', description: '待办 (an open step)' }));

export const listTasksContract = {
  summary: {
    zh: '我的待办',
    en: 'Everything that waits for me, in any of my offices, the most urgent first',
  },
  tag: '待办 Tasks',
  path: nothing,
  query: z.strictObject({ after: z.exactOptional(cursor), limit: pageLimit }),
  success: {
    status: 200,
    body: z.strictObject({ tasks: z.array(inboxTask), next: z.exactOptional(cursor) }),
  },
} as const satisfies OperationContract;

export const getTaskContract = {
  summary: { zh: '查看一项待办', en: 'One step, open or done' },
  tag: '待办 Tasks',
  path: z.strictObject({ taskId }),
  query: nothing,
  success: {
    status: 200,
    body: z
      .strictObject({
        ...taskCore,
        status: z.enum(['open', 'decided', 'ended']),
        escalations: z
          .int()
          .check(z.minimum(0), z.meta({ description: '升级督办次数 (how often it was escalated)' })),
        yours: z.boolean().check(z.meta({ description: '是否由本人办理 (whether you may decide it)' })),
      })
      .check(z.meta({ id: 'Task' })),
  },
} as const satisfies OperationContract;

export const decideTaskContract = {
  summary: { zh: '办理待办', en: 'Decide an open step' },
  tag: '待办 Tasks',
  path: z.strictObject({ taskId }),
  query: nothing,
  body: decision,
  success: {
    status: 200,
    body: z.union([
      z
        .strictObject({ caseNumber, round: z.int().check(z.minimum(1)), stage: stageName })
        .check(z.meta({ id: 'StepDecided' })),
      z
        .strictObject({
          month: yearMonth,
          households: z.int().check(z.minimum(0)),
          people: z.int().check(z.minimum(0)),
          overdue: z.boolean(),
        })
        .check(z.meta({ id: 'ReportSigned' })),
    ]),
  },
} as const satisfies OperationContract;
