import * as z from 'zod';
import { stepNames } from './policy.ts';
import { civilDateSchema } from './schemas.ts';

const part = <Shape extends z.core.$ZodLooseShape>(shape: Shape) => z.strictObject(shape).readonly();

export const spanSchema = part({
  amount: z.int().positive(),
  unit: z.enum(['working-days', 'calendar-days']),
});

export const reminderSchema = part({
  workingDaysBefore: z.int().positive(),
  /** Asia/Shanghai, `HH:mm`. */
  localTime: z.iso.time({ precision: -1 }),
});

/** A day that every month has. */
const dayOfMonth = z.int().min(1).max(28);

/** This room imports no other, so the id of a department is named here by its shape. */
type DepartmentId = string & { readonly __brand: 'DepartmentId' };
const departmentId = z
  .string()
  .regex(/^[a-z]+(-[a-z]+)*$/)
  .transform((text) => text as DepartmentId);

/**
 * One version of the policy document: every number that law, the seed or the district leaves to
 * configuration. A running round keeps the version that it began with.
 */
export const policySchema = part({
  version: z.string().regex(/^\d{4}-[1-9]\d*$/, 'year and serial number, e.g. 2022-1'),
  effectiveFrom: civilDateSchema,

  notice: part({
    days: z.int().positive(),
    basis: z.literal('calendar'),
    /** Civil Code art. 203: a last day that is a day of rest gives way to the next working day. */
    movesOffRestDays: z.boolean(),
  }),
  filing: part({ cutOffDay: dayOfMonth }),
  /** Days of the month after the reported one. */
  cityReport: part({ signFromDay: dayOfMonth, signByDay: dayOfMonth }).refine(
    ({ signFromDay, signByDay }) => signFromDay <= signByDay,
    'the report is signed by a day before its first',
  ),
  /** How long before the last day of a step or of a monthly deadline people are reminded. */
  reminder: reminderSchema,

  /** When a step is due after it was opened, and how often it then escalates until it is done. */
  steps: z.record(z.enum(stepNames), part({ due: spanSchema, escalateEvery: spanSchema })).readonly(),

  objection: part({
    /** Named to whoever objects after the notice has ended. */
    lateChannel: part({ name: z.string().min(1), telephone: z.string().regex(/^\d{3,12}$/) }),
  }),

  comparison: part({
    /** Departments asked about every case, beside the lead departments of its planned measures. */
    alwaysAsked: z.array(departmentId).readonly(),
  }),
  spotCheck: part({
    /** Share of a month's cases whose household is visited, 0–1. */
    rate: z.number().min(0).max(1),
    /** No doubling of a village's rate goes beyond this share, 0–1. */
    doubledRateCap: z.number().min(0).max(1),
  }).refine(({ rate, doubledRateCap }) => rate <= doubledRateCap, 'the cap lies below the rate'),

  /** Net income per head and year that a released household must be above, by year. */
  monitoringLine: z
    .record(
      z.string().regex(/^\d{4}$/),
      part({
        fenPerHeadPerYear: z.int().positive(),
        /** True while the number stands for the province's own, which is still to be entered. */
        example: z.boolean(),
      }),
    )
    .readonly(),
  incomeStableMonths: z.int().positive(),
  helpedMonths: z.int().positive(),

  evidence: part({
    maxBytes: z.int().positive(),
    contentTypes: z.array(z.string().regex(/^[a-z]+\/[a-z0-9.+-]+$/)).readonly(),
    /** How long a signed upload stays open. */
    uploadSeconds: z.int().positive().max(300),
  }),

  /** The cases of one deadline wake spread over this range, by village, so that they do not all wake at once. */
  villageWakeOffsetSeconds: part({ min: z.int().nonnegative(), max: z.int().positive() }).refine(
    ({ min, max }) => min <= max,
    'min lies above max',
  ),
  retryAfter: part({
    /** How often an overdue monthly document is called for again. */
    overdueDocument: spanSchema,
    /** A case that woke before its town's filing was closed looks again after this long. */
    filingNotClosedSeconds: z.int().positive(),
  }),
});
