import { afterEach, describe, expect, test } from 'vitest';
import type { DivisionCode } from '../../shared/domain/access/identifiers.ts';
import { millisOf } from '../../shared/domain/calendar/instant.ts';
import { caseNumberOf } from '../../shared/domain/release/identifiers.ts';
import { commit } from '../../shared/ledger/commit.ts';
import { completeFiling, fileEarly } from '../../shared/use-cases/monthly/file-cases.ts';
import { joinFilingWrites } from '../../shared/use-cases/monthly/filing-stream.ts';
import { openMonth } from '../../shared/use-cases/monthly/open-month.ts';
import { getFiling } from '../../shared/use-cases/monthly/read-filing.ts';
import { readFilingStanding } from '../../shared/use-cases/monthly/read-standing.ts';
import { signCityReport } from '../../shared/use-cases/monthly/sign-city-report.ts';
import { putDivision } from '../../shared/use-cases/registers/put-division.ts';
import { fileObjection } from '../../shared/use-cases/release/file-objection.ts';
import { getReleaseCase } from '../../shared/use-cases/release/get-release-case.ts';
import { verifyLedger } from '../../shared/use-cases/verify-ledger.ts';
import {
  readCaseStanding,
  recordCityReport,
  recordFiling,
} from '../../shared/use-cases/workflow/case-tasks.ts';
import { escalateStep } from '../../shared/use-cases/workflow/step-tasks.ts';
import { bureau, district, month, town, townOfficer, villager } from '../support/release-people.ts';
import { shanghai } from '../support/shanghai.ts';
import {
  codeOf,
  createVillageWorld,
  october,
  registrar,
  taken,
  texts,
  type VillageWorld,
} from '../support/village-world.ts';

let world: VillageWorld;
afterEach(() => world.close());

/** Approvals as they join the month, without the years of work before them. */
const approve = async (count: number, from = 1): Promise<string[]> => {
  const numbers = Array.from({ length: count }, (_, index) => caseNumberOf(district, '2021', from + index));
  for (const number of numbers)
    await commit(world, async () => ({
      writes: await joinFilingWrites(world.store, town, october.month, number, world.clock.now()),
      answer: undefined,
    }));
  return numbers;
};

describe('closing the month', () => {
  test.each([1, 101, 1000])(
    '%i approved cases are filed in one event and one small transaction',
    async (count) => {
      world = await createVillageWorld({ households: 0 });
      world.passTo('2022-10-01 00:00');
      await openMonth(world);
      const numbers = await approve(count);
      world.passTo('2022-10-26 00:00');
      expect(await completeFiling(world, october)).toEqual({ stage: 'completed', waitUntil: null });
      const { filing, waiting } = taken(await getFiling(world, bureau, october));
      expect(filing.filings).toHaveLength(1);
      expect(filing.filings[0]?.caseNumbers).toEqual(numbers);
      expect(waiting).toEqual([]);
      expect(world.largestTransaction()).toBeLessThanOrEqual(10);
      const check = taken(await verifyLedger(world, bureau, `F-${town}-2022-10`));
      expect(check).toMatchObject({ verified: true, events: 3 });
    },
  );

  test('a month without a case is completed all the same', async () => {
    world = await createVillageWorld({ households: 0 });
    world.passTo('2022-10-01 00:00');
    await openMonth(world);
    expect(await completeFiling(world, october)).toEqual({
      stage: 'open',
      waitUntil: shanghai('2022-10-26 00:00'),
    });
    world.passTo('2022-10-26 00:00');
    await completeFiling(world, october);
    expect(await readFilingStanding(world, october)).toEqual({ stage: 'completed', waitUntil: null });
    expect(taken(await getFiling(world, bureau, october)).filing.filings).toEqual([]);
  });

  test('filed early, later approvals go in a supplement; closing twice changes nothing', async () => {
    world = await createVillageWorld({ households: 0 });
    world.passTo('2022-10-01 00:00');
    await openMonth(world);
    expect(codeOf(await fileEarly(world, townOfficer, october, world.key()))).toBe('filing-empty');
    const early = await approve(2);
    const key = world.key('early');
    const filed = taken(await fileEarly(world, townOfficer, october, key));
    expect(filed).toMatchObject({ number: 1, cases: early });
    expect(taken(await fileEarly(world, townOfficer, october, key))).toEqual(filed);
    const late = await approve(1, 3);
    expect(taken(await getFiling(world, bureau, october)).waiting).toEqual(late);
    world.passTo('2022-10-26 00:00');
    await Promise.all([completeFiling(world, october), completeFiling(world, october)]);
    const { filing } = taken(await getFiling(world, bureau, october));
    expect(filing.filings).toMatchObject([
      { number: 1, early: true, caseNumbers: early },
      { number: 2, early: false, caseNumbers: late },
    ]);
    expect(codeOf(await fileEarly(world, townOfficer, october, world.key()))).toBe('filing-completed');
  });

  test('only the town files its own month early', async () => {
    world = await createVillageWorld({ households: 0 });
    expect(codeOf(await fileEarly(world, bureau, october, world.key()))).toBe('role-not-permitted');
    expect(codeOf(await fileEarly(world, villager, october, world.key()))).toBe('not-found');
  });

  test('opening the month again and again opens nothing twice', async () => {
    world = await createVillageWorld({ households: 0 });
    world.passTo('2022-10-01 00:00');
    await openMonth(world);
    const rows = () => world.db.prepare('SELECT pk, sk, rev FROM items ORDER BY pk, sk').all();
    const before = rows();
    await Promise.all([openMonth(world), openMonth(world)]);
    expect(rows()).toEqual(before);
    expect(before).toContainEqual({ pk: `OPEN#${district}`, sk: `C-${district}-2022-09`, rev: 1 });
  });
});

describe('months in which nothing ran', () => {
  const documents = () =>
    (
      world.db
        .prepare("SELECT pk FROM items WHERE sk = 'STATE' AND (pk LIKE 'STREAM#F-%' OR pk LIKE 'STREAM#C-%')")
        .all() as { pk: string }[]
    )
      .map(({ pk }) => pk.slice('STREAM#'.length))
      .toSorted();

  test('have their filings and their report all the same, once somebody looks', async () => {
    world = await createVillageWorld({ households: 0 });
    world.passTo('2022-12-02 08:00');
    await openMonth(world);
    expect(documents()).toEqual([
      `C-${district}-2022-09`,
      `C-${district}-2022-10`,
      `C-${district}-2022-11`,
      `F-${town}-2022-09`,
      `F-${town}-2022-10`,
      `F-${town}-2022-11`,
      `F-${town}-2022-12`,
    ]);
    // The cut-offs of the earlier ones are over: their workflows complete them at once.
    expect(await completeFiling(world, october)).toEqual({ stage: 'completed', waitUntil: null });
  });

  test('a town that was registered later has no filing of the months before', async () => {
    world = await createVillageWorld({ households: 0 });
    world.passTo('2022-10-05 08:00');
    const later = `${district}199` as DivisionCode;
    taken(await putDivision(world, registrar, { code: later, name: '新设镇' }));
    world.passTo('2022-11-01 00:00');
    await openMonth(world);
    expect(documents().filter((id) => id.startsWith(`F-${later}`))).toEqual([
      `F-${later}-2022-10`,
      `F-${later}-2022-11`,
    ]);
  });

  test('a case announced in one of them is still reported', async () => {
    world = await createVillageWorld();
    const caseNumber = await world.open(1);
    await world.playTo(caseNumber, 'city-report');
    const { stage } = await world.state(caseNumber);
    if (stage.name !== 'city-report') throw new Error('the case was not announced');
    // Nothing runs for two months; the report's own day has passed without it.
    world.passTo('2023-01-09 08:00');
    await openMonth(world);
    const taskId = `C-${district}-${stage.cityReportMonth}.city-report-signature`;
    taken(await signCityReport(world, bureau, taskId, world.key()));
    expect(await recordCityReport(world, { caseNumber, round: 1 })).toMatchObject({ stage: 'reported' });
  });
});

describe('a case that waits for the filing', () => {
  test('wakes before the month is closed: it looks again a little later', async () => {
    world = await createVillageWorld();
    const caseNumber = await world.open(1);
    await world.playTo(caseNumber, 'filing');
    world.passTo('2022-10-26 00:02');
    const standing = await recordFiling(world, { caseNumber, round: 1 });
    expect(standing).toMatchObject({ stage: 'filing', waitUntil: shanghai('2022-10-26 00:07') });
  });

  test('was filed early: it need not wait for the cut-off any more', async () => {
    world = await createVillageWorld();
    const caseNumber = await world.open(1);
    await world.playTo(caseNumber, 'filing');
    const waits = await readCaseStanding(world, { caseNumber, round: 1 });
    expect(waits.waitUntil && waits.waitUntil > shanghai('2022-10-26 00:00')).toBe(true);
    taken(await fileEarly(world, townOfficer, october, world.key()));
    expect(await readCaseStanding(world, { caseNumber, round: 1 })).toMatchObject({
      stage: 'filing',
      waitUntil: world.clock.now(),
    });
    expect(await recordFiling(world, { caseNumber, round: 1 })).toMatchObject({
      stage: 'department-comparison',
    });
  });

  test('missed one cut-off and then the next: every confirmation is a task that can be answered', async () => {
    world = await createVillageWorld();
    const caseNumber = await world.open(1);
    await world.playTo(caseNumber, 'town-verification');
    world.passTo('2022-10-26 00:00');
    const evidence = [await world.photo(caseNumber)];
    await world.did(caseNumber, townOfficer, { step: 'town-verification', outcome: 'approved', evidence });
    const confirm = () =>
      world.decide(caseNumber, townOfficer, { step: 'filing-confirmation', outcome: 'unchanged' });
    expect(codeOf(await confirm())).toBe('too-early');
    world.passTo('2022-11-26 00:00');
    // Nobody confirmed in time: the escalation goes on record, and later does not stand in the way of the answer.
    const taskId = await world.taskId(caseNumber, 'filing-confirmation');
    const { wakeAt } = await escalateStep(world, { taskId });
    expect(wakeAt > world.clock.now()).toBe(true);
    taken(await confirm());
    expect(await world.state(caseNumber)).toMatchObject({
      stage: { name: 'filing-confirmation', filingMonth: '2022-12' },
    });
    world.passTo('2022-12-01 00:00');
    taken(await confirm());
    await world.playTo(caseNumber, 'department-comparison');
    const december = { town, month: month('2022-12') };
    expect(taken(await getFiling(world, bureau, december)).filing.filings[0]?.caseNumbers).toEqual([
      caseNumber,
    ]);
    const check = taken(await verifyLedger(world, bureau, caseNumber));
    expect(check).toMatchObject({ verified: true });
  });
});

describe('objections', () => {
  test('of a whole crowd are all on record, and one that is upheld still fits one transaction', async () => {
    world = await createVillageWorld();
    const caseNumber = await world.open(1);
    await world.playTo(caseNumber, 'notice');
    const { stage } = await world.state(caseNumber);
    if (stage.name !== 'notice') throw new Error('no notice hangs');
    const objecting = { noticeId: stage.noticeId, ground: 'other', statement: texts.statement } as const;
    for (let count = 0; count < 60; count += 1) taken(await fileObjection(world, objecting, world.key()));
    const evidence = [await world.photo(caseNumber)];
    const investigation = {
      step: 'objection-investigation',
      finding: 'substantiated',
      evidence,
      record: texts.investigation,
    } as const;
    await world.did(caseNumber, villager, investigation, '.o1');
    const ruling = { step: 'objection-decision', outcome: 'upheld', reasons: texts.reasons } as const;
    await world.did(caseNumber, townOfficer, ruling, '.o1');
    expect(await world.state(caseNumber)).toMatchObject({
      stage: { name: 'objection-follow-up' },
      tasks: [{ step: 'objection-follow-up' }],
    });
    expect(world.largestTransaction()).toBeLessThanOrEqual(100);
  });

  test('beyond what one notice takes are told where else to report, and the case can still be read', async () => {
    world = await createVillageWorld();
    const caseNumber = await world.open(1);
    await world.playTo(caseNumber, 'notice');
    const { stage } = await world.state(caseNumber);
    if (stage.name !== 'notice') throw new Error('no notice hangs');
    const objecting = { noticeId: stage.noticeId, ground: 'other', statement: '异'.repeat(4000) } as const;
    for (let count = 0; count < 200; count += 1) taken(await fileObjection(world, objecting, world.key()));
    expect(await fileObjection(world, objecting, world.key())).toMatchObject({
      refusal: { code: 'objections-full', because: [expect.any(String), '12317'] },
    });
    // What a function may answer on AWS ends at 6 MB.
    const view = taken(await getReleaseCase(world, villager, caseNumber));
    expect(Buffer.byteLength(JSON.stringify(view))).toBeLessThan(5_000_000);
  });

  test('after the end are told where else to report', async () => {
    world = await createVillageWorld();
    const caseNumber = await world.open(1);
    await world.playTo(caseNumber, 'notice');
    const { stage } = await world.state(caseNumber);
    if (stage.name !== 'notice') throw new Error('no notice hangs');
    world.passTo(stage.endsAt);
    expect(millisOf(world.clock.now())).toBe(millisOf(stage.endsAt));
    const objecting = { noticeId: stage.noticeId, ground: 'other', statement: texts.statement } as const;
    const late = await fileObjection(world, objecting, world.key());
    expect(late).toMatchObject({
      refusal: { code: 'objection-period-over', because: [expect.any(String), '12317'] },
    });
  });
});
