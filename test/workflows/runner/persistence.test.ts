import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openDatabase } from '../../../shared/adapters/embedded/database.ts';
import type { Json } from '../../../shared/ports/record-store.ts';
import {
  answers,
  at,
  awaitPerson,
  breaks,
  type FunctionOfTheHouse,
  invoke,
  machine,
  rehearse,
  settableClock,
  theCase,
} from './rehearsal.ts';

/** One of everything that our workflows do: a choice, a function that fails once, a person, a notice, departments. */
const sample = machine({
  ReadStage: invoke('read-stage', '{% $states.input %}', {
    Assign: {
      stage: '{% $states.result.Payload.stage %}',
      noticeEnds: '{% $states.result.Payload.noticeEnds %}',
    },
    Retry: [{ ErrorEquals: ['Busy'], IntervalSeconds: 30 }],
    Next: 'Where',
  }),
  Where: {
    Type: 'Choice',
    Choices: [{ Condition: '{% $stage = "visit" %}', Next: 'AwaitVillage' }],
    Default: 'Lost',
  },
  AwaitVillage: awaitPerson('await-village', {
    TimeoutSeconds: 86_400,
    Catch: [{ ErrorEquals: ['States.Timeout'], Next: 'Escalate' }],
    Next: 'Notice',
  }),
  Escalate: invoke('escalate', {}, { Next: 'AwaitVillage' }),
  Notice: { Type: 'Wait', Timestamp: '{% $noticeEnds %}', Next: 'Compare' },
  Compare: {
    Type: 'Map',
    Items: ['health', 'housing'],
    ItemProcessor: {
      StartAt: 'AwaitDepartment',
      States: { AwaitDepartment: awaitPerson('await-department', { TimeoutSeconds: 600, End: true }) },
    },
    Next: 'Released',
  },
  Released: { Type: 'Succeed', Output: { answers: '{% $states.input %}', stage: '{% $stage %}' } },
  Lost: { Type: 'Fail', Error: 'lost' },
});
const finalOutput = { answers: [{ from: 'await-department' }, { from: 'await-department' }], stage: 'visit' };

/** The world outside the runner: it keeps what the functions wrote, whatever becomes of the process. */
const outside = () => {
  const callbacks: { token: string; name: string }[] = [];
  let read = 0;
  let asked = 0;
  const keep =
    (name: string): FunctionOfTheHouse =>
    (payload: Json) => {
      callbacks.push({ name, token: JSON.stringify(payload).slice(10, 74) });
      if (name === 'await-village') asked += 1;
      return answers(null);
    };
  const functions: Record<string, FunctionOfTheHouse> = {
    'read-stage': () => {
      read += 1;
      return read === 1
        ? breaks('Busy')
        : answers({ stage: 'visit', noticeEnds: '2022-10-08T16:00:00.000Z' });
    },
    'await-village': keep('await-village'),
    'await-department': keep('await-department'),
    escalate: () => answers(null),
  };
  return { callbacks, functions, asked: () => asked };
};

type World = ReturnType<typeof outside>;
type Rehearsed = ReturnType<typeof rehearse>;

/** People answer what was asked; the village only after it was reminded once. Then time goes on to the next event. */
const live = async ({ runner, clock }: Rehearsed, world: World): Promise<void> => {
  for (let turn = 0; turn < 50; turn += 1) {
    await runner.runReady();
    if ((await runner.signals.status(theCase)) !== 'running') return;
    const reminded = runner.history(theCase).some(({ details }) => details['name'] === 'Escalate');
    let delivered = 0;
    for (const { name, token } of world.callbacks)
      if (name !== 'await-village' || reminded)
        if ((await runner.signals.succeed(token, { from: name })) === 'delivered') delivered += 1;
    const due = runner.nextDueAt();
    if (delivered === 0 && due !== undefined) clock.set(due);
  }
};

class Killed extends Error {}

/** Lets a number of transactions through and then kills: before the next commit, or right after it. */
const deadly = (moment: 'before' | 'after') => {
  let left = Number.POSITIVE_INFINITY;
  let doomed: DatabaseSync | undefined;
  const die = (): never => {
    doomed?.close();
    throw new Killed('killed');
  };
  return {
    arm(db: DatabaseSync, commits: number) {
      doomed = db;
      left = commits;
    },
    beforeCommit() {
      left -= 1;
      if (left < 0 && moment === 'before') die();
    },
    afterCommit() {
      if (left < 0 && moment === 'after') die();
    },
  };
};

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'runner-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

describe('what was killed goes on', () => {
  test('the sample goes its whole way when nothing happens to it', async () => {
    const world = outside();
    const rehearsal = rehearse(sample, world.functions);
    await rehearsal.runner.signals.start(theCase, {});
    await live(rehearsal, world);
    expect(rehearsal.runner.describe(theCase)).toMatchObject({ status: 'succeeded', output: finalOutput });
    expect(rehearsal.states()).toEqual([
      'ReadStage',
      'Where',
      'AwaitVillage',
      'Escalate',
      'AwaitVillage',
      'Notice',
      'Compare',
      'AwaitDepartment',
      'AwaitDepartment',
      'Released',
    ]);
  });

  test.each(['before', 'after'] as const)('killed just %s any of its commits', async (moment) => {
    const file = join(folder, 'state.db');
    let kills = 0;
    for (let commits = 0; commits < 100; commits += 1) {
      for (const suffix of ['', '-wal', '-shm']) rmSync(file + suffix, { force: true });
      const world = outside();
      const clock = settableClock();
      const killer = deadly(moment);
      const before = openDatabase(file, killer);
      const first = rehearse(sample, world.functions, { db: before, clock });
      await first.runner.signals.start(theCase, {});
      killer.arm(before, commits);
      const survived = await live(first, world).then(
        () => true,
        () => false,
      );
      if (before.isOpen) before.close();
      const db = openDatabase(file);
      const second = rehearse(sample, world.functions, { db, clock, idsFrom: 1000 });
      await live(second, world);
      expect(second.runner.describe(theCase)).toMatchObject({ status: 'succeeded', output: finalOutput });
      expect(second.states()).toHaveLength(10);
      const ids = second.runner.history(theCase).map(({ id }) => id);
      expect(ids).toEqual(ids.map((_, index) => index + 1));
      db.close();
      if (survived) break;
      kills += 1;
    }
    expect(kills).toBeGreaterThan(30);
    expect(kills).toBeLessThan(100);
  });

  test('reopened after every transition it keeps its place, its due times and its variables', async () => {
    const file = join(folder, 'state.db');
    const world = outside();
    const clock = settableClock();
    let db = openDatabase(file);
    await rehearse(sample, world.functions, { db, clock }).runner.signals.start(theCase, {});
    const dues = new Set<string>();
    for (let turn = 0; turn < 60; turn += 1) {
      db.close();
      db = openDatabase(file);
      const rehearsal = rehearse(sample, world.functions, { db, clock, idsFrom: 1000 * (turn + 1) });
      const { runner } = rehearsal;
      if ((await runner.signals.status(theCase)) !== 'running') break;
      const due = runner.nextDueAt();
      if (due !== undefined) dues.add(due);
      if ((await runner.runReady()) > 0) continue;
      const [callback] = world.callbacks.splice(0, 1);
      const wanted = callback !== undefined && (callback.name !== 'await-village' || world.asked() > 1);
      if (wanted) await runner.signals.succeed(callback.token, { from: callback.name });
      else if (due !== undefined) clock.set(due);
    }
    expect([...dues]).toEqual([
      '2022-09-28T01:00:30.000Z',
      '2022-09-29T01:00:30.000Z',
      '2022-09-30T01:00:30.000Z',
      '2022-10-08T16:00:00.000Z',
      '2022-10-08T16:10:00.000Z',
    ]);
    const { runner } = rehearse(sample, world.functions, { db, clock });
    expect(runner.describe(theCase)).toMatchObject({ status: 'succeeded', output: finalOutput });
    db.close();
  });

  test('a time that passed while nothing ran takes effect at the next start', async () => {
    const file = join(folder, 'state.db');
    const asl = machine({ A: awaitPerson('ask', { TimeoutSeconds: 60, End: true }) });
    const db = openDatabase(file);
    await rehearse(asl, { ask: () => answers(null) }, { db }).start();
    db.close();
    const later = openDatabase(file);
    const { runner } = rehearse(asl, {}, { db: later, clock: settableClock(at('2023-01-01T00:00:00.000Z')) });
    await runner.runReady();
    expect(runner.describe(theCase)).toMatchObject({ status: 'failed', error: 'States.Timeout' });
    later.close();
  });

  test('an execution keeps the definition that it began with', async () => {
    const waiting = (output: string) =>
      machine({ W: { Type: 'Wait', Seconds: 60, Next: 'D' }, D: { Type: 'Succeed', Output: output } });
    const file = join(folder, 'state.db');
    const before = openDatabase(file);
    await rehearse(waiting('old'), {}, { db: before }).start();
    before.close();
    const db = openDatabase(file);
    const { runner, passTo } = rehearse(waiting('new'), {}, { db });
    const another = { ...theCase, name: 'another' };
    await runner.signals.start(another, {});
    await passTo(at('2022-09-28T01:01:00.000Z'));
    expect(runner.describe(theCase)?.output).toBe('old');
    expect(runner.describe(another)?.output).toBe('new');
    db.close();
  });
});

describe('however often and in whatever order things are delivered', () => {
  const people = machine({
    Both: {
      Type: 'Map',
      Items: [0, 1],
      ItemProcessor: {
        StartAt: 'Ask',
        States: {
          Ask: awaitPerson('ask', {
            TimeoutSeconds: 3600,
            Catch: [{ ErrorEquals: ['States.Timeout'], Next: 'Ask' }],
            Output: '{% $states.result %}',
            Next: 'Rest',
          }),
          Rest: { Type: 'Wait', Seconds: 60, End: true },
        },
      },
      End: true,
    },
  });

  const steps = fc.array(
    fc.oneof(
      {
        weight: 4,
        arbitrary: fc.record({
          kind: fc.constant('answer' as const),
          who: fc.nat(3),
          often: fc.integer({ min: 1, max: 5 }),
        }),
      },
      {
        weight: 3,
        arbitrary: fc.record({ kind: fc.constant('tick' as const), often: fc.integer({ min: 1, max: 5 }) }),
      },
      {
        weight: 2,
        arbitrary: fc.record({ kind: fc.constant('start' as const), often: fc.integer({ min: 1, max: 5 }) }),
      },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant('reopen' as const) }) },
    ),
    { maxLength: 25 },
  );

  test('the end is the same, each answer counts once, and no iteration is done twice', async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (script) => {
        const tokens: string[] = [];
        const ask: FunctionOfTheHouse = (payload) => {
          tokens.push(JSON.stringify(payload).slice(10, 74));
          return answers(null);
        };
        let rehearsal = rehearse(people, { ask });
        await rehearsal.start();
        let delivered = 0;
        const answer = async (token: string) => {
          if ((await rehearsal.runner.signals.succeed(token, { decided: true })) === 'delivered')
            delivered += 1;
        };
        const tick = async () => {
          const due = rehearsal.runner.nextDueAt();
          if (due !== undefined) rehearsal.clock.set(due);
          await Promise.all([rehearsal.runner.runReady(), rehearsal.runner.runReady()]);
        };
        for (const [index, step] of script.entries()) {
          if (step.kind === 'reopen') {
            const { db, clock } = rehearsal;
            rehearsal = rehearse(people, { ask }, { db, clock, idsFrom: 1000 * (index + 1) });
            continue;
          }
          for (let n = 0; n < step.often; n += 1) {
            if (step.kind === 'answer') await answer(tokens.at(-1 - step.who) ?? 'none');
            if (step.kind === 'tick') await tick();
            if (step.kind === 'start')
              expect(await rehearsal.runner.signals.start(theCase, {})).not.toBe('started');
          }
        }
        for (let n = 0; n < 20 && (await rehearsal.runner.signals.status(theCase)) === 'running'; n += 1) {
          for (const token of tokens) await answer(token);
          await tick();
        }
        expect(rehearsal.runner.describe(theCase)).toMatchObject({
          status: 'succeeded',
          output: [{ decided: true }, { decided: true }],
        });
        expect(delivered).toBe(2);
        const events = rehearsal.events();
        expect(events.filter((type) => type === 'TaskSucceeded')).toHaveLength(2);
        expect(events.filter((type) => type === 'MapIterationSucceeded')).toHaveLength(2);
        expect(rehearsal.runner.nextDueAt()).toBeUndefined();
        rehearsal.db.close();
      }),
      { numRuns: 60 },
    );
  });

  test('a stop among them ends it once and for all', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray(['answer', 'tick', 'stop', 'stop', 'answer', 'tick'], { minLength: 6 }),
        async (order) => {
          const tokens: string[] = [];
          const ask: FunctionOfTheHouse = (payload) => {
            tokens.push(JSON.stringify(payload).slice(10, 74));
            return answers(null);
          };
          const { runner, clock, start, db } = rehearse(people, { ask });
          await start();
          let stopped = 0;
          for (const what of order) {
            if (what === 'answer') await runner.signals.succeed(tokens.shift() ?? 'none', { decided: true });
            if (what === 'stop' && (await runner.signals.stop(theCase, 'objection-upheld')) === 'stopped')
              stopped += 1;
            const due = runner.nextDueAt();
            if (what === 'tick' && due !== undefined) clock.set(due);
            if (what === 'tick') await runner.runReady();
          }
          // Both answers and a tick before the first stop: then it had succeeded, and no stop changes that.
          const ended = stopped === 0 ? 'succeeded' : 'aborted';
          expect(stopped).toBeLessThanOrEqual(1);
          expect(order.slice(0, order.indexOf('stop')).includes('tick') || stopped === 1).toBe(true);
          expect(runner.describe(theCase)).toMatchObject({
            status: ended,
            ...(stopped === 0 ? {} : { error: 'objection-upheld' }),
          });
          const ends = runner
            .history(theCase)
            .filter(({ type }) => /^Execution(Succeeded|Aborted)$/.test(type));
          expect(ends.map(({ type }) => type)).toEqual([
            stopped === 0 ? 'ExecutionSucceeded' : 'ExecutionAborted',
          ]);
          expect(runner.nextDueAt()).toBeUndefined();
          db.close();
        },
      ),
      { numRuns: 40 },
    );
  });
});
