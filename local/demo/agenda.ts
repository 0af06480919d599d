import { daysBetween } from '../seed/working-days.ts';
import { shanghai } from './legal-day.ts';

/** A moment at which people look what there is to do. */
export type Stop = {
  readonly day: string;
  readonly at: string;
  /** On a rest day only the bureau's duty officer is there, for the report that is due on the 5th. */
  readonly working: boolean;
  /** The village updates the income records of the month before. */
  readonly updatesIncome: boolean;
};

/** The district is imported on the last working day before the year, so that January opens with its towns in place. */
export const importDay = '2021-12-31';
export const importAt = shanghai(importDay, '09:00');

/** The year ends when October's report to the city has run out of days, and the cases have found their names in it. */
export const endsAt = shanghai('2022-11-06', '09:00');

/** Figures are as of the end of this day. */
export const asOf = '2022-10-31';
export const reportedMonths = [
  '2022-01',
  '2022-02',
  '2022-03',
  '2022-04',
  '2022-05',
  '2022-06',
  '2022-07',
  '2022-08',
  '2022-09',
  '2022-10',
] as const;

/** @returns the minute of the day at which the n-th level, counted from 0, looks into its inboxes. */
export const levelAt = ({ at }: Pick<Stop, 'at'>, level: number): string =>
  new Date(Date.parse(at) + (level + 1) * 60_000).toISOString();

/** @returns every working day of the year's work, and the 5th of each month whatever day it is. */
export const stops = (): readonly Stop[] => {
  const updated = new Set<string>();
  return daysBetween('2022-01-01', '2022-11-05')
    .filter(({ day, working }) => working || day.endsWith('-05'))
    .map(({ day, working }) => {
      const month = day.slice(0, 7);
      const updatesIncome = working && !updated.has(month);
      if (updatesIncome) updated.add(month);
      return { day, at: shanghai(day, '10:00'), working, updatesIncome };
    });
};
