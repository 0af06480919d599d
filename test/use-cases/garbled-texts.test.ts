import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createFileKeyVault } from '../../shared/adapters/embedded/file-key-vault.ts';
import type { CaseNumber } from '../../shared/domain/release/identifiers.ts';
import { createPersonalData, type PersonalData } from '../../shared/ledger/personal-data.ts';
import { householdScope } from '../../shared/use-cases/registers/records.ts';
import { getReleaseCase } from '../../shared/use-cases/release/get-release-case.ts';
import { verifyLedger } from '../../shared/use-cases/verify-ledger.ts';
import { auditor, villager } from '../support/release-people.ts';
import {
  createVillageWorld,
  homeOf,
  householdOf,
  taken,
  texts,
  type VillageWorld,
} from '../support/village-world.ts';

/** While this is set, every read of a sealed item ends in it. */
let storeDown: Error | undefined;
let world: VillageWorld;
let caseNumber: CaseNumber;
beforeEach(async () => {
  storeDown = undefined;
  world = await createVillageWorld({
    around: (store) => ({
      ...store,
      get: async (key) => {
        if (storeDown !== undefined && key.sk.startsWith('SEALED#')) throw storeDown;
        return store.get(key);
      },
    }),
  });
  caseNumber = await world.open(1);
  await world.playTo(caseNumber, 'household-confirmation');
});
afterEach(() => world.close());

const scope = householdScope(householdOf(1));

/** The box of the home visit's record, as somebody with the database file leaves it. */
const garble = (box: (before: string) => string): void => {
  const item = world.db
    .prepare("SELECT sk, body FROM items WHERE pk = ? AND sk LIKE 'SEALED#text/%'")
    .get(scope) as { sk: string; body: string };
  const { box: before } = JSON.parse(item.body) as { box: string };
  world.db
    .prepare('UPDATE items SET body = ? WHERE pk = ? AND sk = ?')
    .run(JSON.stringify({ box: box(before) }), scope, item.sk);
};

const visitAs = async (actor: typeof villager, personalData: PersonalData = world.personalData) => {
  const { timeline } = taken(await getReleaseCase({ ...world, personalData }, actor, caseNumber));
  return timeline.find(({ type }) => type === 'home-visit-recorded')?.texts['record'];
};

describe('a sealed text that does not open', () => {
  test.each([
    [
      'bent in one character',
      (box: string) => box.slice(0, 40) + (box[40] === 'A' ? 'B' : 'A') + box.slice(41),
    ],
    ['cut off', (box: string) => box.slice(0, 8)],
    ['emptied', () => ''],
    ['overwritten', () => '这不是密文'],
  ])('because it was %s: it is shown as none, and the case stays readable', async (_how, box) => {
    expect(await visitAs(villager)).toBe(texts.visit);
    garble(box);
    expect(await visitAs(villager)).toBeNull();
    expect(await visitAs(homeOf(1))).toBeNull();
    expect(taken(await verifyLedger(world, auditor, caseNumber))).toMatchObject({
      verified: false,
      problems: ['text-altered:3'],
    });
  });

  test('because its key is gone: likewise, and the ledger check says that it is missing', async () => {
    world.db.prepare("DELETE FROM items WHERE pk = ? AND sk = 'KEY'").run(scope);
    const personalData = createPersonalData(world.store, createFileKeyVault(randomBytes(32)));
    expect(await visitAs(villager, personalData)).toBeNull();
    const check = await verifyLedger({ ...world, personalData }, auditor, caseNumber);
    expect(taken(check).problems).toEqual(['text-missing:3']);
  });
});

test('a store or a key service that fails is no missing text: the failure is told', async () => {
  storeDown = new Error('the store is down');
  await expect(visitAs(villager)).rejects.toBe(storeDown);
  storeDown = undefined;
  // Another vault's master key: it cannot tell whether the data key was bent or the wrong vault asked.
  const otherVault = createPersonalData(world.store, createFileKeyVault(randomBytes(32)));
  await expect(visitAs(villager, otherVault)).rejects.toThrow();
  expect(await visitAs(villager)).toBe(texts.visit);
});
