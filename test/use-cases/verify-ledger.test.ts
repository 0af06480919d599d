import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { CaseNumber } from '../../shared/domain/release/identifiers.ts';
import { CommitContended } from '../../shared/ledger/commit.ts';
import { chained } from '../../shared/ledger/hash-chain.ts';
import { readEvents } from '../../shared/ledger/stream.ts';
import type { RecordStore } from '../../shared/ports/record-store.ts';
import { openMonth } from '../../shared/use-cases/monthly/open-month.ts';
import { fileObjection } from '../../shared/use-cases/release/file-objection.ts';
import { verifyLedger } from '../../shared/use-cases/verify-ledger.ts';
import { auditor, bureau, district } from '../support/release-people.ts';
import { createVillageWorld, taken, texts, type VillageWorld } from '../support/village-world.ts';

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

/** Somebody objects to the notice: one event more, and one task. */
const object = async (): Promise<void> => {
  const { stage } = await world.state(caseNumber);
  if (stage.name !== 'notice') throw new Error('no notice hangs');
  const { noticeId } = stage;
  taken(await fileObjection(world, { noticeId, ground: 'other', statement: texts.statement }, world.key()));
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

  const stateBody = (): string => {
    const { body } = world.db
      .prepare("SELECT body FROM items WHERE pk = ? AND sk = 'STATE'")
      .get(`STREAM#${caseNumber}`) as { body: string };
    return body;
  };

  test('finds a state that was put back to an earlier one, its later events left in place', async () => {
    const earlier = stateBody();
    await object();
    expect(await problems()).toEqual([]);
    world.db
      .prepare("UPDATE items SET body = ? WHERE pk = ? AND sk = 'STATE'")
      .run(earlier, `STREAM#${caseNumber}`);
    expect(await problems()).toEqual(['events-beyond-state:7', 'task-differs:6']);
  });

  test('finds an event that was forged behind the state, well chained as it may be', async () => {
    const last = (await readEvents(world.store, caseNumber)).at(-1);
    if (last === undefined) throw new Error('no event');
    const { hash: prev, ...link } = last;
    const forged = chained({ ...link, seq: 7, type: 'notice-passed', prev });
    const key = { pk: `STREAM#${caseNumber}`, sk: 'EVENT#000007#notice-passed' };
    await world.store.transact([{ kind: 'put', key, body: { ...forged }, expect: 'absent' }]);
    expect(await problems()).toEqual(['events-beyond-state:7']);
  });

  test('finds a task that was opened again', async () => {
    rewrite('TASK#%.home-visit', '"status":"decided"', '"status":"open"');
    expect(await problems()).toEqual(['task-differs:6']);
  });

  test('finds a task that nobody opened', async () => {
    const key = { pk: `STREAM#${caseNumber}`, sk: `TASK#${caseNumber}.r1.announcement` };
    await world.store.transact([{ kind: 'put', key, body: { status: 'open' }, expect: 'absent' }]);
    expect(await problems()).toEqual(['task-differs:6']);
  });

  test('finds an open task that was ended, or taken away', async () => {
    await object();
    rewrite('TASK#%.objection-investigation.o1', '"status":"open"', '"status":"ended"');
    expect(await problems()).toEqual(['task-differs:7']);
    world.db
      .prepare('DELETE FROM items WHERE pk = ? AND sk LIKE ?')
      .run(`STREAM#${caseNumber}`, 'TASK#%.objection-investigation.o1');
    expect(await problems()).toEqual(['task-differs:7']);
  });

  test('finds a state in which there is nothing left to read', async () => {
    rewrite('STATE', '"tasks":', '"tusks":');
    expect(await problems()).toEqual(['state-differs:6', 'task-differs:6']);
  });

  test('holds for the month’s documents too, with a signature that is waited for', async () => {
    world.passTo('2022-11-01 00:05');
    await openMonth(world);
    const streamId = `C-${district}-2022-10`;
    const check = async () => taken(await verifyLedger(world, bureau, streamId)).problems;
    expect(await check()).toEqual([]);
    world.db.prepare("DELETE FROM items WHERE pk = ? AND sk LIKE 'TASK#%'").run(`STREAM#${streamId}`);
    expect(await check()).toEqual(['task-differs:1']);
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

describe('while somebody appends', () => {
  /** Around each read of these keys, as often as asked, somebody objects. */
  const disturbed = (prefix: string, when: 'before' | 'after', times: number): RecordStore => {
    let left = times;
    const disturb = async (asked: string | undefined, now: typeof when): Promise<void> => {
      if (asked !== prefix || now !== when || left === 0) return;
      left -= 1;
      await object();
    };
    return {
      ...world.store,
      query: async (query) => {
        await disturb(query.prefix, 'before');
        const page = await world.store.query(query);
        await disturb(query.prefix, 'after');
        return page;
      },
    };
  };

  test.each([
    ['before its events are read', 'EVENT#', 'before'],
    ['after its events were read', 'EVENT#', 'after'],
    ['after its tasks were read', 'TASK#', 'after'],
  ] as const)('%s, the ledger check raises no false alarm', async (_when, prefix, when) => {
    const store = disturbed(prefix, when, 2);
    const check = taken(await verifyLedger({ ...world, store }, auditor, caseNumber));
    expect(check).toMatchObject({ verified: true, problems: [], events: 8 });
  });

  test('every time that it looks, it says that it can be asked again', async () => {
    const store = disturbed('TASK#', 'before', 1000);
    await expect(verifyLedger({ ...world, store }, auditor, caseNumber)).rejects.toThrow(CommitContended);
  });
});
