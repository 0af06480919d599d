import * as z from 'zod';
import type { CivilDate, Instant, YearMonth } from './instant.ts';

/** A day that exists, `YYYY-MM-DD`: `2022-02-30` is refused. */
export const civilDateSchema = z.iso.date().transform((text) => text as CivilDate);

/** A month that exists, `YYYY-MM`. */
export const yearMonthSchema = z
  .string()
  .regex(/^\d{4}-(0[1-9]|1[0-2])$/, 'not a month YYYY-MM')
  .transform((text) => text as YearMonth);

/**
 * A moment in the one form that is stored, `YYYY-MM-DDTHH:mm:ss.sssZ`: other forms are refused, since
 * stored instants are compared as text.
 */
export const instantSchema = z.iso.datetime({ precision: 3 }).transform((text) => text as Instant);
