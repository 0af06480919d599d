import * as z from 'zod';
import { caseNumber, instant, taskId, yearMonth } from './codes.ts';
import { nothing } from './nothing.ts';
import type { OperationContract } from './operation.ts';

const reportedCase = { caseNumber, people: z.int().min(1) };

export const getCityReportContract = {
  summary: { zh: '市级备案', en: "The month's report to the city: as signed, or as it would be signed now" },
  tag: '市级备案 City reports',
  path: z.strictObject({ month: yearMonth }),
  query: nothing,
  success: {
    status: 200,
    body: z.strictObject({
      month: yearMonth,
      report: z
        .strictObject({
          reportId: z.string(),
          policyVersion: z.string(),
          preparedAt: instant,
          dueAt: instant,
          taskId: taskId
            .exactOptional()
            .meta({ description: '待签发的待办 (the task that waits for a signature)' }),
          signed: z
            .strictObject({
              at: instant,
              cases: z.array(z.strictObject(reportedCase)),
              households: z.int().min(0),
              people: z.int().min(0),
              overdue: z.boolean(),
            })
            .exactOptional(),
        })
        .nullable()
        .meta({ description: '尚未编制时为空 (null until it is prepared)' }),
      announced: z
        .array(z.strictObject({ ...reportedCase, leadershipFiled: z.boolean(), marked: z.boolean() }))
        .meta({ description: '当月已公告 (announced in the month)' }),
    }),
  },
} as const satisfies OperationContract;
