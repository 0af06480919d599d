import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import { describe, expect, test } from 'vitest';
import type { CivilDate, Instant, YearMonth } from '../../../shared/domain/calendar/instant.ts';
import { cityReportWindow, dueAfter } from '../../../shared/domain/calendar/legal-time.ts';
import { policy2022v1 } from '../../../shared/domain/calendar/policies/2022-1.ts';
import {
  currentPolicy,
  policies,
  policyInForceOn,
  policyOf,
  stepNames,
} from '../../../shared/domain/calendar/policy.ts';
import { policySchema } from '../../../shared/domain/calendar/policy-schema.ts';

describe('the policies', () => {
  test('are what their schema makes of them: nothing checks them when a function starts', () => {
    expect(policies.map((policy) => policySchema.parse(policy))).toEqual(policies);
  });

  test('that rounds follow are never changed and never taken out', () => {
    // A digest that differs means that a published document was edited. Write a new version instead, and
    // add its digest here.
    const digests = policies.map((policy) => [
      policy.version,
      createHash('sha256')
        .update(canonicalize(policy) ?? '')
        .digest('hex')
        .slice(0, 16),
    ]);
    expect(digests).toEqual([['2022-1', 'a8fdf289934a1f85']]);
  });

  test('stand in the order in which they took effect, each version once', () => {
    expect(new Set(policies.map((policy) => policy.version)).size).toBe(policies.length);
    const days = policies.map((policy) => policy.effectiveFrom);
    expect(days).toEqual([...days].sort());
  });

  test('cannot be altered by whoever holds one', () => {
    const frozen = (value: unknown): boolean =>
      typeof value !== 'object' ||
      value === null ||
      (Object.isFrozen(value) && Object.values(value).every(frozen));
    expect(policies.every(frozen)).toBe(true);
  });

  test('are found by version', () => {
    expect(policyOf('2022-1')?.version).toBe('2022-1');
    expect(policyOf('2022-2')).toBeUndefined();
    expect(policyOf('__proto__')).toBeUndefined();
  });

  test('are found by the day on which a round begins', () => {
    expect(policyInForceOn('2020-12-31' as CivilDate)).toBeUndefined();
    expect(policyInForceOn('2021-01-01' as CivilDate)?.version).toBe('2022-1');
    expect(policyInForceOn('2099-01-01' as CivilDate)?.version).toBe(policies.at(-1)?.version);
  });

  test('take effect at midnight in Shanghai', () => {
    expect(currentPolicy('2020-12-31T16:00:00.000Z' as Instant).version).toBe('2022-1');
    expect(() => currentPolicy('2020-12-31T15:59:59.999Z' as Instant)).toThrow(RangeError);
  });
});

describe('policy 2022-1', () => {
  const policy = policySchema.parse(policy2022v1);

  test('gives every step a due time and an escalation', () => {
    expect(Object.keys(policy.steps).sort()).toEqual([...stepNames].sort());
  });

  test('has the city report due when its window closes', () => {
    for (const month of ['2022-01', '2022-09', '2022-12', '2023-01', '2024-02'] as YearMonth[]) {
      const { opensAt, closesAt } = cityReportWindow(month, policy);
      expect(dueAfter(opensAt, policy.steps['city-report-signature'].due).dueAt).toBe(closesAt);
    }
  });

  test('marks the income line as an example and knows none for other years', () => {
    expect(policy.monitoringLine[2022]).toEqual({ fenPerHeadPerYear: 700_000, example: true });
    expect(policy.monitoringLine[2023]).toBeUndefined();
  });
});

describe('a policy document is refused', () => {
  const refuses = (change: object): boolean =>
    !policySchema.safeParse({ ...policy2022v1, ...change }).success;
  const { appraisal: _, ...stepsWithoutAppraisal } = policy2022v1.steps;
  const appraisalDue = (due: object): object => ({
    steps: { ...policy2022v1.steps, appraisal: { ...policy2022v1.steps.appraisal, due } },
  });

  test('never as it stands', () => {
    expect(refuses({})).toBe(false);
  });

  test.each<[string, object]>([
    ['without a proper version', { version: '2022' }],
    ['with a version that has a tail', { version: '2022-1b' }],
    ['from a day that does not exist', { effectiveFrom: '2022-02-30' }],
    ['with a setting that nobody knows', { noticeDays: 5 }],
    ['with a nested setting that nobody knows', { filing: { cutOffDay: 25, shifts: true } }],
    ['with a notice of no days', { notice: { ...policy2022v1.notice, days: 0 } }],
    ['with a notice of half days', { notice: { ...policy2022v1.notice, days: 2.5 } }],
    ['with another basis of days', { notice: { ...policy2022v1.notice, basis: 'working' } }],
    ['with a cut-off that February lacks', { filing: { cutOffDay: 29 } }],
    ['with a cut-off before the month', { filing: { cutOffDay: 0 } }],
    ['with a report signed before it may be', { cityReport: { signFromDay: 6, signByDay: 5 } }],
    ['with a reminder on the deadline itself', { reminder: { workingDaysBefore: 0, localTime: '09:00' } }],
    ['with a reminder at no time of day', { reminder: { workingDaysBefore: 1, localTime: '24:00' } }],
    ['without one of the steps', { steps: stepsWithoutAppraisal }],
    [
      'with a step that nobody knows',
      { steps: { ...policy2022v1.steps, review: policy2022v1.steps.appraisal } },
    ],
    ['with a step due at once', appraisalDue({ amount: 0, unit: 'working-days' })],
    ['with a step due in hours', appraisalDue({ amount: 5, unit: 'hours' })],
    ['with a department that is a name', { comparison: { alwaysAsked: ['医保局'] } }],
    ['with a sample of more than all', { spotCheck: { rate: 1.1, doubledRateCap: 2 } }],
    ['with a cap below the rate', { spotCheck: { rate: 0.5, doubledRateCap: 0.4 } }],
    ['with a line for a word', { monitoringLine: { next: { fenPerHeadPerYear: 700_000, example: true } } }],
    ['with a line in broken fen', { monitoringLine: { '2022': { fenPerHeadPerYear: 0.5, example: true } } }],
    ['with an upload open for an hour', { evidence: { ...policy2022v1.evidence, uploadSeconds: 3600 } }],
    ['with a content type that is none', { evidence: { ...policy2022v1.evidence, contentTypes: ['jpeg'] } }],
    ['with an offset that ends before it begins', { villageWakeOffsetSeconds: { min: 601, max: 600 } }],
  ])('%s', (_why, change) => {
    expect(refuses(change)).toBe(true);
  });

  test('but not at the edges that are still sound', () => {
    expect(refuses({ version: '2023-12' })).toBe(false);
    expect(refuses({ filing: { cutOffDay: 28 } })).toBe(false);
    expect(refuses({ filing: { cutOffDay: 1 } })).toBe(false);
    expect(refuses({ cityReport: { signFromDay: 5, signByDay: 5 } })).toBe(false);
    expect(refuses({ spotCheck: { rate: 1, doubledRateCap: 1 } })).toBe(false);
    expect(refuses({ spotCheck: { rate: 0, doubledRateCap: 0 } })).toBe(false);
    expect(refuses({ villageWakeOffsetSeconds: { min: 0, max: 1 } })).toBe(false);
    expect(refuses({ villageWakeOffsetSeconds: { min: 60, max: 60 } })).toBe(false);
  });
});
