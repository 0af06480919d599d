import * as z from 'zod/mini';
import { departmentId, divisionCode, householdId, personId } from './codes.ts';
import { nothing } from './nothing.ts';
import type { OperationContract } from './operation.ts';
import { line } from './text.ts';

/** Length in digits of the division code that an office of each role is held in. */
export const officeCodeLength = {
  'grid-member': 15, // 网格员
  'grid-leader': 15, // 网格长
  'village-officer': 12, // 村级排查工作组
  'village-leader': 12, // 村党支部书记
  'town-officer': 9, // 乡振办
  'town-leader': 9, // 镇党委负责人
  'department-officer': 6, // 行业部门
  'department-leader': 6, // 行业部门负责人
  'joint-checker': 6, // 核查组
  'bureau-officer': 6, // 乡村振兴局
  'bureau-leader': 6, // 乡村振兴局负责人
  'leadership-secretary': 6, // 领导小组
  auditor: 6, // 审计
  operator: 6, // 运维
} as const;

export const officeRole = z.enum(
  Object.keys(officeCodeLength) as [keyof typeof officeCodeLength, ...(keyof typeof officeCodeLength)[]],
);

const isOfDepartment = (role: string): boolean =>
  role === 'department-officer' || role === 'department-leader';

const office = z
  .strictObject({ role: officeRole, division: divisionCode, department: z.exactOptional(departmentId) })
  .check(
    z.refine(({ role, division }) => division.length === officeCodeLength[role], {
      path: ['division'],
      params: { code: 'code-length-wrong' },
    }),
    z.refine(({ role, department }) => !isOfDepartment(role) || department !== undefined, {
      path: ['department'],
      params: { code: 'department-required' },
    }),
    z.refine(({ role, department }) => isOfDepartment(role) || department === undefined, {
      path: ['department'],
      params: { code: 'department-not-applicable' },
    }),
    z.meta({
      id: 'Office',
      description: '职务：角色与所辖区划 (an office and the division that it is held in)',
    }),
  );

export const putPersonContract = {
  summary: { zh: '登记人员及职务', en: 'Register a person with their offices' },
  tag: '登记 Registers',
  path: z.strictObject({ personId }),
  query: nothing,
  body: z.strictObject({
    name: line(50),
    offices: z.array(office).check(z.maxLength(20)),
    ownHousehold: z
      .exactOptional(householdId)
      .check(z.meta({ description: '本人所在农户 (their own household)' })),
  }),
  success: { status: 200, body: z.strictObject({ personId }) },
} as const satisfies OperationContract;
