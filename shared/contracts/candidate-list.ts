import * as z from 'zod/mini';
import { caseNumber, groupCode, householdId, instant, yearMonth } from './codes.ts';
import { nothing } from './nothing.ts';
import type { OperationContract } from './operation.ts';

export const getCandidateListContract = {
  summary: {
    zh: '网格长月度拟消除名单',
    en: "The grid leader's list of a month: every request with its answer, and every household proposed",
  },
  tag: '风险消除 Release cases',
  path: z.strictObject({ groupCode, month: yearMonth }),
  query: nothing,
  success: {
    status: 200,
    body: z.strictObject({
      group: groupCode,
      month: yearMonth,
      candidates: z.array(
        z
          .strictObject({
            caseNumber,
            householdId,
            round: z.int().check(z.minimum(1)),
            door: z.enum(['request', 'proposal', 'again']).check(
              z.meta({
                description: '农户提、网格长提、退回后再次上报 (asked for, proposed, reported again)',
              }),
            ),
            at: instant,
            dueAt: z.exactOptional(instant).check(z.meta({ description: '答复期限 (to be answered by)' })),
            answer: z.enum(['waiting', 'reported', 'declined', 'withdrawn']),
            answeredAt: z.exactOptional(instant),
          })
          .check(z.meta({ id: 'Candidate' })),
      ),
    }),
  },
} as const satisfies OperationContract;
