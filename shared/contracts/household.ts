import * as z from 'zod/mini';
import {
  caseNumber,
  civilDate,
  groupCode,
  householdId,
  instant,
  listCode,
  memberId,
  villageCode,
} from './codes.ts';
import { householdFacts } from './household-facts.ts';
import { idNumber } from './id-number.ts';
import { nothing } from './nothing.ts';
import type { OperationContract } from './operation.ts';
import { cursor, pageLimit } from './paging.ts';
import { line } from './text.ts';

const householdCategory = z
  .enum(['unstable-out-of-poverty', 'marginal', 'sudden-hardship'])
  .check(z.meta({ description: '监测对象类别：脱贫不稳定户、边缘易致贫户、突发严重困难户 (category)' }));

const member = z.strictObject({
  memberId,
  name: line(50),
  idNumber,
  relation: line(20).check(z.meta({ description: '与户主关系 (relation to the head)', examples: ['户主'] })),
  ableToWork: z.boolean(),
  phone: z.exactOptional(z.string().check(z.regex(/^\+?\d{7,15}$/))),
});

const areDistinct = (values: readonly string[]): boolean => new Set(values).size === values.length;

export const putHouseholdContract = {
  summary: { zh: '登记农户', en: 'Register a household, or change what is known of it' },
  tag: '登记 Registers',
  path: z.strictObject({ householdId }),
  query: nothing,
  body: z
    .strictObject({
      group: groupCode,
      category: householdCategory,
      monitoredSince: z
        .exactOptional(civilDate)
        .check(z.meta({ description: '纳入监测之日 (monitored since)' })),
      address: line(200),
      head: memberId.check(z.meta({ description: '户主的成员编号 (member id of the head)' })),
      members: z.array(member).check(
        z.minLength(1),
        z.maxLength(30),
        z.refine((members) => areDistinct(members.map((one) => one.memberId)), {
          params: { code: 'member-twice' },
        }),
        z.refine((members) => areDistinct(members.map((one) => one.idNumber)), {
          params: { code: 'member-twice' },
        }),
      ),
    })
    .check(
      z.refine(({ head, members }) => members.some((one) => one.memberId === head), {
        path: ['head'],
        params: { code: 'head-not-a-member' },
      }),
    ),
  success: { status: 200, body: z.strictObject({ householdId }) },
} as const satisfies OperationContract;

/** What a list and the household itself say of it: nothing of its people but their number. */
const householdCore = {
  householdId,
  group: groupCode,
  category: householdCategory,
  people: z.int().check(z.minimum(1)),
  status: z.enum(['monitored', 'released', 'not-monitored']),
  monitoredSince: z.exactOptional(civilDate),
  releasedAt: z
    .exactOptional(instant)
    .check(z.meta({ description: '风险消除公告时刻 (announced as released at)' })),
};

export const listHouseholdsContract = {
  summary: { zh: '农户列表', en: 'The households that I may see, by id, without their people' },
  tag: '登记 Registers',
  path: nothing,
  query: z.strictObject({
    division: z.exactOptional(listCode),
    after: z.exactOptional(cursor),
    limit: pageLimit,
  }),
  success: {
    status: 200,
    body: z.strictObject({
      households: z.array(
        z.strictObject({ ...householdCore, village: villageCode }).check(z.meta({ id: 'HouseholdSummary' })),
      ),
      next: z.exactOptional(cursor),
    }),
  },
} as const satisfies OperationContract;

export const getHouseholdContract = {
  summary: { zh: '查看农户', en: 'A household with its people and facts' },
  tag: '登记 Registers',
  path: z.strictObject({ householdId }),
  query: nothing,
  success: {
    status: 200,
    body: z.strictObject({
      ...householdCore,
      address: z.string(),
      head: z.string(),
      members: z.array(member),
      facts: householdFacts,
      openCase: z
        .nullable(caseNumber)
        .check(z.meta({ description: '在办案件 (the release case that is open for it)' })),
    }),
  },
} as const satisfies OperationContract;
