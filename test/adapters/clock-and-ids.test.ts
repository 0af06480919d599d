import { describe, expect, test } from 'vitest';
import { systemClock as awsClock } from '../../shared/adapters/aws/system-clock.ts';
import { ulidIds as awsIds } from '../../shared/adapters/aws/ulid-ids.ts';
import { systemClock as embeddedClock } from '../../shared/adapters/embedded/system-clock.ts';
import { ulidIds as embeddedIds } from '../../shared/adapters/embedded/ulid-ids.ts';
import { millisOf } from '../../shared/domain/calendar/instant.ts';

describe.each([
  ['AWS', awsClock, awsIds],
  ['one machine', embeddedClock, embeddedIds],
] as const)('on %s', (_, clock, ids) => {
  test('now lies between before and after', () => {
    const before = Date.now();
    const now = millisOf(clock.now());
    expect(now).toBeGreaterThanOrEqual(before);
    expect(now).toBeLessThanOrEqual(Date.now());
  });

  test('ids are ULIDs, each its own, in the order in which they were made', () => {
    const made = Array.from({ length: 2000 }, () => ids.newId());
    expect(made.every((id) => /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/.test(id))).toBe(true);
    expect(new Set(made).size).toBe(made.length);
    expect(made).toEqual(made.toSorted());
  });

  test('seeds are 32 bytes, each its own', () => {
    const seeds = Array.from({ length: 100 }, () => ids.newSeed());
    expect(seeds.every((seed) => /^[0-9a-f]{64}$/.test(seed))).toBe(true);
    expect(new Set(seeds).size).toBe(seeds.length);
  });
});
