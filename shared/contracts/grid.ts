import * as z from 'zod/mini';
import { groupCode, householdId, personId } from './codes.ts';
import { nothing } from './nothing.ts';
import type { OperationContract } from './operation.ts';

/** Seed: 每名网格员监测不超过 15 户. */
const householdsPerMember = 15;

export const putGridContract = {
  summary: { zh: '登记组级动态监测网格', en: 'Who watches over the households of a group' },
  tag: '登记 Registers',
  path: z.strictObject({ groupCode }),
  query: nothing,
  body: z
    .strictObject({
      leader: personId.check(z.meta({ description: '网格长 (grid leader)' })),
      members: z
        .array(
          z.strictObject({
            personId,
            households: z.array(householdId).check(
              z.maxLength(householdsPerMember),
              z.refine((households) => new Set(households).size === households.length, {
                params: { code: 'household-twice' },
              }),
            ),
          }),
        )
        .check(
          z.minLength(1),
          z.maxLength(100),
          z.meta({
            description: `网格员，每人至多 ${householdsPerMember} 户 (grid members and their households)`,
          }),
        ),
    })
    .check(
      z.refine(({ members }) => new Set(members.map((one) => one.personId)).size === members.length, {
        path: ['members'],
        params: { code: 'grid-member-twice' },
      }),
    ),
  success: { status: 200, body: z.strictObject({ groupCode }) },
} as const satisfies OperationContract;
