import { reportedMonths } from './agenda.ts';
import type { Count, Reading } from './figures.ts';
import { factLabel, padded } from './labels.ts';
import { shanghaiDay } from './legal-day.ts';

const counted = ({ households, people }: Count): string => `${households} 户 ${people} 人`;

const row = (columns: readonly (readonly [string, number])[]): string =>
  `  ${columns.map(([cell, width]) => padded(cell, width)).join('')}`.trimEnd();

/** What happened on the way, in the order of a case's life. */
const told = [
  'release-requested',
  'request-declined',
  'release-case-opened',
  'candidate-not-eligible',
  'household-refused',
  'appraisal-not-passed',
  'notice-posted',
  'objection-filed',
  'objection-dismissed',
  'objection-upheld',
  'case-returned',
  'department-not-implemented',
  'spot-check-failed',
  'candidate-reported-again',
  'case-withdrawn',
  'case-paused',
  'unchanged-confirmed',
  'filed-with-district',
  'release-announced',
  'national-system-marked',
  'step-reminded',
  'step-escalated',
] as const;

const standings = ({ figures, towns }: Reading, nameOf: (division: string) => string): string[] => [
  row([
    ['', 20],
    ['监测 monitored', 18],
    ['解除 released', 18],
    ['剩余 remaining', 18],
  ]),
  ...[{ town: '全区 district', ...figures }, ...towns].map(({ town, monitored, released, remaining }) =>
    row([
      [nameOf(town), 20],
      [counted(monitored), 18],
      [counted(released), 18],
      [counted(remaining), 18],
    ]),
  ),
];

/** How many cases, and if there was a supplement, in how many filings. */
const filedIn = ({ figures }: Reading, town: string, month: string): string => {
  const filing = figures.filings.find((one) => one.town === town && one.month === month);
  if (filing === undefined) return '—';
  return `${filing.cases.length}${filing.numbers.length > 1 ? `/${filing.numbers.length}` : ''}`;
};

const filings = (reading: Reading, nameOf: (division: string) => string): string[] => [
  '镇级上报，每月户数 / cases filed by each town and month (3/2: in two filings, one of them a supplement)',
  row([['', 20], ...reportedMonths.map((month) => [month.slice(5), 6] as const)]),
  ...reading.towns.map(({ town }) =>
    row([[nameOf(town), 20], ...reportedMonths.map((month) => [filedIn(reading, town, month), 6] as const)]),
  ),
];

const cityReports = ({ figures }: Reading): string[] => [
  '市级备案 / reports to the city',
  ...figures.cityReports.map((report) =>
    row([
      [report.month, 20],
      [report.households === 0 ? '零报告 nil' : counted(report), 18],
      [report.signedAt === null ? '未签发 unsigned' : `签发 signed ${shanghaiDay(report.signedAt)}`, 18],
    ]),
  ),
];

const onTheWay = ({ figures, happened }: Reading): string[] => [
  '过程 / what happened on the way',
  ...told
    .filter((type) => happened[type] !== undefined)
    .map((type) => `  ${factLabel(type)}${happened[type]}`),
  `  ${padded('其中镇级退回', 18)}${'returned by towns'.padEnd(28)}${figures.returns}`,
];

/**
 * @param nameOf what people call a division.
 * @returns the year as people read it, Chinese first.
 */
export const reportOn = (reading: Reading, nameOf: (division: string) => string): string => {
  const { figures, inconsistent } = reading;
  const { asOf, ledger } = figures;
  return [
    `截至 ${asOf} 24:00 / as of ${asOf} 24:00`,
    ...standings(reading, nameOf),
    '',
    ...filings(reading, nameOf),
    '',
    ...cityReports(reading),
    '',
    ...onTheWay(reading),
    '',
    `台账核验 / ledger: ${ledger.events} 条 events, ${ledger.verified ? '全部核验通过 / all verified' : '核验未通过 / NOT verified'}`,
    ...inconsistent.map((line) => `✗ ${line}`),
  ].join('\n');
};
