import { afterEach, describe, expect, test } from 'vitest';
import { readEvents } from '../../shared/ledger/stream.ts';
import { completeFiling } from '../../shared/use-cases/monthly/file-cases.ts';
import { openMonth } from '../../shared/use-cases/monthly/open-month.ts';
import { getCityReport } from '../../shared/use-cases/monthly/read-city-report.ts';
import { getFiling } from '../../shared/use-cases/monthly/read-filing.ts';
import { getHousehold } from '../../shared/use-cases/registers/get-household.ts';
import { putHousehold } from '../../shared/use-cases/registers/put-household.ts';
import { openReleaseCase } from '../../shared/use-cases/release/open-release-case.ts';
import type { TaskInput } from '../../shared/use-cases/tasks/decide-task.ts';
import { decideTask } from '../../shared/use-cases/tasks/decide-task.ts';
import { escalateStep } from '../../shared/use-cases/workflow/step-tasks.ts';
import { createInterleavingStore } from '../support/interleaving-store.ts';
import {
  bureau,
  district,
  group,
  leader,
  month,
  town,
  townOfficer,
  villager,
} from '../support/release-people.ts';
import { shanghai } from '../support/shanghai.ts';
import {
  codeOf,
  createVillageWorld,
  householdOf,
  october,
  registrar,
  secretsOf,
  taken,
  texts,
  type VillageWorld,
} from '../support/village-world.ts';

let world: VillageWorld;
afterEach(() => world.close());

test('a clock that lags decides nothing before what stands on record already', async () => {
  world = await createVillageWorld();
  const caseNumber = await world.open(1);
  await world.playTo(caseNumber, 'town-verification');
  world.passTo('2022-10-26 00:00');
  const taskId = await world.taskId(caseNumber, 'town-verification');
  await escalateStep(world, { taskId });
  const evidence = [await world.photo(caseNumber)];
  const lagging = { ...world, clock: { now: () => shanghai('2022-10-25 23:59:59.990') } };
  const input = { step: 'town-verification', outcome: 'approved', evidence } as const;
  taken(await decideTask(lagging, townOfficer, { taskId, input }, world.key()));
  const approval = (await readEvents(world.store, caseNumber)).at(-1);
  expect(approval).toMatchObject({
    type: 'town-verification-approved',
    at: shanghai('2022-10-26 00:00'),
    data: { filingMonth: '2022-11', confirmationNeeded: true },
  });
});

describe('the town’s approval races the closing of the month', () => {
  test.each([
    [
      'closed while the approval is on its way: it lands in November, to be confirmed',
      '2022-10-25 23:59:59.999',
    ],
    ['approved an instant after the cut-off: likewise', '2022-10-26 00:00'],
  ])('%s', async (_what, approvedAt) => {
    const interleaving = createInterleavingStore();
    world = await createVillageWorld({ around: interleaving.around });
    await openMonth(world);
    const caseNumber = await world.open(1);
    await world.playTo(caseNumber, 'town-verification');
    world.passTo('2022-10-10 09:00');
    await openMonth(world);
    world.passTo(approvedAt);
    interleaving.before(`STREAM#${caseNumber}`, async () => {
      world.passTo('2022-10-26 00:00');
      await completeFiling(world, october);
    });
    const evidence = [await world.photo(caseNumber)];
    await world.did(caseNumber, townOfficer, { step: 'town-verification', outcome: 'approved', evidence });
    expect((await world.state(caseNumber)).stage).toMatchObject({
      name: 'filing-confirmation',
      filingMonth: '2022-11',
    });
    expect(taken(await getFiling(world, bureau, october)).filing).toMatchObject({ filings: [] });
    await world.playTo(caseNumber, 'department-comparison');
    const november = taken(await getFiling(world, bureau, { town, month: month('2022-11') }));
    expect(november.filing.filings).toMatchObject([{ number: 1, caseNumbers: [caseNumber] }]);
  });

  test('approved while the closing is on its way: it is filed in October', async () => {
    const interleaving = createInterleavingStore();
    world = await createVillageWorld({ around: interleaving.around });
    world.passTo('2022-10-01 00:00');
    const caseNumber = await world.open(1);
    await world.playTo(caseNumber, 'town-verification');
    await openMonth(world);
    const evidence = [await world.photo(caseNumber)];
    world.passTo('2022-10-26 00:00');
    // Its instant was taken before the cut-off; the closing's first look did not find it yet.
    const early = {
      ...world,
      clock: { now: () => '2022-10-25T15:59:59.999Z' as ReturnType<typeof world.clock.now> },
    };
    const taskId = await world.taskId(caseNumber, 'town-verification');
    interleaving.before('STREAM#F-', async () => {
      taken(
        await decideTask(
          early,
          townOfficer,
          { taskId, input: { step: 'town-verification', outcome: 'approved', evidence } },
          world.key(),
        ),
      );
    });
    await completeFiling(world, october);
    const { filing, waiting } = taken(await getFiling(world, bureau, october));
    expect(filing.filings).toMatchObject([{ number: 1, caseNumbers: [caseNumber], early: false }]);
    expect(waiting).toEqual([]);
    await world.playTo(caseNumber, 'department-comparison');
  });
});

describe('an announcement races the signature of the city report', () => {
  const signature: TaskInput = { step: 'city-report-signature' };

  test('signed while the announcement is on its way: it goes into the next month’s report', async () => {
    const interleaving = createInterleavingStore();
    world = await createVillageWorld({ around: interleaving.around });
    const caseNumber = await world.open(1);
    await world.playTo(caseNumber, 'announcement');
    world.passTo('2022-10-31 23:59:59.999');
    interleaving.before(`STREAM#${caseNumber}`, async () => {
      world.passTo('2022-11-01 00:00');
      await openMonth(world);
      const taskId = `C-${district}-2022-10.city-report-signature`;
      taken(await decideTask(world, bureau, { taskId, input: signature }, world.key()));
    });
    await world.did(caseNumber, bureau, {
      step: 'announcement',
      outcome: 'announced',
      announcement: texts.announcement,
    });
    expect((await world.state(caseNumber)).stage).toMatchObject({ cityReportMonth: '2022-11' });
    const report = taken(await getCityReport(world, bureau, month('2022-10')));
    expect(report).toMatchObject({ report: { signed: { households: 0 } }, announced: [] });
  });

  test('announced while the signature is on its way: the report is not complete yet', async () => {
    const interleaving = createInterleavingStore();
    world = await createVillageWorld({ around: interleaving.around });
    const caseNumber = await world.open(1);
    await world.playTo(caseNumber, 'announcement');
    const last = {
      ...world,
      clock: { now: () => '2022-10-31T15:59:59.999Z' as ReturnType<typeof world.clock.now> },
    };
    const announcing = await world.taskId(caseNumber, 'announcement');
    world.passTo('2022-11-01 00:00');
    await openMonth(world);
    interleaving.before('STREAM#C-', async () => {
      const input = { step: 'announcement', outcome: 'announced', announcement: texts.announcement } as const;
      taken(await decideTask(last, bureau, { taskId: announcing, input }, world.key()));
    });
    const taskId = `C-${district}-2022-10.city-report-signature`;
    const signed = await decideTask(world, bureau, { taskId, input: signature }, world.key());
    expect(signed).toEqual({ refusal: { code: 'city-report-incomplete', because: [caseNumber] } });
  });
});

describe('two at once', () => {
  test('on one task: one decides, the other is told that it is not open', async () => {
    world = await createVillageWorld();
    const caseNumber = await world.open(1);
    const evidence = [await world.photo(caseNumber)];
    const input = { step: 'home-visit', outcome: 'eligible', evidence, record: texts.visit } as const;
    const second = { ...villager, personId: 'village-officer-2' as typeof villager.personId };
    const outcomes = await Promise.all([
      world.decide(caseNumber, villager, input),
      world.decide(caseNumber, second, input),
    ]);
    expect(outcomes.map(codeOf).toSorted()).toEqual(['task-not-open', undefined]);
    const visits = (await readEvents(world.store, caseNumber)).filter(
      ({ type }) => type === 'home-visit-recorded',
    );
    expect(visits).toHaveLength(1);
  });

  test('with one Idempotency-Key: one fact, the same answer to both and to a third later', async () => {
    world = await createVillageWorld();
    const caseNumber = await world.open(1);
    const evidence = [await world.photo(caseNumber)];
    const input = { step: 'home-visit', outcome: 'eligible', evidence, record: texts.visit } as const;
    const taskId = await world.taskId(caseNumber, 'home-visit');
    const send = () => decideTask(world, villager, { taskId, input }, world.key('the-same'));
    const [first, second] = await Promise.all([send(), send()]);
    expect(taken(first)).toEqual(taken(second));
    expect(await send()).toEqual(first);
    expect(await readEvents(world.store, caseNumber)).toHaveLength(3);
  });

  test('one key for two requests is refused', async () => {
    world = await createVillageWorld({ households: 2 });
    const key = world.key('mine');
    taken(await openReleaseCase(world, leader, { householdId: householdOf(1) }, key));
    const other = await openReleaseCase(
      world,
      leader,
      { householdId: householdOf(2) },
      { ...key, fingerprint: 'another request' },
    );
    expect(other).toMatchObject({ refusal: { code: 'idempotency-key-reused' } });
  });

  test('thirty cases of thirty households at once get thirty numbers, without a gap', async () => {
    world = await createVillageWorld({ households: 30 });
    const serials = Array.from({ length: 30 }, (_, index) => index + 1);
    const numbers = await Promise.all(serials.map((serial) => world.open(serial)));
    expect(numbers.toSorted()).toEqual(
      serials.map((serial) => `R-610302-2022-${String(serial).padStart(6, '0')}`),
    );
  });

  test('two reports of one household: one case, and whoever is second is told which', async () => {
    world = await createVillageWorld();
    const report = () => openReleaseCase(world, leader, { householdId: householdOf(1) }, world.key());
    const outcomes = await Promise.all([report(), report()]);
    expect(outcomes.map(codeOf).toSorted()).toEqual(['case-already-open', undefined]);
    expect(await report()).toEqual({
      refusal: { code: 'case-already-open', because: ['R-610302-2022-000001'] },
    });
  });

  test('a household registered twice at once can still be read', async () => {
    world = await createVillageWorld({ households: 0 });
    const { address, head, headId } = secretsOf(7);
    const register = (village: string) =>
      putHousehold(world, registrar, {
        householdId: householdOf(7),
        group,
        category: 'marginal',
        address: `${address}${village}`,
        head: 'm1',
        members: [{ memberId: 'm1', name: head, idNumber: headId, relation: '户主', ableToWork: true }],
      });
    await Promise.all([register('a'), register('b'), register('c')]);
    expect(taken(await getHousehold(world, bureau, householdOf(7))).profile.members[0]?.name).toBe(head);
  });
});
