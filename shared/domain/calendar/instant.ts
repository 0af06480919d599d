/**
 * A moment in UTC, written `YYYY-MM-DDTHH:mm:ss.sssZ` (always milliseconds, always Z), so that
 * comparing two as text compares them in time.
 */
export type Instant = string & { readonly __brand: 'Instant' };

/** A civil date in Asia/Shanghai, `YYYY-MM-DD`. */
export type CivilDate = string & { readonly __brand: 'CivilDate' };

/** A civil month in Asia/Shanghai, `YYYY-MM`. */
export type YearMonth = string & { readonly __brand: 'YearMonth' };

const writtenInstant = /^\d{4}-\d{2}-\d{2}T([01]\d|2[0-3]):\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})$/;

/**
 * @returns the instant `epochMilliseconds` after 1970-01-01T00:00:00Z.
 * @throws RangeError outside the years 0000 to 9999, whose text would not compare in time.
 */
export const instantFromMillis = (epochMilliseconds: number): Instant => {
  const text = new Date(epochMilliseconds).toISOString();
  if (text.length !== 24) throw new RangeError(`${text} lies outside the years 0000 to 9999`);
  return text as Instant;
};

/** @returns milliseconds since 1970-01-01T00:00:00Z. */
export const millisOf = (instant: Instant): number => Date.parse(instant);

/** `Date.parse` takes 30 February for 2 March. */
const dayExists = (date: string): boolean => {
  const millis = Date.parse(`${date}T00:00:00.000Z`);
  return !Number.isNaN(millis) && new Date(millis).toISOString().startsWith(date);
};

/** @returns the instant that `text` writes in any ISO 8601 form with an offset; `undefined` if it writes none. */
export const parseInstant = (text: string): Instant | undefined => {
  if (!writtenInstant.test(text) || !dayExists(text.slice(0, 10))) return undefined;
  const millis = Date.parse(text);
  // An offset can carry the first and the last hours of the range out of it.
  const reachable =
    millis >= Date.parse('0000-01-01T00:00:00.000Z') && millis <= Date.parse('9999-12-31T23:59:59.999Z');
  return reachable ? instantFromMillis(millis) : undefined;
};
