import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { PersonActor } from '../../shared/domain/access/actor.ts';
import { instantFromMillis, millisOf } from '../../shared/domain/calendar/instant.ts';
import type { CaseNumber } from '../../shared/domain/release/identifiers.ts';
import type { ChangeRecord } from '../../shared/ports/change-feed.ts';
import { openMonth } from '../../shared/use-cases/monthly/open-month.ts';
import type { ExecutionEntry } from '../../shared/use-cases/operations/execution-entry.ts';
import { getExecution } from '../../shared/use-cases/operations/get-execution.ts';
import { listExecutions } from '../../shared/use-cases/operations/list-executions.ts';
import { reconcileByHand } from '../../shared/use-cases/operations/reconcile-by-hand.ts';
import { retryExecution } from '../../shared/use-cases/operations/retry-execution.ts';
import { relayChange } from '../../shared/use-cases/workflow/relay-change.ts';
import { escalateStep } from '../../shared/use-cases/workflow/step-tasks.ts';
import { auditor, bureau, district, person, town, townOfficer, villager } from '../support/release-people.ts';
import {
  codeOf,
  createVillageWorld,
  secretsOf,
  taken,
  texts,
  type VillageWorld,
} from '../support/village-world.ts';

const operator = person('operator', { role: 'operator', division: district });
let world: VillageWorld;
let carried = 0;

beforeEach(async () => {
  world = await createVillageWorld({ households: 3 });
  carried = 0;
});
afterEach(() => world.close());

/** Carries what was written since the last time, once and in order. */
const relay = async (): Promise<void> => {
  const changes = world.db
    .prepare('SELECT position, pk, sk, change FROM feed WHERE position > ? ORDER BY position')
    .all(carried) as unknown[] as (ChangeRecord & { position: number })[];
  for (const change of changes) {
    await relayChange(world, change);
    carried = change.position;
  }
};

const opened = async (serial: number, at: string): Promise<CaseNumber> => {
  world.passTo(at);
  const caseNumber = await world.open(serial);
  await relay();
  return caseNumber;
};

const listed = async (more: { after?: string; limit?: number } = {}) =>
  taken(await listExecutions(world, operator, { limit: 100, ...more }));
const entryOf = async (streamId: string): Promise<ExecutionEntry> => {
  const found = (await listed()).executions.find((entry) => entry.streamId === streamId);
  if (found === undefined) throw new Error(`${streamId} is not listed`);
  return found;
};
const retry = (streamId: string, key = world.key()) =>
  retryExecution(world, operator, { streamId }, key, () => undefined);

describe('what should have a workflow', () => {
  test('is listed with stage, age, who is waited for and until when', async () => {
    const caseNumber = await opened(1, '2022-09-20 09:00');
    world.passTo('2022-09-20 10:00');
    const { tasks } = await world.state(caseNumber);
    expect(await entryOf(caseNumber)).toEqual({
      streamId: caseNumber,
      workflow: 'release-case',
      execution: `${caseNumber}-r1-a1`,
      round: 1,
      attempt: 1,
      stage: 'home-visit',
      openedAt: '2022-09-20T01:00:00.000Z',
      ageSeconds: 3600,
      standsSince: '2022-09-20T01:00:00.000Z',
      waitingUntil: tasks[0]?.wakeAt,
      waitingFor: [
        { step: 'home-visit', offices: tasks[0]?.assignees, dueAt: tasks[0]?.dueAt, escalations: 0 },
      ],
      status: 'running',
      stuck: false,
    });
  });

  test('the documents of a month too: a filing waits for its day, a report for a signature', async () => {
    await openMonth(world);
    world.passTo('2022-10-01 00:00');
    await openMonth(world);
    await relay();
    expect(await entryOf(`F-${town}-2022-10`)).toMatchObject({
      workflow: 'monthly-filing',
      stage: 'before-reminder',
      waitingUntil: '2022-10-24T01:00:00.000Z',
      waitingFor: [],
      stuck: false,
    });
    expect(await entryOf(`C-${district}-2022-09`)).toMatchObject({
      workflow: 'city-report',
      stage: 'signature',
      waitingFor: [
        { step: 'city-report-signature', offices: [{ role: 'bureau-officer', division: district }] },
      ],
      stuck: false,
    });
  });

  test('a notice is waited out', async () => {
    const caseNumber = await opened(1, '2022-09-20 09:00');
    await world.playTo(caseNumber, 'notice');
    await relay();
    const { stage } = await world.state(caseNumber);
    if (stage.name !== 'notice') throw new Error('no notice');
    expect(await entryOf(caseNumber)).toMatchObject({
      stage: 'notice',
      waitingUntil: stage.endsAt,
      waitingFor: [],
    });
    // Nothing concludes it.
    world.passTo('2022-10-20 00:00');
    expect(await entryOf(caseNumber)).toMatchObject({ stuck: true, stuckBecause: 'wait-passed' });
  });

  test('a step that is late is told from a workflow that does not act', async () => {
    const caseNumber = await opened(1, '2022-09-20 09:00');
    const [task] = (await world.state(caseNumber)).tasks;
    if (task === undefined) throw new Error('nobody is waited for');
    const { taskId, wakeAt, dueAt } = task;
    world.passTo(wakeAt);
    await escalateStep(world, { taskId });
    world.passTo(dueAt);
    expect(await entryOf(caseNumber)).toMatchObject({ stuck: true, stuckBecause: 'overdue' });
    world.passTo(instantFromMillis(millisOf(dueAt) + 3_600_000));
    expect(await entryOf(caseNumber)).toMatchObject({ stuck: true, stuckBecause: 'wait-passed' });
  });
});

describe('an execution that does not go on', () => {
  test('stuck ones come first, then the oldest', async () => {
    const oldest = await opened(1, '2022-09-20 09:00');
    const failed = await opened(2, '2022-09-20 10:00');
    const youngest = await opened(3, '2022-09-20 11:00');
    world.signals.ends(`${failed}-r1-a1`, { status: 'failed', error: 'Lambda.Unknown' });
    const { executions } = await listed();
    expect(executions.map(({ streamId }) => streamId)).toEqual([failed, oldest, youngest]);
  });

  test('shows the name of its error and the state; restarted by hand it runs, and the error is still told', async () => {
    const caseNumber = await opened(1, '2022-09-20 09:00');
    world.signals.ends(`${caseNumber}-r1-a1`, {
      status: 'failed',
      error: 'TypeError',
      failedState: 'AwaitHomeVisit',
    });
    const lastError = {
      execution: `${caseNumber}-r1-a1`,
      error: 'TypeError',
      state: 'AwaitHomeVisit',
      at: '2022-09-20T02:00:00.000Z',
    };
    expect(await entryOf(caseNumber)).toMatchObject({
      status: 'failed',
      stuck: true,
      stuckBecause: 'execution-failed',
      lastError,
    });
    const key = world.key('once');
    const restarted = { value: { streamId: caseNumber, restarted: `${caseNumber}-r1-a2` } };
    expect(await retry(caseNumber, key)).toEqual(restarted);
    expect(await retry(caseNumber, key)).toEqual(restarted);
    expect(world.signals.running()).toEqual([`${caseNumber}-r1-a2`]);
    expect(await entryOf(caseNumber)).toMatchObject({
      status: 'running',
      execution: `${caseNumber}-r1-a2`,
      attempt: 2,
      stuck: false,
      lastError,
    });
    expect(taken(await getExecution(world, operator, caseNumber))).toMatchObject({
      open: true,
      lastError,
      attempts: [
        { execution: `${caseNumber}-r1-a2`, attempt: 2, status: 'running' },
        { execution: `${caseNumber}-r1-a1`, attempt: 1, status: 'failed', state: 'AwaitHomeVisit' },
      ],
    });
    expect(await retry(caseNumber)).toEqual({ value: { streamId: caseNumber, restarted: null } });
  });

  test.each([
    ['timed-out', 'execution-timed-out'],
    ['aborted', 'execution-aborted'],
    ['succeeded', 'execution-ended'],
  ] as const)('%s although its case is open: %s', async (status, stuckBecause) => {
    const caseNumber = await opened(1, '2022-09-20 09:00');
    world.passTo('2022-09-20 10:00');
    world.signals.ends(`${caseNumber}-r1-a1`, { status });
    expect(await entryOf(caseNumber)).toMatchObject({ status, stuck: true, stuckBecause });
  });

  test('missing: found once the feed has had its time, and restarted', async () => {
    world.passTo('2022-09-20 09:00');
    const caseNumber = await world.open(1);
    expect(await entryOf(caseNumber)).toMatchObject({ status: 'missing', attempt: 0, stuck: false });
    world.passTo('2022-09-20 09:05');
    expect(await entryOf(caseNumber)).toMatchObject({ stuck: true, stuckBecause: 'execution-missing' });
    // Heard of in the end, and then lost by the machine.
    await relay();
    world.signals.forgetAll();
    expect(await entryOf(caseNumber)).toMatchObject({
      status: 'missing',
      attempt: 1,
      stuckBecause: 'execution-missing',
    });
    expect(taken(await retry(caseNumber)).restarted).toBe(`${caseNumber}-r1-a1`);
    expect(world.signals.running()).toEqual([`${caseNumber}-r1-a1`]);
    expect(taken(await retry(caseNumber)).restarted).toBeNull();
  });

  test('one that is over needs none, and one that never was is not found', async () => {
    const caseNumber = await opened(1, '2022-09-20 09:00');
    await world.playTo(caseNumber, 'reported');
    await relay();
    expect((await listed()).executions.map(({ streamId }) => streamId)).not.toContain(caseNumber);
    expect(taken(await getExecution(world, operator, caseNumber))).toMatchObject({
      open: false,
      stage: 'reported',
      stuck: false,
    });
    expect(codeOf(await retry(caseNumber))).toBe('workflow-not-needed');
    expect(codeOf(await retry('R-610302-2022-999999'))).toBe('not-found');
    expect(codeOf(await getExecution(world, operator, 'R-610302-2022-999999'))).toBe('not-found');
  });
});

describe('a district with very many', () => {
  beforeEach(async () => {
    await openMonth(world);
    world.passTo('2031-12-31 10:00');
    await openMonth(world);
    await relay();
  });

  const pages = async (limit: number): Promise<ExecutionEntry[]> => {
    const seen: ExecutionEntry[] = [];
    let after: string | undefined;
    do {
      const page = await listed({ limit, ...(after === undefined ? {} : { after }) });
      expect(page.executions.length).toBeLessThanOrEqual(limit);
      seen.push(...page.executions);
      after = page.next;
    } while (after !== undefined);
    return seen;
  };

  test('page by page, without missing one and without seeing one twice, in the same order', async () => {
    const seen = await pages(37);
    expect(seen.length).toBeGreaterThan(200);
    expect(new Set(seen.map(({ streamId }) => streamId)).size).toBe(seen.length);
    const places = seen.map(({ stuck, openedAt, streamId }) => `${stuck ? 0 : 1}#${openedAt}#${streamId}`);
    expect(places).toEqual(places.toSorted());
  });

  test('while they run, nobody is asked about one of them', async () => {
    await pages(100);
    expect(world.signals.described()).toBe(0);
  });

  test('do they all stand still, a look asks about a page of them at most, and those that it shows', async () => {
    world.passTo('2031-12-31 11:00');
    world.signals.abortAll();
    const first = await listed({ limit: 100 });
    expect(world.signals.described()).toBe(100);
    const seen = await pages(100);
    expect(new Set(seen.map(({ status, stuckBecause }) => `${status} ${stuckBecause}`))).toEqual(
      new Set(['aborted execution-aborted']),
    );
    expect(seen.slice(0, 100)).toEqual(first.executions);
  });

  test('are reconciled in parts, each of which may be sent again', async () => {
    world.signals.abortAll();
    const restarted: string[] = [];
    let open = 0;
    let after: string | undefined;
    do {
      const key = world.key();
      const part = () => reconcileByHand(world, operator, after === undefined ? {} : { after }, key);
      const done = taken(await part());
      expect(taken(await part())).toEqual(done);
      expect(done.open).toBeLessThanOrEqual(50);
      open += done.open;
      restarted.push(...done.restarted);
      after = done.next;
    } while (after !== undefined);
    expect(open).toBe((await pages(100)).length);
    expect(restarted.toSorted()).toEqual(world.signals.running());
    expect(new Set((await pages(100)).map(({ status }) => status))).toEqual(new Set(['running']));
  });
});

describe('one stream whose changes cannot be carried', () => {
  test('holds up none of the others, and is told by the name of what was thrown', async () => {
    const poisoned = await opened(1, '2022-09-20 09:00');
    const other = await opened(2, '2022-09-20 10:00');
    world.signals.forgetAll();
    const broken: VillageWorld = {
      ...world,
      signals: {
        ...world.signals,
        start: async (ref, input) => {
          if (ref.name.startsWith(poisoned)) throw new RangeError(secretsOf(1).head);
          return world.signals.start(ref, input);
        },
      },
    };
    const done = taken(await reconcileByHand(broken, operator, {}, world.key()));
    expect(done.failed).toEqual([{ streamId: poisoned, error: 'RangeError' }]);
    expect(world.signals.running()).toContain(`${other}-r1-a1`);
    const reported: unknown[] = [];
    expect(
      await retryExecution(broken, operator, { streamId: poisoned }, world.key(), (defect) =>
        reported.push(defect),
      ),
    ).toEqual({ refusal: { code: 'change-not-carried', because: ['RangeError'] } });
    expect(reported).toEqual([expect.any(RangeError)]);
  });
});

describe('who may operate', () => {
  const looks = (actor: PersonActor) =>
    Promise.all([
      listExecutions(world, actor, { limit: 10 }),
      getExecution(world, actor, 'R-610302-2022-000001'),
      reconcileByHand(world, actor, {}, world.key()),
      retryExecution(world, actor, { streamId: 'R-610302-2022-000001' }, world.key(), () => undefined),
    ]);

  test.each([
    ['the bureau', bureau, 'role-not-permitted'],
    ['an auditor', auditor, 'role-not-permitted'],
    ['a town', townOfficer, 'not-found'],
    ['a village', villager, 'not-found'],
    ['nobody in particular', person('visitor'), 'not-found'],
    [
      'the operator of another district',
      person('other', { role: 'operator', division: '610303' as typeof district }),
      'not-found',
    ],
  ])('not %s', async (_who, actor, code) => {
    await opened(1, '2022-09-20 09:00');
    expect((await looks(actor)).map(codeOf)).toEqual([code, code, code, code]);
  });
});

test('nothing that an operator is shown tells who a household is', async () => {
  const caseNumber = await opened(1, '2022-09-20 09:00');
  await world.playTo(caseNumber, 'household-confirmation');
  await relay();
  const shown = [await entryOf(caseNumber), taken(await getExecution(world, operator, caseNumber))];
  expect(shown[0]).toMatchObject({
    waitingFor: [{ offices: expect.arrayContaining([{ role: 'household' }]) }],
  });
  const text = JSON.stringify(shown);
  const secrets = [
    ...Object.values(secretsOf(1)),
    ...Object.values(texts),
    'hh-0001',
    'home-1',
    'village-officer-',
  ];
  for (const secret of secrets) expect(text).not.toContain(secret);
});
