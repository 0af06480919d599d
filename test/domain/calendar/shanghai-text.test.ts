import { expect, test } from 'vitest';
import { parseInstant } from '../../../shared/domain/calendar/instant.ts';
import { shanghaiText } from '../../../shared/domain/calendar/shanghai-text.ts';

test.each([
  ['2022-10-08T16:00:00.000Z', '2022-10-09T00:00:00.000+08:00'],
  ['2022-12-31T15:59:59.999Z', '2022-12-31T23:59:59.999+08:00'],
])('%s is %s in Shanghai', (utc, shanghai) => {
  const instant = parseInstant(utc);
  if (instant === undefined) throw new Error('not an instant');
  expect(shanghaiText(instant)).toBe(shanghai);
  expect(parseInstant(shanghaiText(instant))).toBe(instant);
});
