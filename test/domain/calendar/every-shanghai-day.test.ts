import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';

const run = promisify(execFile);
const sweep = fileURLToPath(new URL('./sweep-every-day.ts', import.meta.url));

/** Each zone gets a process that was born in it: an assignment to `process.env.TZ` does not reach every worker. */
describe('legal time on every Shanghai day of 2021–2027, at its first, middle and last moment', () => {
  test.concurrent.each([
    { zone: 'UTC', minutesBehindUtc: [0, 0] },
    { zone: 'Asia/Shanghai', minutesBehindUtc: [-480, -480] },
    { zone: 'America/Los_Angeles', minutesBehindUtc: [480, 420] },
  ])('does not care that the process runs in $zone', async ({ zone, minutesBehindUtc }) => {
    const { stdout } = await run(process.execPath, [sweep], {
      env: { PATH: process.env['PATH'], TZ: zone },
      timeout: 25_000,
    });
    const days = 2556;
    expect(JSON.parse(stdout)).toEqual({
      zone,
      minutesBehindUtc,
      days,
      compared: days * (4 + 3 * 6),
      mismatches: [],
    });
  });
});
