import * as z from 'zod/mini';
import { caseNumber, instant, taskId, yearMonth } from './codes.ts';
import { nothing } from './nothing.ts';
import type { OperationContract } from './operation.ts';
import { cursor, pageLimit } from './paging.ts';
import { reference } from './text.ts';

const tag = '市级备案 City reports';
const reportedCase = { caseNumber, people: z.int().check(z.minimum(1)) };
const totals = { households: z.int().check(z.minimum(0)), people: z.int().check(z.minimum(0)) };

const amendment = {
  reason: z
    .enum(['figure-wrong', 'case-reported-in-error', 'city-asks', 'other'])
    .check(z.meta({ description: '数字有误、误报案件、市级要求、其他 (why the report is amended)' })),
  corrections: z
    .array(
      z.strictObject({
        caseNumber,
        people: z.nullable(z.int().check(z.minimum(1), z.maximum(100))).check(
          z.meta({
            description: '更正后的人数；为空即剔除该案 (with so many people, or null: not at all)',
          }),
        ),
      }),
    )
    .check(
      z.minLength(1),
      z.maxLength(100),
      z.refine((all) => new Set(all.map((one) => one.caseNumber)).size === all.length, {
        params: { code: 'case-twice' },
      }),
    ),
  reference: reference(200).check(z.meta({ description: '更正文号 (the document of the bureau)' })),
};

const report = {
  reportId: z.string(),
  policyVersion: z.string(),
  preparedAt: instant,
  dueAt: instant,
  taskId: z
    .exactOptional(taskId)
    .check(z.meta({ description: '待签发的待办 (the task that waits for a signature)' })),
  signed: z
    .exactOptional(
      z.strictObject({
        at: instant,
        cases: z.array(z.strictObject(reportedCase)),
        ...totals,
        overdue: z.boolean(),
      }),
    )
    .check(
      z.meta({
        description: '签发内容，永不更改；无案件即零报告 (as signed, never changed; nil without a case)',
      }),
    ),
  amendments: z
    .array(z.strictObject({ number: z.int().check(z.minimum(1)), at: instant, ...amendment }))
    .check(z.meta({ description: '更正，依次编号 (numbered amendments)' })),
  asAmended: z
    .exactOptional(z.strictObject({ cases: z.array(z.strictObject(reportedCase)), ...totals }))
    .check(z.meta({ description: '更正后的内容 (as it reads with every amendment)' })),
};

export const getCityReportContract = {
  summary: { zh: '市级备案', en: "The month's report to the city: as signed, or as it would be signed now" },
  tag,
  path: z.strictObject({ month: yearMonth }),
  query: nothing,
  success: {
    status: 200,
    body: z.strictObject({
      month: yearMonth,
      report: z
        .nullable(z.strictObject(report))
        .check(z.meta({ description: '尚未编制时为空 (null until it is prepared)' })),
      announced: z
        .array(z.strictObject({ ...reportedCase, leadershipFiled: z.boolean(), marked: z.boolean() }))
        .check(z.meta({ description: '当月已公告 (announced in the month)' })),
    }),
  },
} as const satisfies OperationContract;

export const listCityReportsContract = {
  summary: { zh: '市级备案列表', en: 'Every report to the city, nil ones too, by month' },
  tag,
  path: nothing,
  query: z.strictObject({ after: z.exactOptional(cursor), limit: pageLimit }),
  success: {
    status: 200,
    body: z.strictObject({
      reports: z.array(z.strictObject({ month: yearMonth, ...report }).check(z.meta({ id: 'CityReport' }))),
      next: z.exactOptional(cursor),
    }),
  },
} as const satisfies OperationContract;

export const amendCityReportContract = {
  summary: { zh: '更正市级备案', en: 'Amend a signed report, with the next number; what was signed stays' },
  tag,
  path: z.strictObject({ month: yearMonth }),
  query: nothing,
  body: z.strictObject(amendment),
  success: {
    status: 201,
    body: z.strictObject({ month: yearMonth, number: z.int().check(z.minimum(1)), ...totals }),
  },
} as const satisfies OperationContract;
