import type { CivilDate } from './instant.ts';

/** One numbered paragraph of a notice: a run of days off, and the weekend days worked for it 调休上班. */
type HolidayRun = {
  readonly name: string;
  /** First and last day off; weekend days between them are named by the notice too. */
  readonly from: string;
  readonly to: string;
  readonly makeUpDays: readonly string[];
};

/** The State Council's notice on the holidays of one year 国务院办公厅关于部分节假日安排的通知. */
type HolidayTable = {
  readonly year: number;
  readonly notice: string;
  readonly issuedOn: string;
  readonly runs: readonly HolidayRun[];
};

const run = (name: string, from: string, to: string, ...makeUpDays: string[]): HolidayRun => ({
  name,
  from,
  to,
  makeUpDays,
});

/** Written down paragraph by paragraph from the notices' text. */
export const holidayTables: readonly HolidayTable[] = [
  {
    year: 2021,
    notice: '国办发明电〔2020〕27号',
    issuedOn: '2020-11-25',
    runs: [
      run('元旦', '2021-01-01', '2021-01-03'),
      run('春节', '2021-02-11', '2021-02-17', '2021-02-07', '2021-02-20'),
      run('清明节', '2021-04-03', '2021-04-05'),
      run('劳动节', '2021-05-01', '2021-05-05', '2021-04-25', '2021-05-08'),
      run('端午节', '2021-06-12', '2021-06-14'),
      run('中秋节', '2021-09-19', '2021-09-21', '2021-09-18'),
      run('国庆节', '2021-10-01', '2021-10-07', '2021-09-26', '2021-10-09'),
    ],
  },
  {
    year: 2022,
    notice: '国办发明电〔2021〕11号',
    issuedOn: '2021-10-25',
    runs: [
      run('元旦', '2022-01-01', '2022-01-03'),
      run('春节', '2022-01-31', '2022-02-06', '2022-01-29', '2022-01-30'),
      run('清明节', '2022-04-03', '2022-04-05', '2022-04-02'),
      run('劳动节', '2022-04-30', '2022-05-04', '2022-04-24', '2022-05-07'),
      run('端午节', '2022-06-03', '2022-06-05'),
      run('中秋节', '2022-09-10', '2022-09-12'),
      run('国庆节', '2022-10-01', '2022-10-07', '2022-10-08', '2022-10-09'),
    ],
  },
  {
    year: 2023,
    notice: '国办发明电〔2022〕16号',
    issuedOn: '2022-12-08',
    runs: [
      run('元旦', '2022-12-31', '2023-01-02'),
      run('春节', '2023-01-21', '2023-01-27', '2023-01-28', '2023-01-29'),
      run('清明节', '2023-04-05', '2023-04-05'),
      run('劳动节', '2023-04-29', '2023-05-03', '2023-04-23', '2023-05-06'),
      run('端午节', '2023-06-22', '2023-06-24', '2023-06-25'),
      run('中秋节、国庆节', '2023-09-29', '2023-10-06', '2023-10-07', '2023-10-08'),
    ],
  },
  {
    year: 2024,
    notice: '国办发明电〔2023〕7号',
    issuedOn: '2023-10-25',
    runs: [
      run('元旦', '2024-01-01', '2024-01-01'),
      // New Year's Eve, 9 February, was only recommended as a day off: it stayed a working day.
      run('春节', '2024-02-10', '2024-02-17', '2024-02-04', '2024-02-18'),
      run('清明节', '2024-04-04', '2024-04-06', '2024-04-07'),
      run('劳动节', '2024-05-01', '2024-05-05', '2024-04-28', '2024-05-11'),
      run('端午节', '2024-06-10', '2024-06-10'),
      run('中秋节', '2024-09-15', '2024-09-17', '2024-09-14'),
      run('国庆节', '2024-10-01', '2024-10-07', '2024-09-29', '2024-10-12'),
    ],
  },
  {
    // The first under the holiday regulation as revised in November 2024, which added New Year's Eve and 2 May.
    year: 2025,
    notice: '国办发明电〔2024〕12号',
    issuedOn: '2024-11-12',
    runs: [
      run('元旦', '2025-01-01', '2025-01-01'),
      run('春节', '2025-01-28', '2025-02-04', '2025-01-26', '2025-02-08'),
      run('清明节', '2025-04-04', '2025-04-06'),
      run('劳动节', '2025-05-01', '2025-05-05', '2025-04-27'),
      run('端午节', '2025-05-31', '2025-06-02'),
      run('国庆节、中秋节', '2025-10-01', '2025-10-08', '2025-09-28', '2025-10-11'),
    ],
  },
  {
    year: 2026,
    notice: '国办发明电〔2025〕7号',
    issuedOn: '2025-11-04',
    runs: [
      run('元旦', '2026-01-01', '2026-01-03', '2026-01-04'),
      run('春节', '2026-02-15', '2026-02-23', '2026-02-14', '2026-02-28'),
      run('清明节', '2026-04-04', '2026-04-06'),
      run('劳动节', '2026-05-01', '2026-05-05', '2026-05-09'),
      run('端午节', '2026-06-19', '2026-06-21'),
      run('中秋节', '2026-09-25', '2026-09-27'),
      run('国庆节', '2026-10-01', '2026-10-07', '2026-09-20', '2026-10-10'),
    ],
  },
];

const runs = holidayTables.flatMap((table) => table.runs);
const yearsCovered = new Set(holidayTables.map((table) => table.year));

/** @returns what a notice says of `date`; `undefined` where none names it, so that the weekday decides. */
export const noticeSays = (date: CivilDate): 'off' | 'worked' | undefined => {
  // Dates compare as text.
  if (runs.some(({ from, to }) => from <= date && date <= to)) return 'off';
  return runs.some(({ makeUpDays }) => makeUpDays.includes(date)) ? 'worked' : undefined;
};

/**
 * The years whose notice may name `date` and is not in the tables. That is its own year, and from
 * 29 December on also the next: New Year's runs have reached back that far (29 December 2018 was worked
 * for the notice of 2019, 31 December 2022 was off by that of 2023).
 */
export const yearsMissingFor = (date: CivilDate): readonly number[] => {
  const year = Number(date.slice(0, 4));
  const bearing = date.slice(5) >= '12-29' ? [year, year + 1] : [year];
  return bearing.filter((candidate) => !yearsCovered.has(candidate));
};
