/**
 * A moment in UTC, written `YYYY-MM-DDTHH:mm:ss.sssZ` (always milliseconds, always Z), so that
 * comparing two as text compares them in time.
 */
export type Instant = string & { readonly __brand: 'Instant' };

/** A civil date in Asia/Shanghai, `YYYY-MM-DD`. */
export type CivilDate = string & { readonly __brand: 'CivilDate' };

/** A civil month in Asia/Shanghai, `YYYY-MM`. */
export type YearMonth = string & { readonly __brand: 'YearMonth' };

const instantPattern = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;

/** @returns the instant `epochMilliseconds` after 1970-01-01T00:00:00Z. */
export const instantFromMillis = (epochMilliseconds: number): Instant =>
  new Date(epochMilliseconds).toISOString() as Instant;

/** @returns milliseconds since 1970-01-01T00:00:00Z. */
export const millisOf = (instant: Instant): number => Date.parse(instant);

/** @returns the instant that `text` writes in any ISO 8601 form with an offset; `undefined` if it writes none. */
export const parseInstant = (text: string): Instant | undefined => {
  if (instantPattern.test(text)) return Number.isNaN(Date.parse(text)) ? undefined : (text as Instant);
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})$/.test(text)) return undefined;
  const millis = Date.parse(text);
  return Number.isNaN(millis) ? undefined : instantFromMillis(millis);
};
