import { Temporal } from 'temporal-polyfill';
import { type Instant, millisOf } from './instant.ts';

/** @returns the instant as a clock in Shanghai shows it, with its offset: `2022-10-09T00:00:00.000+08:00`. */
export const shanghaiText = (instant: Instant): string =>
  Temporal.Instant.fromEpochMilliseconds(millisOf(instant)).toString({
    timeZone: 'Asia/Shanghai',
    fractionalSecondDigits: 3,
  });
