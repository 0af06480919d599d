import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');

/** UTF-8 that was read as Latin-1 and written as UTF-8 again: `，` becomes three characters that nobody typed. */
const encodedTwice = /[\u00c2-\u00f4][\u0080-\u00bf]{1,3}/u;

test('no text in the repository was encoded twice', () => {
  const rooms = '{docs,functions,infra,local,shared,test,workflows}/**/*.{ts,json,md,py,c}';
  const texts = [...globSync(rooms, { cwd: root }), ...globSync('*.{md,json}', { cwd: root })];
  expect(texts.length).toBeGreaterThan(300);
  const damaged = texts.filter((file) => encodedTwice.test(readFileSync(join(root, file), 'utf8')));
  expect(damaged).toEqual([]);
});
