import * as z from 'zod';
import type { CivilDate, Instant } from './instant.ts';
import { civilDateOf } from './legal-time.ts';
import { policy2022v1 } from './policies/2022-1.ts';
import { civilDateSchema } from './schemas.ts';

/** Every step of a release case, and of the city report, that waits for a person. */
export const stepNames = [
  'request-answer',
  'home-visit',
  'household-confirmation',
  'appraisal',
  'notice-posting',
  'objection-investigation',
  'objection-decision',
  'objection-follow-up',
  'town-verification',
  'filing-confirmation',
  'department-comparison',
  'spot-check',
  'announcement',
  'leadership-filing',
  'system-marking',
  'adjustment',
  'measure-adjustment',
  're-report',
  'pause-follow-up',
  'city-report-signature',
] as const;
export type StepName = (typeof stepNames)[number];

const part = <Shape extends z.core.$ZodLooseShape>(shape: Shape) => z.strictObject(shape).readonly();

const spanSchema = part({
  amount: z.int().positive(),
  unit: z.enum(['working-days', 'calendar-days']),
});
/** A length of legal time: whole days, the day of the event itself not counted. */
export type Span = z.output<typeof spanSchema>;

const reminderSchema = part({
  workingDaysBefore: z.int().positive(),
  /** Asia/Shanghai, `HH:mm`. */
  localTime: z.iso.time({ precision: -1 }),
});
export type Reminder = z.output<typeof reminderSchema>;

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
export type Policy = z.output<typeof policySchema>;
/** A policy document as it is written down, before it is checked. */
export type PolicyDocument = z.input<typeof policySchema>;

/**
 * Every version that was ever in force, the oldest first. None is ever changed or taken out, because
 * rounds that began under it are still judged by it; a change is a new version.
 */
export const policies: readonly Policy[] = [policy2022v1].map((document) => policySchema.parse(document));

/** @returns the policy of that version; `undefined` if there never was one. */
export const policyOf = (version: string): Policy | undefined =>
  policies.find((policy) => policy.version === version);

/** @returns the policy that a round begun on `date` follows; `undefined` before the first one. */
export const policyInForceOn = (date: CivilDate): Policy | undefined =>
  policies.findLast((policy) => policy.effectiveFrom <= date);

/**
 * @returns the policy that a round begun at `instant` follows.
 * @throws RangeError before the first policy: a clock that stands there is wrong.
 */
export const currentPolicy = (instant: Instant): Policy => {
  const date = civilDateOf(instant);
  const policy = policyInForceOn(date);
  if (policy === undefined) throw new RangeError(`no policy was in force on ${date}`);
  return policy;
};
