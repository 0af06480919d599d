import * as z from 'zod/mini';
import { caseNumber, instant, townCode, yearMonth } from './codes.ts';
import { nothing } from './nothing.ts';
import type { OperationContract } from './operation.ts';
import { cursor, pageLimit } from './paging.ts';

const tag = '上报备案 Filings';
const path = z.strictObject({ townCode, month: yearMonth });

const filing = z
  .strictObject({
    filingId: z.string(),
    town: townCode,
    month: yearMonth,
    policyVersion: z.string(),
    openedAt: instant,
    cutOffAt: instant.check(z.meta({ description: '截止时刻：25 日 24:00 (24:00 of the cut-off day)' })),
    reminded: z.boolean().check(z.meta({ description: '已提醒镇级截止临近 (the town was reminded of it)' })),
    completedAt: z.exactOptional(instant),
    filings: z
      .array(
        z.strictObject({
          number: z.int().check(z.minimum(1)),
          filedAt: instant,
          early: z.boolean(),
          spotCheckSeed: z.string(),
          caseNumbers: z.array(caseNumber),
        }),
      )
      .check(z.meta({ description: '第 1 号为上报，以后各号为补充上报 (number 1, then its supplements)' })),
    waiting: z.array(caseNumber).check(z.meta({ description: '已审核待上报 (approved, not filed yet)' })),
  })
  .check(z.meta({ id: 'Filing', description: '镇级月度上报备案 (the filing of one town for one month)' }));

export const getFilingContract = {
  summary: {
    zh: '镇级当月上报',
    en: 'The filing of a town for a month, with its supplements and the approved cases that wait for it',
  },
  tag,
  path,
  query: nothing,
  success: { status: 200, body: filing },
} as const satisfies OperationContract;

export const listFilingsContract = {
  summary: { zh: '镇级上报列表', en: 'The filings that I may see, by month and town, empty ones too' },
  tag,
  path: nothing,
  query: z.strictObject({
    month: z.exactOptional(yearMonth),
    town: z.exactOptional(townCode),
    after: z.exactOptional(cursor),
    limit: pageLimit,
  }),
  success: {
    status: 200,
    body: z.strictObject({ filings: z.array(filing), next: z.exactOptional(cursor) }),
  },
} as const satisfies OperationContract;

export const fileEarlyContract = {
  summary: {
    zh: '提前上报',
    en: 'File what is approved before the cut-off; later approvals go in a supplement',
  },
  tag,
  path,
  query: nothing,
  body: nothing,
  success: {
    status: 201,
    body: z.strictObject({
      town: townCode,
      month: yearMonth,
      number: z.int().check(z.minimum(1)),
      cases: z.array(caseNumber),
    }),
  },
} as const satisfies OperationContract;
