import { fromEpochMilliseconds, toString as textOf } from 'temporal-polyfill/fns/Instant';
import { type Instant, millisOf } from './instant.ts';

/** @returns the instant as a clock in Shanghai shows it, with its offset: `2022-10-09T00:00:00.000+08:00`. */
export const shanghaiText = (instant: Instant): string =>
  textOf(fromEpochMilliseconds(millisOf(instant)), {
    timeZone: 'Asia/Shanghai',
    fractionalSecondDigits: 3,
  });
