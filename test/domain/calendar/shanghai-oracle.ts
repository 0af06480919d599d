/**
 * Legal time once more, in another way: no library, no time zone data, no tables of runs. Days are integers
 * since 1970-01-01, Shanghai is eight hours ahead (it has been, without a break, since 1991), and the days on
 * which a notice overrides the weekday are listed one by one, as two published packages (chinesecalendar
 * 1.11.0 and holidays 0.109, which agree) give them.
 */
const dayMillis = 86_400_000;
const shanghaiOffset = 8 * 3_600_000;

type Overrides = { readonly weekdaysOff: string; readonly weekendsWorked: string };

const overrides: Readonly<Record<number, Overrides>> = {
  2021: {
    weekdaysOff: '0101 0211 0212 0215 0216 0217 0405 0503 0504 0505 0614 0920 0921 1001 1004 1005 1006 1007',
    weekendsWorked: '0207 0220 0425 0508 0918 0926 1009',
  },
  2022: {
    weekdaysOff: '0103 0131 0201 0202 0203 0204 0404 0405 0502 0503 0504 0603 0912 1003 1004 1005 1006 1007',
    weekendsWorked: '0129 0130 0402 0424 0507 1008 1009',
  },
  2023: {
    weekdaysOff: '0102 0123 0124 0125 0126 0127 0405 0501 0502 0503 0622 0623 0929 1002 1003 1004 1005 1006',
    weekendsWorked: '0128 0129 0423 0506 0625 1007 1008',
  },
  2024: {
    weekdaysOff:
      '0101 0212 0213 0214 0215 0216 0404 0405 0501 0502 0503 0610 0916 0917 1001 1002 1003 1004 1007',
    weekendsWorked: '0204 0218 0407 0428 0511 0914 0929 1012',
  },
  2025: {
    weekdaysOff: '0101 0128 0129 0130 0131 0203 0204 0404 0501 0502 0505 0602 1001 1002 1003 1006 1007 1008',
    weekendsWorked: '0126 0208 0427 0928 1011',
  },
  2026: {
    weekdaysOff:
      '0101 0102 0216 0217 0218 0219 0220 0223 0406 0501 0504 0505 0619 0925 1001 1002 1005 1006 1007',
    weekendsWorked: '0104 0214 0228 0509 0920 1010',
  },
};

const isLeap = (year: number): boolean => year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
const daysIn = (year: number, month: number): number =>
  month === 2 ? (isLeap(year) ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31;

type Civil = { readonly year: number; readonly month: number; readonly day: number };

/** Counts through the years and the months, one by one. */
const civilOf = (dayNumber: number): Civil => {
  let [year, month, rest] = [1970, 1, dayNumber];
  while (rest >= (isLeap(year) ? 366 : 365)) {
    rest -= isLeap(year) ? 366 : 365;
    year += 1;
  }
  while (rest >= daysIn(year, month)) {
    rest -= daysIn(year, month);
    month += 1;
  }
  return { year, month, day: rest + 1 };
};

export const dayNumberOf = ({ year, month, day }: Civil): number => {
  let days = day - 1;
  for (let earlier = 1970; earlier < year; earlier += 1) days += isLeap(earlier) ? 366 : 365;
  for (let earlier = 1; earlier < month; earlier += 1) days += daysIn(year, earlier);
  return days;
};

const two = (value: number): string => String(value).padStart(2, '0');
export const textOf = (dayNumber: number): string => {
  const { year, month, day } = civilOf(dayNumber);
  return `${year}-${two(month)}-${two(day)}`;
};

/** Milliseconds of 00:00 in Shanghai. */
export const midnightOf = (dayNumber: number): number => dayNumber * dayMillis - shanghaiOffset;

export const working = (dayNumber: number): boolean => {
  const { year, month, day } = civilOf(dayNumber);
  const weekend = [0, 6].includes((dayNumber + 4) % 7);
  const named = overrides[year];
  const date = two(month) + two(day);
  return weekend
    ? (named?.weekendsWorked.split(' ').includes(date) ?? false)
    : !(named?.weekdaysOff.split(' ').includes(date) ?? false);
};

/** The years outside 2021–2026 that bear on the days from `first` to `last`; New Year's run bears on 29–31 December. */
export const missing = (first: number, last: number): number[] => {
  const years = new Set<number>();
  for (let day = first; day <= last; day += 1) {
    years.add(civilOf(day).year);
    years.add(civilOf(day + 3).year);
  }
  return [...years].filter((year) => overrides[year] === undefined).sort();
};

export const noticeEnd = (postedOn: number): { nominal: number; last: number; missingYears: number[] } => {
  const nominal = postedOn + 5;
  let last = nominal;
  while (!working(last)) last += 1;
  return { nominal, last, missingYears: missing(nominal, last) };
};

export const workingDayAfter = (day: number, amount: number): { last: number; missingYears: number[] } => {
  let last = day;
  for (let left = amount; left > 0; ) {
    last += 1;
    if (working(last)) left -= 1;
  }
  return { last, missingYears: missing(day + 1, last) };
};

export const workingDayBefore = (day: number): { last: number; missingYears: number[] } => {
  let last = day - 1;
  while (!working(last)) last -= 1;
  return { last, missingYears: missing(last, day - 1) };
};

const monthText = (year: number, month: number): string =>
  month > 12 ? `${year + 1}-${two(month - 12)}` : `${year}-${two(month)}`;

export const monthTextOf = (dayNumber: number): string => {
  const { year, month } = civilOf(dayNumber);
  return monthText(year, month);
};

export const filingMonth = (dayNumber: number): string => {
  const { year, month, day } = civilOf(dayNumber);
  return monthText(year, day <= 25 ? month : month + 1);
};

/** Milliseconds at which the report of the month that `dayNumber` lies in opens and closes. */
export const reportWindow = (dayNumber: number): [number, number] => {
  const { year, month, day } = civilOf(dayNumber);
  const first = dayNumber - day + 1 + daysIn(year, month);
  return [midnightOf(first), midnightOf(first + 5)];
};
