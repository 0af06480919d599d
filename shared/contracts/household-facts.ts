import * as z from 'zod/mini';
import { civilDate, departmentId, householdId, measureId, yearMonth } from './codes.ts';
import { nothing } from './nothing.ts';
import type { OperationContract } from './operation.ts';

const assurance = z.strictObject({ assured: z.boolean(), asOf: civilDate });

const measure = z.strictObject({
  measureId,
  kind: z.enum(['industry', 'employment', 'safety-net', 'motivation', 'social-help']),
  leadDepartment: departmentId,
  implementedOn: z
    .exactOptional(civilDate)
    .check(z.meta({ description: '镇级核实落实之日 (verified in place on)' })),
});

const months = (incomes: readonly { readonly month: string }[]): number =>
  new Set(incomes.map(({ month }) => month)).size;
const measures = (all: readonly { readonly measureId: string }[]): number =>
  new Set(all.map((one) => one.measureId)).size;

/**
 * Every lead department is asked about the case, each by a task of its own, and when a case is stopped all of them end in
 * one transaction, with every inbox that they stood in.
 */
const leadDepartmentsAtMost = 12;
const leadDepartments = (all: readonly { readonly leadDepartment: string }[]): number =>
  new Set(all.map((one) => one.leadDepartment)).size;

/** The dated facts of a household, as they are imported; what is left out is not known. Money in fen. */
export const householdFacts = z
  .strictObject({
    monitoredSince: z.exactOptional(civilDate),
    helpedSince: z.exactOptional(civilDate),
    monthlyIncome: z
      .array(
        z.strictObject({
          month: yearMonth,
          netPerHeadFen: z.int().check(z.minimum(-1_000_000_000), z.maximum(1_000_000_000)),
        }),
      )
      .check(
        z.maxLength(120),
        z.refine((incomes) => months(incomes) === incomes.length, { params: { code: 'month-twice' } }),
        z.meta({
          description:
            '截至该月前十二个月人均纯收入，单位分 (net income per head over twelve months, in fen)',
        }),
      ),
    housing: z.exactOptional(assurance),
    schooling: z.exactOptional(assurance),
    medicalCare: z.exactOptional(assurance),
    drinkingWater: z.exactOptional(assurance),
    labour: z.exactOptional(
      z.strictObject({ ableMembers: z.int().check(z.minimum(0), z.maximum(50)), asOf: civilDate }),
    ),
    safetyNetDependence: z.exactOptional(z.strictObject({ dependent: z.boolean(), asOf: civilDate })),
    measures: z.exactOptional(
      z.array(measure).check(
        z.maxLength(100),
        z.refine((all) => measures(all) === all.length, { params: { code: 'measure-twice' } }),
        z.refine((all) => leadDepartments(all) <= leadDepartmentsAtMost, {
          params: { code: 'departments-too-many' },
        }),
      ),
    ),
  })
  .check(z.meta({ id: 'HouseholdFacts', description: '农户事实，按日期记录 (dated facts of a household)' }));

export const putHouseholdFactsContract = {
  summary: {
    zh: '导入农户事实',
    en: 'Import the dated facts of a household; the whole set replaces the one before',
  },
  tag: '登记 Registers',
  path: z.strictObject({ householdId }),
  query: nothing,
  body: householdFacts,
  success: { status: 200, body: z.strictObject({ householdId }) },
} as const satisfies OperationContract;
