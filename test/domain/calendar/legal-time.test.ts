import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type CivilDate,
  type Instant,
  instantFromMillis,
  millisOf,
  parseInstant,
  type YearMonth,
} from '../../../shared/domain/calendar/instant.ts';
import {
  addDays,
  atLeastMonths,
  cityReportWindow,
  civilDateOf,
  dueAfter,
  endOfDay,
  filingCutOff,
  filingMonthOf,
  firstDay,
  isWorkingDay,
  monthOf,
  monthsBetween,
  nextMonth,
  noticePeriod,
  previousMonth,
  reminderAt,
  startOfDay,
} from '../../../shared/domain/calendar/legal-time.ts';
import { policy2022v1 } from '../../../shared/domain/calendar/policies/2022-1.ts';
import { policySchema } from '../../../shared/domain/calendar/policy-schema.ts';
import { civilDateSchema, yearMonthSchema } from '../../../shared/domain/calendar/schemas.ts';

const date = (text: string): CivilDate => civilDateSchema.parse(text);
const month = (text: string): YearMonth => yearMonthSchema.parse(text);
/** Shanghai wall time, e.g. `2022-09-28T10:00`. */
const shanghai = (text: string): Instant => {
  const instant = parseInstant(`${text}+08:00`);
  if (instant === undefined) throw new Error(`${text} is no time`);
  return instant;
};
const justBefore = (instant: Instant): Instant => instantFromMillis(millisOf(instant) - 1);

const policy = policySchema.parse(policy2022v1);
const moments = fc
  .integer({ min: Date.parse('2020-12-01T00:00:00Z'), max: Date.parse('2028-02-01T00:00:00Z') })
  .map(instantFromMillis);
const days = moments.map(civilDateOf);

describe('a day in Shanghai', () => {
  test('begins at 16:00 UTC of the day before, to the millisecond', () => {
    expect(startOfDay(date('2022-10-08'))).toBe('2022-10-07T16:00:00.000Z');
    expect(endOfDay(date('2022-10-08'))).toBe('2022-10-08T16:00:00.000Z');
    expect(civilDateOf('2022-10-08T15:59:59.999Z' as Instant)).toBe('2022-10-08');
    expect(civilDateOf('2022-10-08T16:00:00.000Z' as Instant)).toBe('2022-10-09');
  });

  test('had daylight saving time in 1988', () => {
    expect(startOfDay(date('1988-07-01'))).toBe('1988-06-30T15:00:00.000Z');
  });

  test('is followed by the next without a gap or an overlap', () => {
    fc.assert(
      fc.property(days, (day) => {
        expect(endOfDay(day)).toBe(startOfDay(addDays(day, 1)));
        expect(civilDateOf(startOfDay(day))).toBe(day);
        expect(civilDateOf(justBefore(endOfDay(day)))).toBe(day);
        expect(civilDateOf(endOfDay(day))).toBe(addDays(day, 1));
        expect(addDays(addDays(day, 40), -40)).toBe(day);
      }),
    );
  });

  test('is counted across months, years and the leap day', () => {
    expect(addDays(date('2022-12-31'), 1)).toBe('2023-01-01');
    expect(addDays(date('2024-02-28'), 1)).toBe('2024-02-29');
    expect(addDays(date('2022-03-01'), -1)).toBe('2022-02-28');
    expect(addDays(date('2022-03-01'), 0)).toBe('2022-03-01');
    expect(addDays(date('9999-12-30'), 1)).toBe('9999-12-31');
    expect(() => addDays(date('9999-12-31'), 1)).toThrow(/outside the years 0000 to 9999/);
  });
});

describe('a month in Shanghai', () => {
  test('is that of the Shanghai day, not of the UTC day', () => {
    expect(monthOf('2022-09-30T15:59:59.999Z' as Instant)).toBe('2022-09');
    expect(monthOf('2022-09-30T16:00:00.000Z' as Instant)).toBe('2022-10');
    expect(monthOf(date('2022-09-30'))).toBe('2022-09');
  });

  test('follows and precedes across years', () => {
    expect(nextMonth(month('2022-12'))).toBe('2023-01');
    expect(nextMonth(month('2022-09'))).toBe('2022-10');
    expect(previousMonth(month('2023-01'))).toBe('2022-12');
    expect(previousMonth(month('2022-10'))).toBe('2022-09');
    expect(firstDay(month('2022-10'))).toBe('2022-10-01');
  });
});

describe('a notice of five days', () => {
  test('posted on 28 September 2022 ends at 24:00 on 8 October, at whatever hour it was posted', () => {
    for (const time of ['00:00', '10:30', '23:59:59.999'])
      expect(noticePeriod(shanghai(`2022-09-28T${time}`), policy)).toEqual({
        postedOn: '2022-09-28',
        firstDay: '2022-09-29',
        nominalLastDay: '2022-10-03',
        lastDay: '2022-10-08',
        endsAt: '2022-10-08T16:00:00.000Z',
        movedBecause: 'weekend-or-holiday',
        missingYears: [],
      });
  });

  test('posted a millisecond later belongs to the next day', () => {
    expect(noticePeriod(shanghai('2022-09-29T00:00'), policy)).toMatchObject({
      postedOn: '2022-09-29',
      nominalLastDay: '2022-10-04',
      lastDay: '2022-10-08',
    });
  });

  test('that ends on a working day ends there, and says no reason', () => {
    const period = noticePeriod(shanghai('2022-10-12T09:00'), policy);
    expect(period).toMatchObject({ nominalLastDay: '2022-10-17', lastDay: '2022-10-17' });
    expect(period).not.toHaveProperty('movedBecause');
  });

  test('that ends on a Saturday worked for a holiday ends there', () => {
    expect(noticePeriod(shanghai('2022-10-03T09:00'), policy).lastDay).toBe('2022-10-08');
    expect(noticePeriod(shanghai('2022-10-03T09:00'), policy)).not.toHaveProperty('movedBecause');
  });

  test('that ends on an ordinary weekend ends on Monday', () => {
    for (const posted of ['2022-10-10', '2022-10-11'])
      expect(noticePeriod(shanghai(`${posted}T09:00`), policy)).toMatchObject({
        lastDay: '2022-10-17',
        movedBecause: 'weekend-or-holiday',
      });
  });

  test('counts a holiday in its middle like any other day', () => {
    expect(noticePeriod(shanghai('2022-10-05T09:00'), policy).lastDay).toBe('2022-10-10');
  });

  test('in a year without a table is reckoned by weekends, and says which year', () => {
    expect(noticePeriod(shanghai('2027-09-28T09:00'), policy)).toMatchObject({
      nominalLastDay: '2027-10-03',
      lastDay: '2027-10-04',
      missingYears: [2027],
    });
    expect(noticePeriod(shanghai('2026-12-27T09:00'), policy)).toMatchObject({
      lastDay: '2027-01-01',
      missingYears: [2027],
    });
    expect(noticePeriod(shanghai('2026-12-22T09:00'), policy).missingYears).toEqual([]);
    // 31 December 2028 is a Sunday: the walk goes on into 2029.
    expect(noticePeriod(shanghai('2028-12-26T09:00'), policy).missingYears).toEqual([2028, 2029]);
  });

  test('has the length that the policy names', () => {
    const seven = { notice: { ...policy.notice, days: 7 } };
    expect(noticePeriod(shanghai('2022-10-10T09:00'), seven).lastDay).toBe('2022-10-17');
  });

  test('stays on a day of rest where the policy says so', () => {
    const unmoved = { notice: { ...policy.notice, movesOffRestDays: false } };
    const period = noticePeriod(shanghai('2022-09-28T09:00'), unmoved);
    expect(period).toMatchObject({
      lastDay: '2022-10-03',
      endsAt: '2022-10-03T16:00:00.000Z',
      missingYears: [],
    });
    expect(period).not.toHaveProperty('movedBecause');
  });

  test('always ends on a working day, after five full days at least, and never sooner for a later posting', () => {
    fc.assert(
      fc.property(moments, moments, (one, other) => {
        const { firstDay: first, lastDay, endsAt } = noticePeriod(one, policy);
        expect(isWorkingDay(lastDay).working).toBe(true);
        expect(millisOf(endsAt) - millisOf(startOfDay(first))).toBeGreaterThanOrEqual(5 * 86_400_000);
        const [earlier, later] = [one, other].sort() as [Instant, Instant];
        expect(noticePeriod(earlier, policy).endsAt <= noticePeriod(later, policy).endsAt).toBe(true);
      }),
    );
  });
});

describe('the monthly filing', () => {
  test('is open until 24:00 of the 25th', () => {
    expect(filingCutOff(month('2022-10'), policy)).toEqual({
      lastDay: '2022-10-25',
      closesAt: '2022-10-25T16:00:00.000Z',
    });
  });

  test('does not move when the 25th is a Sunday', () => {
    expect(isWorkingDay(date('2022-12-25')).working).toBe(false);
    expect(filingCutOff(month('2022-12'), policy).closesAt).toBe('2022-12-25T16:00:00.000Z');
  });

  test('takes an approval up to the last millisecond, and none at the cut-off itself', () => {
    const { closesAt } = filingCutOff(month('2022-10'), policy);
    expect(filingMonthOf(justBefore(closesAt), policy)).toBe('2022-10');
    expect(filingMonthOf(closesAt, policy)).toBe('2022-11');
  });

  test('of December is followed by that of January', () => {
    expect(filingMonthOf(shanghai('2022-12-26T00:00'), policy)).toBe('2023-01');
    expect(filingMonthOf(shanghai('2022-12-31T23:59:59.999'), policy)).toBe('2023-01');
    expect(filingMonthOf(shanghai('2023-01-01T00:00'), policy)).toBe('2023-01');
  });

  test('follows the cut-off of the policy', () => {
    const early = { filing: { cutOffDay: 5 } };
    expect(filingCutOff(month('2022-10'), early).lastDay).toBe('2022-10-05');
    expect(filingMonthOf(shanghai('2022-10-06T00:00'), early)).toBe('2022-11');
  });

  test('takes every approval once: after the cut-off before, before its own', () => {
    fc.assert(
      fc.property(moments, (approvedAt) => {
        const filing = filingMonthOf(approvedAt, policy);
        expect(approvedAt < filingCutOff(filing, policy).closesAt).toBe(true);
        expect(approvedAt >= filingCutOff(previousMonth(filing), policy).closesAt).toBe(true);
      }),
    );
  });
});

describe('the city report', () => {
  test('of September 2022 is signed from 1 to 5 October, in the middle of the holidays', () => {
    expect(cityReportWindow(month('2022-09'), policy)).toEqual({
      opensAt: '2022-09-30T16:00:00.000Z',
      closesAt: '2022-10-05T16:00:00.000Z',
      lastDay: '2022-10-05',
    });
  });

  test('of December is signed in January', () => {
    expect(cityReportWindow(month('2022-12'), policy).lastDay).toBe('2023-01-05');
  });

  test('follows the days of the policy', () => {
    expect(cityReportWindow(month('2022-09'), { cityReport: { signFromDay: 3, signByDay: 10 } })).toEqual({
      opensAt: '2022-10-02T16:00:00.000Z',
      closesAt: '2022-10-10T16:00:00.000Z',
      lastDay: '2022-10-10',
    });
  });
});

describe('a reminder', () => {
  test('of 5 October 2022 goes out before the holidays, on Friday 30 September at 9:00', () => {
    expect(reminderAt(date('2022-10-05'), policy)).toEqual({
      at: '2022-09-30T01:00:00.000Z',
      missingYears: [],
    });
  });

  test('goes out on the day before, if that is worked, even on a Sunday', () => {
    expect(reminderAt(date('2022-10-26'), policy).at).toBe(shanghai('2022-10-25T09:00'));
    expect(reminderAt(date('2022-10-10'), policy).at).toBe(shanghai('2022-10-09T09:00'));
  });

  test('of a Monday goes out on Friday', () => {
    expect(reminderAt(date('2022-07-25'), policy).at).toBe(shanghai('2022-07-22T09:00'));
  });

  test('follows the offset and the hour of the policy', () => {
    const reminder = { workingDaysBefore: 3, localTime: '14:30' };
    expect(reminderAt(date('2022-10-05'), { reminder }).at).toBe(shanghai('2022-09-28T14:30'));
  });

  test('says which year it guessed, looking back into it', () => {
    expect(reminderAt(date('2027-01-05'), policy).missingYears).toEqual([2027]);
    expect(reminderAt(date('2021-01-01'), policy)).toEqual({
      at: shanghai('2020-12-31T09:00'),
      missingYears: [2020],
    });
    // Both years lack a table; they are named in order though the walk goes backwards.
    expect(
      reminderAt(date('2029-01-02'), { reminder: { workingDaysBefore: 2, localTime: '09:00' } }).missingYears,
    ).toEqual([2028, 2029]);
  });

  test('is always on a working day before the deadline', () => {
    fc.assert(
      fc.property(days, (deadline) => {
        const { at } = reminderAt(deadline, policy);
        expect(at < startOfDay(deadline)).toBe(true);
        expect(isWorkingDay(civilDateOf(at)).working).toBe(true);
      }),
    );
  });
});

describe('a due time', () => {
  test('does not count the day on which it began', () => {
    for (const from of ['2022-10-12T00:00', '2022-10-12T23:59:59.999'])
      expect(dueAfter(shanghai(from), { amount: 1, unit: 'working-days' })).toEqual({
        dueAt: '2022-10-13T16:00:00.000Z',
        missingYears: [],
      });
  });

  test('in working days leaps over the holidays and counts the days worked for them', () => {
    const due = (amount: number): Instant =>
      dueAfter(shanghai('2022-09-29T10:00'), { amount, unit: 'working-days' }).dueAt;
    expect(due(1)).toBe(endOfDay(date('2022-09-30')));
    expect(due(2)).toBe(endOfDay(date('2022-10-08')));
    expect(due(3)).toBe(endOfDay(date('2022-10-09')));
    expect(due(4)).toBe(endOfDay(date('2022-10-10')));
  });

  test('in calendar days counts every day and needs no table', () => {
    expect(dueAfter(shanghai('2022-09-29T10:00'), { amount: 4, unit: 'calendar-days' })).toEqual({
      dueAt: endOfDay(date('2022-10-03')),
      missingYears: [],
    });
    expect(dueAfter(shanghai('2027-09-29T10:00'), { amount: 4, unit: 'calendar-days' }).missingYears).toEqual(
      [],
    );
  });

  test('that runs into a year without a table says so, and only then', () => {
    const due = (amount: number) => dueAfter(shanghai('2026-12-24T10:00'), { amount, unit: 'working-days' });
    expect(due(2)).toEqual({ dueAt: endOfDay(date('2026-12-28')), missingYears: [] });
    expect(due(3)).toEqual({ dueAt: endOfDay(date('2026-12-29')), missingYears: [2027] });
    expect(due(6)).toEqual({ dueAt: endOfDay(date('2027-01-01')), missingYears: [2027] });
  });

  test('is always later than what it is due after, and later still from there', () => {
    fc.assert(
      fc.property(
        moments,
        fc.integer({ min: 1, max: 30 }),
        fc.constantFrom('working-days' as const, 'calendar-days' as const),
        (from, amount, unit) => {
          const { dueAt } = dueAfter(from, { amount, unit });
          expect(millisOf(dueAt) - millisOf(from)).toBeGreaterThan(amount * 86_400_000 - 1);
          expect(dueAfter(dueAt, { amount: 1, unit }).dueAt > dueAt).toBe(true);
        },
      ),
    );
  });
});

describe('half a year', () => {
  test('is over on the corresponding day, not the day before', () => {
    expect(atLeastMonths(date('2022-01-15'), date('2022-07-14'), 6)).toBe(false);
    expect(atLeastMonths(date('2022-01-15'), date('2022-07-15'), 6)).toBe(true);
    expect(monthsBetween(date('2022-01-15'), date('2022-07-14'))).toBe(5);
    expect(monthsBetween(date('2022-01-15'), date('2022-07-15'))).toBe(6);
  });

  test("is over on the month's last day where there is no corresponding day", () => {
    expect(atLeastMonths(date('2021-08-31'), date('2022-02-27'), 6)).toBe(false);
    expect(atLeastMonths(date('2021-08-31'), date('2022-02-28'), 6)).toBe(true);
    expect(monthsBetween(date('2021-08-31'), date('2022-02-28'))).toBe(6);
  });

  test('is counted across years and backwards', () => {
    expect(monthsBetween(date('2021-10-31'), date('2022-11-01'))).toBe(12);
    expect(monthsBetween(date('2022-07-15'), date('2022-07-15'))).toBe(0);
    expect(monthsBetween(date('2022-07-15'), date('2022-07-14'))).toBe(-1);
  });

  test('is the most whole months that have passed', () => {
    fc.assert(
      fc.property(days, days, (from, to) => {
        const months = monthsBetween(from, to);
        expect(atLeastMonths(from, to, months)).toBe(true);
        expect(atLeastMonths(from, to, months + 1)).toBe(false);
      }),
    );
  });
});
