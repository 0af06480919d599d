import * as z from 'zod/mini';
import { boardCode, civilDate, instant, noticeId, villageCode } from './codes.ts';
import { nothing } from './nothing.ts';
import type { OperationContract } from './operation.ts';
import { cursor, pageLimit } from './paging.ts';
import { line, paragraphs } from './text.ts';

const tag = '公示 Notices';

/** What every notice of this register is about: released from monitoring is proposed. */
export const noticeSubject = '拟解除风险监测' as const;

/** All that the public is told. Whatever is not in this list does not leave the house. */
const notice = z
  .strictObject({
    noticeId,
    village: villageCode,
    villageName: z.string(),
    maskedName: z
      .string()
      .check(z.meta({ description: '户主姓名，仅显示首字 (first character of the name, the rest hidden)' })),
    people: z.int().check(z.minimum(1)),
    subject: z.literal(noticeSubject),
    postedOn: civilDate,
    postedAt: instant,
    lastDay: civilDate,
    endsAt: instant.check(z.meta({ description: '公示期满时刻：末日 24:00 (24:00 of the last day)' })),
    holidayTablesMissing: z.readonly(z.array(z.int())).check(
      z.meta({
        description:
          '推算期满时国务院尚未公布节假日安排的年份，仅按周末计算 (years without a holiday table: there weekends alone counted)',
      }),
    ),
    status: z.enum(['running', 'passed', 'stopped']),
    objectionsUntil: instant.check(
      z.meta({
        description: '异议受理至该时刻，不含该时刻 (objections until, exclusive)',
      }),
    ),
    lateChannel: z
      .strictObject({ name: z.string(), telephone: z.string() })
      .check(z.meta({ description: '公示期外的反映渠道 (where to report at any other time)' })),
  })
  .check(z.meta({ id: 'Notice', description: '公示 (a public notice)' }));

export const listNoticesContract = {
  summary: {
    zh: '公示栏：某村或全区正在公示的',
    en: 'The notices that hang out now in a village, or in the whole district',
  },
  tag,
  path: nothing,
  query: z.strictObject({
    division: z.exactOptional(boardCode),
    after: z.exactOptional(cursor),
    limit: pageLimit,
  }),
  success: {
    status: 200,
    body: z.strictObject({ notices: z.array(notice), next: z.exactOptional(cursor) }),
  },
} as const satisfies OperationContract;

export const getNoticeContract = {
  summary: { zh: '查看公示', en: 'One notice' },
  tag,
  path: z.strictObject({ noticeId }),
  query: nothing,
  success: { status: 200, body: notice },
} as const satisfies OperationContract;

export const fileObjectionContract = {
  summary: { zh: '对公示提出异议', en: 'Object to a notice while it runs; no account is needed' },
  tag,
  path: z.strictObject({ noticeId }),
  query: nothing,
  body: z.strictObject({
    ground: z.enum(['income-not-stable', 'measure-not-in-place', 'risk-not-lifted', 'procedure', 'other']),
    statement: paragraphs(4000).check(z.meta({ description: '异议内容，加密保存 (kept sealed)' })),
    contact: z
      .exactOptional(line(100))
      .check(z.meta({ description: '联系方式，自愿填写，加密保存 (optional; kept sealed)' })),
  }),
  success: { status: 201, body: z.strictObject({ noticeId, objectionId: z.string() }) },
} as const satisfies OperationContract;
