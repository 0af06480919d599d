import { type CivilDate, type Instant, instantFromMillis } from '../../../shared/domain/calendar/instant.ts';
import {
  cityReportWindow,
  civilDateOf,
  dueAfter,
  endOfDay,
  filingMonthOf,
  isWorkingDay,
  monthOf,
  noticePeriod,
  reminderAt,
  startOfDay,
} from '../../../shared/domain/calendar/legal-time.ts';
import { policyOf } from '../../../shared/domain/calendar/policy.ts';
import * as oracle from './shanghai-oracle.ts';

/**
 * Run as a process of its own, in the time zone of its environment: compares legal time with the oracle at
 * the first, the middle and the last moment of every Shanghai day of 2021–2027, and prints what it found.
 */
const policy = policyOf('2022-1');
if (policy === undefined) throw new Error('policy 2022-1 is gone');

const mismatches: string[] = [];
let compared = 0;
const same = (what: string, actual: unknown, expected: unknown): void => {
  compared += 1;
  const [found, wanted] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (found !== wanted && mismatches.length < 10) mismatches.push(`${what}: ${found}, not ${wanted}`);
};
const at = (millis: number): Instant => instantFromMillis(millis);

const compareDay = (day: number): void => {
  const date = oracle.textOf(day) as CivilDate;
  const report = oracle.reportWindow(day);
  const window = cityReportWindow(monthOf(date), policy);
  const before = oracle.workingDayBefore(day);
  same(
    `bounds of ${date}`,
    [startOfDay(date), endOfDay(date)],
    [0, 1].map((n) => at(oracle.midnightOf(day + n))),
  );
  same(`${date} works`, isWorkingDay(date), {
    working: oracle.working(day),
    tableMissing: oracle.missing(day, day).length > 0,
  });
  same(`report of ${date}`, [window.opensAt, window.closesAt], report.map(at));
  same(`reminder of ${date}`, reminderAt(date, policy), {
    at: at(oracle.midnightOf(before.last) + 9 * 3_600_000),
    missingYears: before.missingYears,
  });
};

const compareMoment = (day: number, millis: number): void => {
  const instant = at(millis);
  const notice = oracle.noticeEnd(day);
  const due = oracle.workingDayAfter(day, 3);
  same(`${instant} as a day`, civilDateOf(instant), oracle.textOf(day));
  same(`${instant} as a month`, monthOf(instant), oracle.monthTextOf(day));
  same(`notice posted ${instant}`, noticePeriod(instant, policy), {
    postedOn: oracle.textOf(day),
    firstDay: oracle.textOf(day + 1),
    nominalLastDay: oracle.textOf(notice.nominal),
    lastDay: oracle.textOf(notice.last),
    endsAt: at(oracle.midnightOf(notice.last + 1)),
    ...(notice.last === notice.nominal ? {} : { movedBecause: 'weekend-or-holiday' }),
    missingYears: notice.missingYears,
  });
  same(`filing of ${instant}`, filingMonthOf(instant, policy), oracle.filingMonth(day));
  same(`due after ${instant}`, dueAfter(instant, { amount: 3, unit: 'working-days' }), {
    dueAt: at(oracle.midnightOf(due.last + 1)),
    missingYears: due.missingYears,
  });
  same(`due by the calendar after ${instant}`, dueAfter(instant, { amount: 7, unit: 'calendar-days' }), {
    dueAt: at(oracle.midnightOf(day + 8)),
    missingYears: [],
  });
};

const firstDay = oracle.dayNumberOf({ year: 2021, month: 1, day: 1 });
const lastDay = oracle.dayNumberOf({ year: 2027, month: 12, day: 31 });
for (let day = firstDay; day <= lastDay; day += 1) {
  compareDay(day);
  const midnight = oracle.midnightOf(day);
  for (const moment of [midnight, midnight + 12 * 3_600_000, midnight + 86_400_000 - 1])
    compareMoment(day, moment);
}

console.log(
  JSON.stringify({
    zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    // What the process itself takes for local time, in January and in July.
    minutesBehindUtc: [new Date('2022-01-01T00:00Z'), new Date('2022-07-01T00:00Z')].map((moment) =>
      moment.getTimezoneOffset(),
    ),
    days: lastDay - firstDay + 1,
    compared,
    mismatches,
  }),
);
