import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { instantFromMillis, millisOf, parseInstant } from '../../../shared/domain/calendar/instant.ts';
import { civilDateSchema, instantSchema, yearMonthSchema } from '../../../shared/domain/calendar/schemas.ts';

const earliest = Date.parse('0000-01-01T00:00:00.000Z');
const latest = Date.parse('9999-12-31T23:59:59.999Z');

describe('an instant', () => {
  test('is written in one form, whatever form it came in', () => {
    for (const text of [
      '2022-10-08T16:00:00.000Z',
      '2022-10-08T16:00:00Z',
      '2022-10-08T16:00Z',
      '2022-10-09T00:00:00+08:00',
      '2022-10-09T00:00:00.000999999+08:00',
      '2022-10-08T10:30-05:30',
    ])
      expect(parseInstant(text), text).toBe('2022-10-08T16:00:00.000Z');
  });

  test('that no clock ever shows is none', () => {
    for (const text of [
      '',
      '2022-10-08',
      '2022-10-08T16:00:00.000',
      ' 2022-10-08T16:00:00.000Z',
      '2022-10-08T16:00:00.000Z ',
      '2022-02-29T00:00:00.000Z',
      '2022-04-31T10:00:00+08:00',
      '2022-00-10T10:00:00Z',
      '2022-13-10T10:00:00Z',
      '2022-10-08T24:00:00.000Z',
      '2022-10-08T10:60:00Z',
      '2022-10-08T10:00:60Z',
      '2022-10-08T10:00:00+99:00',
      '+012022-10-08T10:00:00Z',
      '0000-01-01T00:00+08:00',
      '9999-12-31T23:59-01:00',
    ])
      expect(parseInstant(text), text).toBeUndefined();
    expect(parseInstant('2024-02-29T00:00:00Z')).toBe('2024-02-29T00:00:00.000Z');
    expect(parseInstant('0000-01-01T00:00Z')).toBe('0000-01-01T00:00:00.000Z');
    expect(parseInstant('9999-12-31T23:59:59.999Z')).toBe('9999-12-31T23:59:59.999Z');
  });

  test('compares as text as it does in time, and comes back from text unchanged', () => {
    const millis = fc.integer({ min: earliest, max: latest });
    fc.assert(
      fc.property(millis, millis, (a, b) => {
        const [first, second] = [instantFromMillis(a), instantFromMillis(b)];
        expect(Math.sign(a - b)).toBe(first < second ? -1 : first > second ? 1 : 0);
        expect(millisOf(first)).toBe(a);
        expect(parseInstant(first)).toBe(first);
        expect(instantSchema.parse(first)).toBe(first);
      }),
    );
  });

  test('does not reach into years whose text would not compare', () => {
    expect(instantFromMillis(earliest)).toBe('0000-01-01T00:00:00.000Z');
    expect(instantFromMillis(latest)).toBe('9999-12-31T23:59:59.999Z');
    expect(() => instantFromMillis(earliest - 1)).toThrow(RangeError);
    expect(() => instantFromMillis(latest + 1)).toThrow(RangeError);
    expect(() => instantFromMillis(Number.NaN)).toThrow(RangeError);
  });
});

describe('what is stored', () => {
  test('holds only instants in the one form', () => {
    for (const value of [
      '2022-10-08T16:00:00Z',
      '2022-10-08T16:00:00.0000Z',
      '2022-10-09T00:00:00.000+08:00',
      '2022-10-08T24:00:00.000Z',
      '2022-02-29T00:00:00.000Z',
      1665244800000,
    ])
      expect(instantSchema.safeParse(value).success, String(value)).toBe(false);
  });

  test('holds only days that exist', () => {
    expect(civilDateSchema.parse('2024-02-29')).toBe('2024-02-29');
    for (const value of [
      '2022-02-29',
      '2022-04-31',
      '2022-10-00',
      '2022-1-1',
      '2022-10-08T00:00',
      '22-10-08',
      20221008,
    ])
      expect(civilDateSchema.safeParse(value).success, String(value)).toBe(false);
  });

  test('holds only months that exist', () => {
    expect(yearMonthSchema.parse('2022-10')).toBe('2022-10');
    expect(yearMonthSchema.parse('2022-09')).toBe('2022-09');
    for (const value of ['2022-00', '2022-13', '2022-1', '2022-10-01', ' 2022-10', '2022-10\n', 202210])
      expect(yearMonthSchema.safeParse(value).success, String(value)).toBe(false);
  });
});
