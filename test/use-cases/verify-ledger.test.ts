import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { CaseNumber } from '../../shared/domain/release/identifiers.ts';
import { verifyLedger } from '../../shared/use-cases/verify-ledger.ts';
import { auditor } from '../support/release-people.ts';
import { createVillageWorld, taken, type VillageWorld } from '../support/village-world.ts';

let world: VillageWorld;
let caseNumber: CaseNumber;
beforeEach(async () => {
  world = await createVillageWorld();
  caseNumber = await world.open(1);
  await world.playTo(caseNumber, 'notice');
});
afterEach(() => world.close());

const problems = async (): Promise<readonly string[]> => {
  const { problems: found, verified } = taken(await verifyLedger(world, auditor, caseNumber));
  expect(verified).toBe(found.length === 0);
  return found;
};
/** Somebody with the database file and an editor. */
const rewrite = (sk: string, from: string, to: string): void => {
  const { changes } = world.db
    .prepare('UPDATE items SET body = replace(body, ?, ?) WHERE pk = ? AND sk LIKE ? AND instr(body, ?) > 0')
    .run(from, to, `STREAM#${caseNumber}`, sk, from);
  expect(Number(changes)).toBe(1);
};

describe('the ledger check', () => {
  test('finds nothing where nothing was touched', async () => {
    expect(await problems()).toEqual([]);
  });

  test('finds an altered event, and names it', async () => {
    rewrite('EVENT#000005#%', '"inFavour":18', '"inFavour":20');
    expect(await problems()).toEqual(expect.arrayContaining(['content-altered:5']));
  });

  test('finds another actor behind a decision', async () => {
    rewrite('EVENT#000003#%', '"village-officer"', '"village-secretary"');
    expect(await problems()).toEqual(expect.arrayContaining(['content-altered:3']));
  });

  test('finds a missing event in the middle', async () => {
    world.db
      .prepare('DELETE FROM items WHERE pk = ? AND sk LIKE ?')
      .run(`STREAM#${caseNumber}`, 'EVENT#000004#%');
    expect(await problems()).toEqual(expect.arrayContaining(['sequence-broken:4', 'link-broken:5']));
  });

  test('finds a missing event at the end', async () => {
    world.db
      .prepare('DELETE FROM items WHERE pk = ? AND sk LIKE ?')
      .run(`STREAM#${caseNumber}`, 'EVENT#000006#%');
    expect(await problems()).toEqual(['events-missing:6', 'head-differs:6', 'state-differs:6']);
  });

  test('finds a state that the events do not tell', async () => {
    rewrite('STATE', '"name":"notice"', '"name":"town-verification"');
    expect(await problems()).toEqual(['state-differs:6']);
  });

  test('finds a state that claims another head, or another time of its last event', async () => {
    rewrite('STATE', '"lastAt":"2022', '"lastAt":"2032');
    expect(await problems()).toEqual(['head-differs:6']);
  });

  /** The sealed text of the home visit. */
  const visitText = () => {
    const { pk, sk } = world.db
      .prepare("SELECT pk, sk FROM items WHERE pk LIKE 'HOUSEHOLD#%' AND sk LIKE 'SEALED#text/%' ORDER BY sk")
      .get() as { pk: string; sk: string };
    return { pk, sk };
  };

  test('finds a sealed text that was taken away', async () => {
    const { pk, sk } = visitText();
    world.db.prepare('DELETE FROM items WHERE pk = ? AND sk = ?').run(pk, sk);
    expect(await problems()).toEqual(['text-missing:3']);
  });

  test('finds a sealed text that was bent, or taken from elsewhere', async () => {
    const { pk, sk } = visitText();
    const other = world.db
      .prepare("SELECT body FROM items WHERE pk = ? AND sk LIKE 'SEALED#%' AND sk <> ?")
      .get(pk, sk) as { body: string };
    world.db.prepare('UPDATE items SET body = ? WHERE pk = ? AND sk = ?').run(other.body, pk, sk);
    expect(await problems()).toEqual(['text-altered:3']);
  });

  test('finds a sealed text that somebody with the key has replaced', async () => {
    const { pk, sk } = visitText();
    const { rev } = world.db.prepare('SELECT rev FROM items WHERE pk = ? AND sk = ?').get(pk, sk) as {
      rev: number;
    };
    const ref = sk.slice('SEALED#'.length);
    const { write } = await world.personalData.seal(pk as `HOUSEHOLD#${string}`, ref, '另一份记录', rev);
    expect(await world.store.transact([write])).toEqual({ committed: true });
    expect(await problems()).toEqual(['text-altered:3']);
  });
});
