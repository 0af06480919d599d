import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { CaseNumber } from '../../shared/domain/release/identifiers.ts';
import { streamKey } from '../../shared/ledger/stream.ts';
import { listDeadLetters } from '../../shared/use-cases/operations/list-dead-letters.ts';
import { retryDeadLetter } from '../../shared/use-cases/operations/retry-dead-letter.ts';
import { carryDeadLetters } from '../../shared/use-cases/workflow/carry-dead-letter.ts';
import { setChangeAside } from '../../shared/use-cases/workflow/set-change-aside.ts';
import { bureau, district, person, villager } from '../support/release-people.ts';
import { codeOf, createVillageWorld, secretsOf, taken, type VillageWorld } from '../support/village-world.ts';

const operator = person('operator', { role: 'operator', division: district });
let world: VillageWorld;
let caseNumber: CaseNumber;

beforeEach(async () => {
  world = await createVillageWorld({ households: 1 });
  caseNumber = await world.open(1);
});
afterEach(() => world.close());

const item = 'EVENT#000002#release-round-started';
const fails = (position = '7', error: unknown = new TypeError(secretsOf(1).head)) =>
  setChangeAside(world, { pk: streamKey(caseNumber), sk: item, position, error });
const listed = async () => taken(await listDeadLetters(world, operator, { limit: 10 })).deadLetters;

/** Fails as often as it takes. */
const setAside = async (position?: string): Promise<string> => {
  for (let tries = 1; tries < 5; tries += 1) expect(await fails(position)).toBeUndefined();
  const deadLetterId = await fails(position);
  if (deadLetterId === undefined) throw new Error('it is tried for ever');
  return deadLetterId;
};

/** A machine that starts nothing. */
const broken = (): VillageWorld => ({
  ...world,
  signals: {
    ...world.signals,
    start: async () => {
      throw new RangeError(secretsOf(1).head);
    },
  },
});
const retry = (deps: VillageWorld, deadLetterId: string, key = world.key()) =>
  retryDeadLetter(deps, operator, { deadLetterId }, key, () => undefined);

describe('a change that does not go through', () => {
  test('is a dead letter after its tries, named by its key and by what was thrown', async () => {
    world.passTo('2022-09-20 09:00');
    await fails();
    world.passTo('2022-09-20 09:03');
    for (let tries = 2; tries <= 4; tries += 1) await fails();
    expect(await listed()).toEqual([]);
    const deadLetterId = await fails();
    expect(await listed()).toEqual([
      {
        deadLetterId,
        streamId: caseNumber,
        item,
        tries: 5,
        failedSince: '2022-09-20T01:00:00.000Z',
        setAsideAt: '2022-09-20T01:03:00.000Z',
        error: 'TypeError',
      },
    ]);
    const kept = JSON.stringify(world.db.prepare('SELECT pk, sk, body FROM items').all());
    expect(kept).not.toContain(secretsOf(1).head);
  });

  test('delivered again because the process died before the feed heard of it, it is no second one', async () => {
    const deadLetterId = await setAside();
    expect(await fails()).toBe(deadLetterId);
    expect(await listed()).toHaveLength(1);
  });

  test('counts by itself: a later change of the same item, or another one, begins anew', async () => {
    for (let tries = 1; tries < 5; tries += 1) await fails('7');
    expect(await fails('8')).toBeUndefined();
    expect(await fails('7')).toBeDefined();
  });

  test('two readers of the feed count at once and lose nothing', async () => {
    const counted = await Promise.all(
      Array.from({ length: 10 }, (_, index) => fails(index % 2 === 0 ? '7' : '8')),
    );
    expect(counted.filter((deadLetterId) => deadLetterId !== undefined)).toHaveLength(2);
    expect(await listed()).toHaveLength(2);
  });

  test('the counters do not grow with the years', async () => {
    for (let position = 0; position < 120; position += 1) await fails(String(position));
    const kept = world.db.prepare("SELECT body FROM items WHERE pk LIKE 'RELAY#%'").all() as {
      body: string;
    }[];
    expect(kept).toHaveLength(1);
    expect(JSON.parse(kept[0]?.body ?? '')).toMatchObject({ changes: { length: 50 } });
  });
});

describe('a retry by hand', () => {
  test('carries the change, and the letter is gone; sent twice it answers the same', async () => {
    const deadLetterId = await setAside();
    const key = world.key('once');
    const retried = { value: { deadLetterId, streamId: caseNumber } };
    expect(await retry(world, deadLetterId, key)).toEqual(retried);
    expect(world.signals.running()).toEqual([`${caseNumber}-r1-a1`]);
    expect(await listed()).toEqual([]);
    expect(await retry(world, deadLetterId, key)).toEqual(retried);
    expect(codeOf(await retry(world, deadLetterId))).toBe('not-found');
  });

  test('that fails says so by the name of what was thrown, and the letter stays', async () => {
    const deadLetterId = await setAside();
    const before = await listed();
    expect(await retry(broken(), deadLetterId)).toEqual({
      refusal: { code: 'change-not-carried', because: ['RangeError'] },
    });
    expect(await listed()).toEqual(before);
    expect(codeOf(await retry(world, deadLetterId))).toBeUndefined();
  });

  test('two at once carry it once', async () => {
    const deadLetterId = await setAside();
    const codes = (await Promise.all([retry(world, deadLetterId), retry(world, deadLetterId)])).map(codeOf);
    expect(codes.toSorted()).toEqual(['not-found', undefined]);
    expect(world.signals.running()).toEqual([`${caseNumber}-r1-a1`]);
  });

  test('is for operators alone, as is the list', async () => {
    const deadLetterId = await setAside();
    for (const [actor, code] of [
      [bureau, 'role-not-permitted'],
      [villager, 'not-found'],
    ] as const) {
      expect(codeOf(await listDeadLetters(world, actor, { limit: 10 }))).toBe(code);
      expect(
        codeOf(await retryDeadLetter(world, actor, { deadLetterId }, world.key(), () => undefined)),
      ).toBe(code);
    }
  });
});

test('the daily reconciliation tries every letter again', async () => {
  await setAside('7');
  await setAside('8');
  expect(await carryDeadLetters(broken())).toEqual({ carried: 0, left: 2 });
  expect(await carryDeadLetters(world)).toEqual({ carried: 2, left: 0 });
  expect(await listed()).toEqual([]);
});

test('letters are listed the oldest first, page by page', async () => {
  const ids = [await setAside('7'), await setAside('8'), await setAside('9')];
  const first = taken(await listDeadLetters(world, operator, { limit: 2 }));
  const second = taken(await listDeadLetters(world, operator, { limit: 2, after: first.next ?? '' }));
  expect([...first.deadLetters, ...second.deadLetters].map(({ deadLetterId }) => deadLetterId)).toEqual(ids);
  expect(second.next).toBeUndefined();
});
