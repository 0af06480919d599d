import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { instantFromMillis, millisOf } from '../../shared/domain/calendar/instant.ts';
import type { CaseNumber } from '../../shared/domain/release/identifiers.ts';
import type { ChangeRecord } from '../../shared/ports/change-feed.ts';
import { fileEarly } from '../../shared/use-cases/monthly/file-cases.ts';
import { openMonth } from '../../shared/use-cases/monthly/open-month.ts';
import { fileObjection } from '../../shared/use-cases/release/file-objection.ts';
import type { StepInput } from '../../shared/use-cases/release/step-input.ts';
import { readPointer } from '../../shared/use-cases/workflow/executions.ts';
import { reconcileWorkflows } from '../../shared/use-cases/workflow/reconcile-workflows.ts';
import { relayChange } from '../../shared/use-cases/workflow/relay-change.ts';
import { callbackKey } from '../../shared/use-cases/workflow/rendezvous.ts';
import { awaitStep } from '../../shared/use-cases/workflow/step-tasks.ts';
import { createRecordedExecutions, type RecordedExecutions } from '../support/recorded-executions.ts';
import { town, townOfficer, villager } from '../support/release-people.ts';
import { shanghai } from '../support/shanghai.ts';
import { createVillageWorld, october, taken, texts, type VillageWorld } from '../support/village-world.ts';

let world: VillageWorld;
let caseNumber: CaseNumber;
let taskId: string;
let visit: StepInput;

let waits = 0;
/** A workflow comes to wait, each time a little later than the last. */
const waitAt = (waitingAt: string, token: string, nth = ++waits): Promise<void> => {
  const enteredAt = instantFromMillis(millisOf(shanghai('2022-09-20 09:00')) + nth);
  return awaitStep(world, { taskId: waitingAt, token, enteredAt, retry: 0 });
};

beforeEach(async () => {
  world = await createVillageWorld();
  caseNumber = await world.open(1);
  taskId = await world.taskId(caseNumber, 'home-visit');
  visit = {
    step: 'home-visit',
    outcome: 'eligible',
    evidence: [await world.photo(caseNumber)],
    record: texts.visit,
  };
});
afterEach(() => world.close());

const changesSince = (position: number): readonly (ChangeRecord & { readonly position: number })[] =>
  world.db
    .prepare('SELECT position, pk, sk, change FROM feed WHERE position > ? ORDER BY position')
    .all(position) as unknown[] as (ChangeRecord & { position: number })[];

/** Carries everything that was written since, once and in order, and what that writes in turn. */
const drain = async (deps: VillageWorld = world, from = 0): Promise<number> => {
  let position = from;
  for (let batch = changesSince(position); batch.length > 0; batch = changesSince(position)) {
    for (const change of batch) await relayChange(deps, change);
    position = batch.at(-1)?.position ?? position;
  }
  return position;
};

describe('decision and waiting workflow meet', () => {
  test('the workflow waits first, then somebody decides', async () => {
    world.signals.waitsAt('token-1');
    await waitAt(taskId, 'token-1');
    await drain();
    expect(world.signals.delivered()).toEqual([]);
    await world.did(caseNumber, villager, visit);
    await drain();
    expect(world.signals.delivered()).toMatchObject([
      { token: 'token-1', output: { stage: 'household-confirmation', waitUntil: null } },
    ]);
  });

  test('somebody decides first, then the workflow waits', async () => {
    await world.did(caseNumber, villager, visit);
    await drain();
    world.signals.waitsAt('token-1');
    await waitAt(taskId, 'token-1');
    await drain();
    expect(world.signals.delivered()).toMatchObject([{ token: 'token-1' }]);
  });

  test('the token is neither in the clear nor in any key', async () => {
    await waitAt(taskId, 'a-token-that-opens-doors');
    const rows = world.db.prepare('SELECT pk, sk, body FROM items').all();
    expect(JSON.stringify(rows)).not.toContain('a-token-that-opens-doors');
  });

  test('a token replaced between read and send: the newer one is tried next', async () => {
    await waitAt(taskId, 'old');
    await world.did(caseNumber, villager, visit);
    world.signals.waitsAt('new');
    const signals: RecordedExecutions = {
      ...world.signals,
      succeed: async (token, output) => {
        if (token === 'old') await waitAt(taskId, 'new');
        return world.signals.succeed(token, output);
      },
    };
    await relayChange({ ...world, signals }, { ...callbackKey(taskId), change: 'insert' });
    expect(world.signals.delivered()).toMatchObject([{ token: 'new' }]);
  });

  test('nobody waits at the token any more; a newer one that comes later is served', async () => {
    await waitAt(taskId, 'timed-out');
    await world.did(caseNumber, villager, visit);
    await drain();
    expect(world.signals.delivered()).toEqual([]);
    world.signals.waitsAt('newer');
    await waitAt(taskId, 'newer');
    await drain();
    expect(world.signals.delivered()).toMatchObject([{ token: 'newer' }]);
  });

  test('a token that comes while a slower relay clears its predecessor is not lost', async () => {
    await waitAt(taskId, 'first');
    await world.did(caseNumber, villager, visit);
    world.signals.waitsAt('second');
    const change = { ...callbackKey(taskId), change: 'insert' } as const;
    const slow: RecordedExecutions = {
      ...world.signals,
      succeed: async (token, output) => {
        if (token === 'first') {
          // Meanwhile a faster relay does all of it, and the next attempt of the workflow comes to wait.
          await relayChange(world, change);
          await waitAt(taskId, 'second');
        }
        return world.signals.succeed(token, output);
      },
    };
    await relayChange({ ...world, signals: slow }, change);
    await drain();
    expect(world.signals.delivered()).toMatchObject([{ token: 'second' }]);
  });

  test('a slow call that was overtaken by a newer one does not take its place, before or after it was served', async () => {
    world.signals.waitsAt('second');
    await waitAt(taskId, 'second', 1_000);
    await waitAt(taskId, 'first', 500);
    await world.did(caseNumber, villager, visit);
    await drain();
    expect(world.signals.delivered()).toMatchObject([{ token: 'second' }]);
    await waitAt(taskId, 'first', 500);
    const { body } = world.db
      .prepare('SELECT body FROM items WHERE pk = ? AND sk = ?')
      .get(callbackKey(taskId).pk, callbackKey(taskId).sk) as { body: string };
    expect(Object.keys(JSON.parse(body))).toEqual(['enteredAt', 'retry']);
  });

  test('of two tries of one state, the later is the one that waits', async () => {
    const enteredAt = shanghai('2022-09-20 10:00');
    world.signals.waitsAt('retried');
    await awaitStep(world, { taskId, token: 'retried', enteredAt, retry: 1 });
    await awaitStep(world, { taskId, token: 'given up', enteredAt, retry: 0 });
    await world.did(caseNumber, villager, visit);
    await drain();
    expect(world.signals.delivered()).toMatchObject([{ token: 'retried' }]);
  });

  test('many workflows that wait at once for the first time all get their answer', async () => {
    const tokens = ['one', 'two', 'three', 'four'];
    await world.registerHousehold(2);
    await world.registerHousehold(3);
    await world.registerHousehold(4);
    const cases = [caseNumber, await world.open(2), await world.open(3), await world.open(4)];
    const tasks = await Promise.all(cases.map((one) => world.taskId(one, 'home-visit')));
    await Promise.all(
      tasks.map((waitingAt, index) => {
        const token = tokens[index] ?? '';
        world.signals.waitsAt(token);
        return waitAt(waitingAt, token);
      }),
    );
    for (const one of cases)
      await world.did(one, villager, {
        step: 'home-visit',
        outcome: 'eligible',
        evidence: [await world.photo(one)],
        record: texts.visit,
      });
    await drain();
    expect(world.signals.delivered().map(({ token }) => token)).toEqual(expect.arrayContaining(tokens));
  });
});

describe('executions', () => {
  const upheldAndRestarted = async (): Promise<void> => {
    await world.playTo(caseNumber, 'notice');
    const { stage } = await world.state(caseNumber);
    if (stage.name !== 'notice') throw new Error('no notice hangs');
    const objecting = {
      noticeId: stage.noticeId,
      ground: 'risk-not-lifted',
      statement: texts.statement,
      contact: texts.contact,
    } as const;
    taken(await fileObjection(world, objecting, world.key()));
    const evidence = [await world.photo(caseNumber)];
    await world.did(caseNumber, villager, {
      step: 'objection-investigation',
      finding: 'substantiated',
      evidence,
      record: texts.investigation,
    });
    await world.did(caseNumber, townOfficer, {
      step: 'objection-decision',
      outcome: 'upheld',
      reasons: texts.reasons,
    });
  };
  const nextRound = () =>
    world.did(caseNumber, villager, {
      step: 'objection-follow-up',
      outcome: 'start-next-round',
      record: texts.followUp,
    });

  test('a new case is an execution named by number, round and attempt, and told nothing else', async () => {
    await drain();
    const name = `${caseNumber}-r1-a1`;
    expect(world.signals.running()).toEqual([name]);
    expect(world.signals.inputOf(name)).toEqual({ caseNumber, round: 1, attempt: 1 });
  });

  test('an objection stops the wait, and so does its being upheld; each next attempt waits for somebody', async () => {
    await drain();
    await upheldAndRestarted();
    await drain();
    expect(world.signals.reasonOf(`${caseNumber}-r1-a1`)).toBe('objection-filed');
    expect(world.signals.reasonOf(`${caseNumber}-r1-a2`)).toBe('objection-upheld');
    expect(world.signals.running()).toEqual([`${caseNumber}-r1-a3`]);
    await nextRound();
    await drain();
    expect(world.signals.running()).toContain(`${caseNumber}-r2-a1`);
  });

  test('a crowd of objections stops the wait once: whoever waits for one comes to the others in turn', async () => {
    await drain();
    await world.playTo(caseNumber, 'notice');
    const { stage } = await world.state(caseNumber);
    if (stage.name !== 'notice') throw new Error('no notice hangs');
    const objecting = { noticeId: stage.noticeId, ground: 'other', statement: texts.statement } as const;
    for (let count = 0; count < 5; count += 1) taken(await fileObjection(world, objecting, world.key()));
    await drain();
    expect(world.signals.running()).toEqual([`${caseNumber}-r1-a2`]);
  });

  test('an early filing interrupts the cases that wait for the cut-off', async () => {
    await openMonth(world);
    await world.playTo(caseNumber, 'town-verification');
    await openMonth(world);
    await world.playTo(caseNumber, 'filing');
    const before = await drain();
    taken(await fileEarly(world, townOfficer, october, world.key()));
    await drain(world, before);
    expect(world.signals.reasonOf(`${caseNumber}-r1-a1`)).toBe('filed-early');
    expect(world.signals.running()).toContain(`${caseNumber}-r1-a2`);
  });

  test('a crash between the pointer’s move and the start is mended when the change comes again', async () => {
    const crashing: RecordedExecutions = {
      ...world.signals,
      start: async () => {
        throw new Error('killed');
      },
    };
    await expect(drain({ ...world, signals: crashing })).rejects.toThrow('killed');
    expect(await readPointer(world.store, caseNumber)).toMatchObject({ round: 1, attempt: 1 });
    expect(world.signals.running()).toEqual([]);
    await drain();
    expect(world.signals.running()).toEqual([`${caseNumber}-r1-a1`]);
  });

  test('an attempt that is started after a newer one has stopped it does not run on', async () => {
    await upheldAndRestarted();
    const changes = changesSince(0);
    const started = changes.find(({ sk }) => sk.endsWith('#release-round-started'));
    const upheld = changes.find(({ sk }) => sk.endsWith('#objection-upheld'));
    if (started === undefined || upheld === undefined) throw new Error('the story lacks its events');
    const slow: RecordedExecutions = {
      ...world.signals,
      start: async (execution, input) => {
        if (execution.name.endsWith('-a1')) await relayChange(world, upheld);
        return world.signals.start(execution, input);
      },
    };
    await relayChange({ ...world, signals: slow }, started);
    expect(world.signals.running()).toEqual([`${caseNumber}-r1-a2`]);
  });

  test('every change delivered one to five times in any order leads to the same executions', async () => {
    await openMonth(world);
    await upheldAndRestarted();
    await nextRound();
    const changes = changesSince(0);
    // What the pointers say is kept in the store too: every delivery begins without them.
    const forget = () =>
      world.db.exec(`DELETE FROM items WHERE sk = 'EXECUTION'; DELETE FROM feed WHERE sk = 'EXECUTION'`);
    const deliver = async (order: readonly ChangeRecord[]) => {
      forget();
      const signals = createRecordedExecutions();
      for (const change of order) await relayChange({ ...world, signals }, change);
      const pointer = await readPointer(world.store, caseNumber);
      const open = signals.running().filter((name) => !name.startsWith(`${caseNumber}-r1`));
      // Whatever still runs of round 1 learns from the ledger that it is superseded; never two of its attempts run.
      const superseded = signals.running().filter((name) => name.startsWith(`${caseNumber}-r1`));
      expect(superseded.length).toBeLessThanOrEqual(1);
      return { round: pointer?.round, attempt: pointer?.attempt, open };
    };
    const inOrder = await deliver(changes);
    expect(inOrder).toEqual({
      round: 2,
      attempt: 1,
      open: [`F-${town}-2022-09-a1`, `${caseNumber}-r2-a1`],
    });
    const shuffled = fc
      .array(fc.integer({ min: 1, max: 5 }), { minLength: changes.length, maxLength: changes.length })
      .chain((times) => {
        const all = changes.flatMap((change, index) =>
          Array.from({ length: times[index] ?? 1 }, () => change),
        );
        return fc.shuffledSubarray(all, { minLength: all.length, maxLength: all.length });
      });
    await fc.assert(
      fc.asyncProperty(shuffled, async (order) => {
        expect(await deliver(order)).toEqual(inOrder);
      }),
      { numRuns: 40 },
    );
  });

  test.each(['abortAll', 'forgetAll'] as const)(
    'after %s, reconciliation lets every open stream go on in exactly one execution',
    async (disaster) => {
      await world.registerHousehold(2);
      const second = await world.open(2);
      await openMonth(world);
      await drain();
      expect(world.signals.running()).toHaveLength(3);
      world.signals[disaster]();
      const { open } = await reconcileWorkflows(world);
      expect(open).toBe(3);
      const streams = world.signals.running().map((name) => name.replace(/(-r\d+)?-a\d+$/, ''));
      expect(streams).toEqual([`F-${town}-2022-09`, caseNumber, second]);
      // A second look finds nothing to do.
      const before = world.signals.running();
      expect((await reconcileWorkflows(world)).restarted).toEqual([]);
      expect(world.signals.running()).toEqual(before);
    },
  );

  test('after a restore that has forgotten some attempts, one look finds a name that is still free, and tells only that', async () => {
    await drain();
    const before = world.db.prepare("SELECT pk, body FROM items WHERE sk = 'EXECUTION'").all() as {
      pk: string;
      body: string;
    }[];
    for (let failure = 0; failure < 3; failure += 1) {
      world.signals.abortAll();
      await reconcileWorkflows(world);
    }
    expect(world.signals.running()).toContain(`${caseNumber}-r1-a4`);
    world.signals.abortAll();
    for (const { pk, body } of before)
      world.db.prepare("UPDATE items SET body = ? WHERE pk = ? AND sk = 'EXECUTION'").run(body, pk);
    const { restarted } = await reconcileWorkflows(world);
    expect(restarted).toContain(`${caseNumber}-r1-a5`);
    expect(world.signals.running().toSorted()).toEqual([...restarted].toSorted());
  });

  test('reconciliation serves a callback whose change was lost', async () => {
    world.signals.waitsAt('token-1');
    await waitAt(taskId, 'token-1');
    await world.did(caseNumber, villager, visit);
    await reconcileWorkflows(world);
    expect(world.signals.delivered()).toMatchObject([{ token: 'token-1' }]);
  });
});
