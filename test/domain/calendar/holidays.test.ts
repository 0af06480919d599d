import { describe, expect, test } from 'vitest';
import { holidayTables, noticeSays, yearsMissingFor } from '../../../shared/domain/calendar/holidays.ts';
import type { CivilDate } from '../../../shared/domain/calendar/instant.ts';
import { isWorkingDay } from '../../../shared/domain/calendar/legal-time.ts';
import { civilDateSchema } from '../../../shared/domain/calendar/schemas.ts';
import { dayNumberOf, textOf, working } from './shanghai-oracle.ts';

const date = (text: string): CivilDate => civilDateSchema.parse(text);
const numberOf = (text: string): number => {
  const [year = 0, month = 0, day = 0] = text.split('-').map(Number);
  return dayNumberOf({ year, month, day });
};
/** 0 is Sunday. */
const weekday = (text: string): number => (numberOf(text) + 4) % 7;

describe('the holiday tables', () => {
  test('run from 2021 to 2026 without a gap', () => {
    expect(holidayTables.map((table) => table.year)).toEqual([2021, 2022, 2023, 2024, 2025, 2026]);
  });

  test.each([
    { year: 2021, notice: '国办发明电〔2020〕27号', daysOff: 31, worked: 7 },
    { year: 2022, notice: '国办发明电〔2021〕11号', daysOff: 31, worked: 7 },
    { year: 2023, notice: '国办发明电〔2022〕16号', daysOff: 27, worked: 7 },
    { year: 2024, notice: '国办发明电〔2023〕7号', daysOff: 28, worked: 8 },
    { year: 2025, notice: '国办发明电〔2024〕12号', daysOff: 28, worked: 5 },
    { year: 2026, notice: '国办发明电〔2025〕7号', daysOff: 33, worked: 6 },
  ])('$year has as many days off and make-up days as $notice names', ({ year, notice, daysOff, worked }) => {
    const table = holidayTables.find((candidate) => candidate.year === year);
    const runs = table?.runs ?? [];
    expect(table?.notice).toBe(notice);
    expect(runs.reduce((days, run) => days + numberOf(run.to) - numberOf(run.from) + 1, 0)).toBe(daysOff);
    expect(runs.flatMap((run) => run.makeUpDays)).toHaveLength(worked);
  });

  test.each(holidayTables)('$notice was issued before its year and names the seven festivals', (table) => {
    expect(civilDateSchema.parse(table.issuedOn).slice(0, 4)).toBe(String(table.year - 1));
    expect(
      table.runs
        .flatMap((run) => run.name.split('、'))
        .sort()
        .join(),
    ).toBe(['元旦', '春节', '清明节', '劳动节', '端午节', '中秋节', '国庆节'].sort().join());
  });

  test.each(holidayTables.flatMap((table) => table.runs.map((run) => ({ year: table.year, ...run }))))(
    '$year $name: whole days in order, and only weekend days are worked for it',
    ({ year, from, to, makeUpDays }) => {
      for (const text of [from, to, ...makeUpDays]) expect(civilDateSchema.parse(text)).toBe(text);
      expect(numberOf(from)).toBeLessThanOrEqual(numberOf(to));
      expect(to.slice(0, 4)).toBe(String(year));
      for (const worked of makeUpDays) {
        expect([0, 6]).toContain(weekday(worked));
        expect(noticeSays(date(worked))).toBe('worked');
        // A make-up day stands near its run, never inside one.
        expect(
          Math.min(Math.abs(numberOf(worked) - numberOf(from)), Math.abs(numberOf(worked) - numberOf(to))),
        ).toBeLessThan(15);
      }
    },
  );

  test('give the statutory days of every year as days off', () => {
    for (const { year } of holidayTables)
      for (const day of ['01-01', '05-01', '10-01', '10-02', '10-03'])
        expect(noticeSays(date(`${year}-${day}`)), `${year}-${day}`).toBe('off');
    // New Year's Eve became statutory with 2025; in 2024 it was only recommended.
    expect(isWorkingDay(date('2024-02-09')).working).toBe(true);
    expect(isWorkingDay(date('2025-01-28')).working).toBe(false);
  });

  test('agree with a list kept elsewhere, on every day of the six years', () => {
    const differing: string[] = [];
    let days = 0;
    for (let day = numberOf('2021-01-01'); day <= numberOf('2026-12-31'); day += 1) {
      days += 1;
      if (isWorkingDay(date(textOf(day))).working !== working(day)) differing.push(textOf(day));
    }
    expect(days).toBe(2191);
    expect(differing).toEqual([]);
  });

  test('say nothing of days that no notice names', () => {
    expect(noticeSays(date('2022-10-10'))).toBeUndefined();
    expect(noticeSays(date('2022-10-15'))).toBeUndefined();
    expect(noticeSays(date('2027-10-01'))).toBeUndefined();
  });
});

describe('a year without a table', () => {
  test('has weekends only, and says so', () => {
    expect(isWorkingDay(date('2027-10-01'))).toEqual({ working: true, tableMissing: true });
    expect(isWorkingDay(date('2027-10-02'))).toEqual({ working: false, tableMissing: true });
    expect(isWorkingDay(date('2020-10-01'))).toEqual({ working: true, tableMissing: true });
    expect(isWorkingDay(date('2026-10-01'))).toEqual({ working: false, tableMissing: false });
  });

  test("also bears on the year before it from 29 December on, where New Year's run can begin", () => {
    expect(yearsMissingFor(date('2026-12-28'))).toEqual([]);
    expect(yearsMissingFor(date('2026-12-29'))).toEqual([2027]);
    expect(yearsMissingFor(date('2026-12-31'))).toEqual([2027]);
    expect(yearsMissingFor(date('2025-12-31'))).toEqual([]);
    expect(yearsMissingFor(date('2020-12-31'))).toEqual([2020]);
    expect(yearsMissingFor(date('2027-12-31'))).toEqual([2027, 2028]);
    expect(isWorkingDay(date('2026-12-31'))).toEqual({ working: true, tableMissing: true });
  });

  test('is covered for the day that the next notice took off it', () => {
    expect(noticeSays(date('2022-12-31'))).toBe('off');
  });
});
