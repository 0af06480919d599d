import type * as z from 'zod';
import type { CivilDate, Instant } from './instant.ts';
import { civilDateOf } from './legal-time.ts';
import { policy2022v1 } from './policies/2022-1.ts';
import type { policySchema, reminderSchema, spanSchema } from './policy-schema.ts';

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

/** A length of legal time: whole days, the day of the event itself not counted. */
export type Span = z.output<typeof spanSchema>;
export type Reminder = z.output<typeof reminderSchema>;
export type Policy = z.output<typeof policySchema>;
/** A policy document as it is written down, before it is checked. */
export type PolicyDocument = z.input<typeof policySchema>;

/** What rounds are judged by cannot be altered by whoever holds it. */
const frozen = <Value>(value: Value): Value => {
  if (typeof value === 'object' && value !== null) Object.values(value).forEach(frozen);
  return Object.freeze(value);
};

const documents: readonly PolicyDocument[] = [policy2022v1].map(frozen);

/**
 * Every version that was ever in force, the oldest first. None is ever changed or taken out, because
 * rounds that began under it are still judged by it; a change is a new version.
 *
 * They are part of the sources, so they are held to their schema by a test and not again whenever a function starts.
 */
export const policies = documents as readonly Policy[];

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
