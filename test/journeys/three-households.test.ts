import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { factLabel } from '../../local/demo/labels.ts';
import { shanghai } from '../../local/demo/legal-day.ts';
import { askFor } from '../../local/demo/world.ts';
import { type EmbeddedWorld, embeddedWorld } from '../support/embedded-world.ts';
import {
  object,
  postNotice,
  reportCandidate,
  seeCase,
  villageSteps,
} from '../support/three-households/steps.ts';
import { play, type Story, straight, tell } from '../support/three-households/story.ts';
import { describeJourneys } from './journeys.contract.ts';

let running: EmbeddedWorld | undefined;
afterEach(async () => {
  await running?.stop();
  running = undefined;
});

/** Long enough for the story twice, the second time with a fault after every step, on a machine that does much else. */
const twiceMillis = 120_000;

/** The story without what differs from run to run. */
const facts = ({ cases }: Story) =>
  cases.map(({ part, stage, round, timeline }) => ({
    part,
    stage,
    round,
    facts: timeline.map(({ type, by }) => `${type} ${by}`),
  }));

const playOn = async (on: EmbeddedWorld): Promise<Story> => tell(on.world, await play(on.world));

const calmly = async (): Promise<Story> => {
  const calm = await embeddedWorld();
  try {
    return await playOn(calm);
  } finally {
    await calm.stop();
  }
};

describeJourneys(
  'on the embedded machine',
  async () => {
    const opened = await embeddedWorld();
    return {
      world: opened.world,
      async stop() {
        await opened.stop();
        expect(opened.defects).toEqual([]);
      },
    };
  },
  'house',
);

describe('three households', () => {
  test('one execution stands for each round and attempt, and none tells who it is about', async () => {
    running = await embeddedWorld();
    const { cases } = await playOn(running);
    const { executions } = running.machine.runner.list({ workflow: 'release-case', limit: 100 });
    const of = (caseNumber: string) =>
      executions
        .filter(({ name }) => name.startsWith(caseNumber))
        .map(({ name, status }) => [name.slice(21), status]);
    const [straight = '', contested = '', late = ''] = cases.map(({ caseNumber }) => caseNumber);
    expect(of(straight)).toEqual([['r1-a1', 'succeeded']]);
    expect(of(late)).toEqual([['r1-a1', 'succeeded']]);
    expect(of(contested)).toEqual([
      // Stopped by the objection, then by its being upheld; the third sees the round to its end.
      ['r1-a1', 'aborted'],
      ['r1-a2', 'aborted'],
      ['r1-a3', 'succeeded'],
      ['r2-a1', 'succeeded'],
    ]);
    const told = JSON.stringify(
      executions.map((execution) => [
        running?.machine.runner.describe(execution),
        running?.machine.runner.history(execution),
      ]),
    );
    expect(told).not.toMatch(/王|李|张|刘|陈|杨|赵|黄|周|吴|H-000|610399/);
  });

  test('an objection that nobody looks into escalates while its notice still hangs', async () => {
    running = await embeddedWorld();
    const { world } = running;
    const caseNumber = await reportCandidate(world, straight);
    await villageSteps(world, straight, caseNumber, 1);
    const { noticeId, endsAt } = await postNotice(world, straight, caseNumber, 1);
    await object(world, noticeId);
    const as = 'village-610302901201';
    const taskId = `${caseNumber}.r1.objection-investigation.o1`;
    const { dueAt } = await askFor<{ dueAt: string }>(world, `/v1/tasks/${taskId}`, { as });
    expect(dueAt < endsAt).toBe(true);
    await world.advanceTo(dueAt);
    expect(await askFor(world, `/v1/tasks/${taskId}`, { as })).toMatchObject({
      overdue: true,
      escalations: 1,
    });
    // What the notice needs to pass has not changed: it hangs on past its end, until somebody decides.
    await world.advanceTo(shanghai('2022-09-20'));
    expect(await seeCase(world, caseNumber, as)).toMatchObject({ stage: 'notice' });
    expect(running.defects).toEqual([]);
  });

  test(
    'all executions are deleted after every step, and every case continues',
    async () => {
      const calm = facts(await calmly());
      let restarted = 0;
      running = await embeddedWorld(async (machine) => {
        await machine.engine.drain();
        machine.runner.deleteAll();
        await machine.runTimer('reconcile-workflows');
        await machine.engine.drain();
        restarted += machine.runner.list({ status: 'running', limit: 100 }).executions.length;
      });
      expect(facts(await playOn(running))).toEqual(calm);
      expect(restarted).toBeGreaterThan(30);
      expect(running.defects).toEqual([]);
    },
    twiceMillis,
  );

  test(
    'every record of the feed is delivered again and again, shuffled, and every timer runs again: nothing changes',
    async () => {
      const calm = facts(await calmly());
      const seed = 20221005;
      let step = 0;
      running = await embeddedWorld(async (machine) => {
        step += 1;
        const other = new DatabaseSync(join(running?.folder ?? '', 'shouxian.db'));
        const keys = other.prepare("SELECT pk, sk FROM items WHERE pk LIKE 'STREAM#%'").all() as {
          pk: string;
          sk: string;
        }[];
        const [times] = fc.sample(
          fc.array(fc.integer({ min: 0, max: 4 }), { minLength: keys.length, maxLength: keys.length }),
          { numRuns: 1, seed: seed + step },
        );
        const repeated = keys.flatMap((key, index) => Array.from({ length: times?.[index] ?? 0 }, () => key));
        const [order] = fc.sample(fc.shuffledSubarray(repeated, { minLength: repeated.length }), {
          numRuns: 1,
          seed: seed + step,
        });
        other.exec('BEGIN IMMEDIATE');
        for (const { pk, sk } of order ?? [])
          other.prepare("INSERT INTO feed (pk, sk, change) VALUES (?, ?, 'modify')").run(pk, sk);
        other.exec('COMMIT');
        other.close();
        await machine.runTimer('open-month');
        await machine.runTimer('reconcile-workflows');
        await machine.engine.drain();
      });
      expect(facts(await playOn(running))).toEqual(calm);
      expect(running.defects).toEqual([]);
    },
    twiceMillis,
  );
});

test('the rehearsal knows the house by its address and its contracts alone, and what it plays from its input', () => {
  const folder = join(import.meta.dirname, '..', '..', 'local', 'demo');
  const imports = readdirSync(folder).flatMap((file) =>
    [...readFileSync(join(folder, file), 'utf8').matchAll(/from '([^']+)'/g)].map((match) => match[1] ?? ''),
  );
  expect(imports.length).toBeGreaterThan(5);
  expect(
    imports.filter(
      (name) =>
        !/^(node:|\.\/[a-z-]+\.ts$|commander$|\.\.\/seed\/|\.\.\/\.\.\/shared\/contracts\/)/.test(name),
    ),
  ).toEqual([]);
});

test('every fact of a case has a name that people use', () => {
  const events = readFileSync(
    join(import.meta.dirname, '..', '..', 'shared', 'domain', 'release', 'events.ts'),
    'utf8',
  );
  const types = [...events.matchAll(/readonly type: '([a-z-]+)'/g)].map((match) => match[1] ?? '');
  expect(types.length).toBeGreaterThan(20);
  expect(types.filter((type) => !/^\p{Script=Han}/u.test(factLabel(type)))).toEqual([]);
});
