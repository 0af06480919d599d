// Its functions, not its classes: a bundle then carries only those that are used, a third of the package.
import { getISO } from 'temporal-polyfill/fns/Calendar';
import * as Instants from 'temporal-polyfill/fns/Instant';
import * as PlainDates from 'temporal-polyfill/fns/PlainDate';
import * as PlainTimes from 'temporal-polyfill/fns/PlainTime';
import * as PlainYearMonths from 'temporal-polyfill/fns/PlainYearMonth';
import * as ZonedDateTimes from 'temporal-polyfill/fns/ZonedDateTime';
import { noticeSays, yearsMissingFor } from './holidays.ts';
import { type CivilDate, type Instant, instantFromMillis, millisOf, type YearMonth } from './instant.ts';
import type { Policy, Reminder, Span } from './policy.ts';

/** Legal time is China Standard Time, wherever the process runs. */
const zone = 'Asia/Shanghai';

/** The part of legal time's answers that says which years were answered by weekends alone. */
type Reckoned = {
  /** Years without a holiday table that the answer depends on, ascending; empty where it is certain. */
  readonly missingYears: readonly number[];
};

const plainDate = (date: CivilDate): PlainDates.Record => PlainDates.fromString(date, getISO);

const plainMonth = (month: YearMonth): PlainYearMonths.Record => PlainYearMonths.fromString(month, getISO);

/** Past the year 9999 the text would grow a sign and no longer sort in time. */
const written = <Text extends CivilDate | YearMonth>(text: string): Text => {
  if (!/^\d/.test(text)) throw new RangeError(`${text} lies outside the years 0000 to 9999`);
  return text as Text;
};
const writtenDate = (date: PlainDates.Record): CivilDate => written(PlainDates.toString(date));
const writtenMonth = (month: PlainYearMonths.Record): YearMonth => written(PlainYearMonths.toString(month));

const dayMillis = 86_400_000;

/**
 * Days are counted at UTC, where none is longer or shorter: every deadline walks over days, and by Temporal a single one
 * takes as long as three.
 * @throws RangeError for a day that does not exist.
 */
const countedAt = (date: CivilDate): number => {
  const millis = Date.parse(`${date}T00:00:00.000Z`);
  if (Number.isNaN(millis) || !new Date(millis).toISOString().startsWith(date))
    throw new RangeError(`${date} is no day`);
  return millis;
};

/** @returns the day in Shanghai that `instant` falls on. */
export const civilDateOf = (instant: Instant): CivilDate =>
  writtenDate(
    ZonedDateTimes.toPlainDate(
      Instants.toZonedDateTimeISO(Instants.fromEpochMilliseconds(millisOf(instant)), zone),
    ),
  );

const isCivilDate = (moment: Instant | CivilDate): moment is CivilDate => moment.length === 10;

/** @returns the month in Shanghai that an instant or a day falls in. */
export const monthOf = (moment: Instant | CivilDate): YearMonth =>
  (isCivilDate(moment) ? moment : civilDateOf(moment)).slice(0, 7) as YearMonth;

/** @returns 00:00 of `date` in Shanghai. */
export const startOfDay = (date: CivilDate): Instant =>
  instantFromMillis(PlainDates.toZonedDateTime(plainDate(date), zone).epochMilliseconds);

/** @returns 24:00 of `date` in Shanghai, which is the first moment that no longer belongs to it. */
export const endOfDay = (date: CivilDate): Instant =>
  instantFromMillis(
    PlainDates.toZonedDateTime(PlainDates.addDays(plainDate(date), 1), zone).epochMilliseconds,
  );

/** @returns the day `days` after `date`, or before it if negative. */
export const addDays = (date: CivilDate, days: number): CivilDate =>
  instantFromMillis(countedAt(date) + days * dayMillis).slice(0, 10) as CivilDate;

export const nextMonth = (month: YearMonth): YearMonth =>
  writtenMonth(PlainYearMonths.addMonths(plainMonth(month), 1));

export const previousMonth = (month: YearMonth): YearMonth =>
  writtenMonth(PlainYearMonths.subtractMonths(plainMonth(month), 1));

/** @returns day `day` of `month`, 1–28. */
const dayOf = (month: YearMonth, day: number): CivilDate =>
  `${month}-${String(day).padStart(2, '0')}` as CivilDate;

export const firstDay = (month: YearMonth): CivilDate => dayOf(month, 1);

/** @returns the day on which `months` months from `from` have passed: the corresponding day, or the month's last. */
export const addMonths = (from: CivilDate, months: number): CivilDate =>
  writtenDate(PlainDates.addMonths(plainDate(from), months));

/** @returns whether n months have passed: art. 202, to the corresponding day, or the month's last where it has none. */
export const atLeastMonths = (from: CivilDate, to: CivilDate, months: number): boolean =>
  addMonths(from, months) <= to;

/** @returns the whole months from `from` to `to`: the most for which `atLeastMonths` holds; negative backwards. */
export const monthsBetween = (from: CivilDate, to: CivilDate): number => {
  const [start, end] = [plainDate(from), plainDate(to)];
  const months = (end.year - start.year) * 12 + end.month - start.month;
  return atLeastMonths(from, to, months) ? months : months - 1;
};

/** Monday to Friday; Sunday is 0. */
const isWeekday = (date: CivilDate): boolean => new Date(countedAt(date)).getUTCDay() % 6 !== 0;

/**
 * Whether `date` is a working day: by the State Council's notice where it names the day, else Monday to
 * Friday. `tableMissing` says that a notice which may name the day is not in the tables, so that weekends
 * alone have answered.
 */
export const isWorkingDay = (
  date: CivilDate,
): { readonly working: boolean; readonly tableMissing: boolean } => {
  const said = noticeSays(date);
  return {
    working: said === undefined ? isWeekday(date) : said === 'worked',
    tableMissing: yearsMissingFor(date).length > 0,
  };
};

/** Walks from `start` in steps of one day until `count` working days were met; `start` itself is met first. */
const workingDayFrom = (
  start: CivilDate,
  step: 1 | -1,
  count: number,
): Reckoned & { readonly date: CivilDate } => {
  const missing = new Set<number>();
  let date = start;
  for (let met = 0; ; date = addDays(date, step)) {
    for (const year of yearsMissingFor(date)) missing.add(year);
    if (isWorkingDay(date).working) met += 1;
    if (met === count) return { date, missingYears: [...missing].sort((a, b) => a - b) };
  }
};

export type NoticePeriod = Reckoned & {
  readonly postedOn: CivilDate;
  /** The day after the posting: the posting's own day is not counted (art. 201). */
  readonly firstDay: CivilDate;
  readonly nominalLastDay: CivilDate;
  readonly lastDay: CivilDate;
  /** 24:00 of the last day (art. 203). */
  readonly endsAt: Instant;
  /** Present where the last day is not the nominal one. */
  readonly movedBecause?: 'weekend-or-holiday';
};

/**
 * The period of a notice 公示 posted at `postedAt`, by the Civil Code: the day of posting is not counted
 * (art. 201); a last day that is a day of rest gives way to the day after the rest, and the last day ends
 * at 24:00 (art. 203).
 */
export const noticePeriod = (postedAt: Instant, { notice }: Pick<Policy, 'notice'>): NoticePeriod => {
  const postedOn = civilDateOf(postedAt);
  const nominalLastDay = addDays(postedOn, notice.days);
  const { date: lastDay, missingYears } = notice.movesOffRestDays
    ? workingDayFrom(nominalLastDay, 1, 1)
    : { date: nominalLastDay, missingYears: [] };
  return {
    postedOn,
    firstDay: addDays(postedOn, 1),
    nominalLastDay,
    lastDay,
    endsAt: endOfDay(lastDay),
    ...(lastDay === nominalLastDay ? {} : { movedBecause: 'weekend-or-holiday' }),
    missingYears,
  };
};

/** The cut-off of a town's monthly filing: 24:00 of its last day, on whatever day of the week (seed: 每月25日前). */
export const filingCutOff = (
  month: YearMonth,
  { filing }: Pick<Policy, 'filing'>,
): { readonly lastDay: CivilDate; readonly closesAt: Instant } => {
  const lastDay = dayOf(month, filing.cutOffDay);
  return { lastDay, closesAt: endOfDay(lastDay) };
};

/** @returns the month whose filing takes an approval made at `approvedAt`; one made at the cut-off itself is late. */
export const filingMonthOf = (approvedAt: Instant, policy: Pick<Policy, 'filing'>): YearMonth => {
  const month = monthOf(approvedAt);
  return approvedAt < filingCutOff(month, policy).closesAt ? month : nextMonth(month);
};

/**
 * When the city report of month `reported` is signed: from 00:00 of the first to 24:00 of the last day in
 * the month after it, on whatever days of the week (seed: 次月5日前).
 */
export const cityReportWindow = (
  reported: YearMonth,
  { cityReport }: Pick<Policy, 'cityReport'>,
): { readonly opensAt: Instant; readonly closesAt: Instant; readonly lastDay: CivilDate } => {
  const month = nextMonth(reported);
  const lastDay = dayOf(month, cityReport.signByDay);
  return { opensAt: startOfDay(dayOf(month, cityReport.signFromDay)), closesAt: endOfDay(lastDay), lastDay };
};

/** @returns when people are reminded of a deadline day: on a working day strictly before it. */
export const reminderAt = (
  deadlineDay: CivilDate,
  { reminder }: { readonly reminder: Reminder },
): Reckoned & { readonly at: Instant } => {
  const { date, missingYears } = workingDayFrom(addDays(deadlineDay, -1), -1, reminder.workingDaysBefore);
  const at = PlainDates.toZonedDateTime(plainDate(date), {
    timeZone: zone,
    plainTime: PlainTimes.fromString(reminder.localTime),
  });
  return { at: instantFromMillis(at.epochMilliseconds), missingYears };
};

/**
 * @returns 24:00 of the n-th working or calendar day after the day of `from`, which is not counted itself.
 * Calendar days are not moved off days of rest.
 */
export const dueAfter = (from: Instant, { amount, unit }: Span): Reckoned & { readonly dueAt: Instant } => {
  const day = civilDateOf(from);
  if (unit === 'calendar-days') return { dueAt: endOfDay(addDays(day, amount)), missingYears: [] };
  const { date, missingYears } = workingDayFrom(addDays(day, 1), 1, amount);
  return { dueAt: endOfDay(date), missingYears };
};
