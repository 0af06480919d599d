import * as z from 'zod/mini';
import { instant, streamId } from './codes.ts';
import { nothing } from './nothing.ts';
import type { OperationContract } from './operation.ts';
import { cursor, pageLimit } from './paging.ts';

const tag = '运维 Operations';

const deadLetterId = z.string().check(
  z.regex(/^[0-9A-HJKMNP-TV-Z]{26}$/),
  z.meta({
    description: '未送达变更的编号 (id of a dead letter)',
    examples: ['01GEXAMP1EDEAD1ETTER000001'],
  }),
);

export const listDeadLettersContract = {
  summary: {
    zh: '未能送达流程的台账变更',
    en: 'Changes of the ledger that reached their workflow at no try, the oldest first',
  },
  tag,
  path: nothing,
  query: z.strictObject({ after: z.exactOptional(cursor), limit: pageLimit }),
  success: {
    status: 200,
    body: z.strictObject({
      deadLetters: z.array(
        z
          .strictObject({
            deadLetterId,
            streamId,
            item: z.string().check(
              z.meta({
                description:
                  '变更的条目：事实、待办或回调 (what was written: an event, a task or a callback)',
                examples: ['EVENT#000002#release-round-started'],
              }),
            ),
            tries: z.int().check(z.minimum(1)),
            failedSince: instant,
            setAsideAt: instant,
            error: z
              .string()
              .check(
                z.maxLength(80),
                z.meta({ description: '错误名称 (name of the error, never its text)' }),
              ),
          })
          .check(z.meta({ id: 'DeadLetter' })),
      ),
      next: z.exactOptional(cursor),
    }),
  },
} as const satisfies OperationContract;

export const retryDeadLetterContract = {
  summary: {
    zh: '再次送达一项变更',
    en: 'Carry a dead letter again, now; what fails stays one (`change-not-carried`)',
  },
  tag,
  path: z.strictObject({ deadLetterId }),
  query: nothing,
  body: nothing,
  success: { status: 200, body: z.strictObject({ deadLetterId, streamId }) },
} as const satisfies OperationContract;
