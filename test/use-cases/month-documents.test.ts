import { afterEach, describe, expect, test } from 'vitest';
import type { AmendmentInput } from '../../shared/use-cases/monthly/amend-city-report.ts';
import { amendCityReport } from '../../shared/use-cases/monthly/amend-city-report.ts';
import { fileEarly } from '../../shared/use-cases/monthly/file-cases.ts';
import { openMonth } from '../../shared/use-cases/monthly/open-month.ts';
import { listCityReports } from '../../shared/use-cases/monthly/read-city-report.ts';
import { listFilings } from '../../shared/use-cases/monthly/read-filing.ts';
import { getCandidateList } from '../../shared/use-cases/release/candidate-list.ts';
import { requestRelease } from '../../shared/use-cases/release/open-release-case.ts';
import { verifyLedger } from '../../shared/use-cases/verify-ledger.ts';
import {
  auditor,
  bureau,
  district,
  group,
  home,
  leader,
  month,
  person,
  town,
  townOfficer,
} from '../support/release-people.ts';
import {
  codeOf,
  createVillageWorld,
  homeOf,
  householdOf,
  leaders,
  october,
  taken,
  type VillageWorld,
} from '../support/village-world.ts';

let world: VillageWorld;
afterEach(() => world.close());

const ask = (serial: number, by = homeOf(serial)) =>
  requestRelease(world, by, { householdId: householdOf(serial) }, world.key());
const listOf = async (monthText: string, by = leader) =>
  taken(await getCandidateList(world, by, { group, month: month(monthText) })).candidates;

describe("the grid leader's list of a month", () => {
  test('holds every request with its answer, and every household proposed', async () => {
    world = await createVillageWorld({ households: 3 });
    const first = taken(await ask(1)).caseNumber;
    const second = taken(await ask(2)).caseNumber;
    const third = await world.open(3);
    expect(await listOf('2022-09')).toMatchObject([
      { caseNumber: first, door: 'request', answer: 'waiting', dueAt: '2022-09-30T16:00:00.000Z' },
      { caseNumber: second, door: 'request', answer: 'waiting' },
      { caseNumber: third, door: 'proposal', answer: 'reported' },
    ]);
    await world.did(first, leader, { step: 'request-answer', outcome: 'reported' });
    const reasons = '收入还不稳定';
    await world.did(second, leader, {
      step: 'request-answer',
      outcome: 'declined',
      reason: 'standards-not-met',
      reasons,
    });
    expect((await listOf('2022-09')).map(({ answer }) => answer)).toEqual([
      'reported',
      'declined',
      'reported',
    ]);
    expect(await world.state(first)).toMatchObject({ round: 1, stage: { name: 'home-visit' } });
    expect(await world.state(second)).toMatchObject({
      stage: { name: 'closed', reason: 'request-declined' },
    });
    // Asked again on the last days of the month: they leave no time, so October's list answers.
    world.passTo('2022-09-29 10:00');
    const again = taken(await ask(2)).caseNumber;
    expect(await listOf('2022-10')).toMatchObject([{ caseNumber: again, answer: 'waiting' }]);
    expect(codeOf(await ask(2))).toBe('case-already-open');
  });

  test('is asked for by the household or for it, and read by nobody outside', async () => {
    world = await createVillageWorld({ households: 2 });
    expect(codeOf(await ask(1, homeOf(2)))).toBe('not-found');
    expect(codeOf(await ask(1, townOfficer))).toBe('role-not-permitted');
    const { caseNumber } = taken(await ask(1, leader));
    expect(await world.state(caseNumber)).toMatchObject({ stage: { name: 'request' }, deciders: [] });
    const stranger = person('x', { role: 'village-officer', division: '610302101202' as typeof town });
    const seen = { group, month: month('2022-09') };
    expect(codeOf(await getCandidateList(world, stranger, seen))).toBe('not-found');
    expect(codeOf(await getCandidateList(world, home, seen))).toBe('not-found');
    expect(await listOf('2022-09', leaders.village)).toHaveLength(1);
  });
});

test('filings are listed by month and town with their cases, for those who may see the town', async () => {
  world = await createVillageWorld();
  world.passTo('2022-09-30 09:00');
  await openMonth(world);
  const caseNumber = await world.open(1);
  await world.playTo(caseNumber, 'filing');
  taken(await fileEarly(world, townOfficer, october, world.key()));
  const names = async (by: typeof bureau, where: Parameters<typeof listFilings>[2]) =>
    (await listFilings(world, by, where)).filings.map(({ filing }) => filing.filingId);
  const all = ['F-610302101-2022-09', 'F-610302101-2022-10'];
  expect(await names(bureau, { limit: 10 })).toEqual(all);
  expect(await names(townOfficer, { limit: 10, month: october.month })).toEqual([all[1]]);
  expect(await names(townOfficer, { limit: 10, town })).toEqual(all);
  const elsewhere = person('y', { role: 'town-officer', division: '610302102' as typeof town });
  expect(await names(elsewhere, { limit: 10 })).toEqual([]);
  const first = await listFilings(world, bureau, { limit: 1 });
  const { filings, next } = await listFilings(world, bureau, { limit: 1, after: first.next ?? '' });
  expect(filings[0]?.filing.filings).toMatchObject([{ number: 1, early: true, caseNumbers: [caseNumber] }]);
  expect(next).toBeUndefined();
});

describe('a signed city report', () => {
  const amend = (input: AmendmentInput, by = bureau) =>
    amendCityReport(world, by, { month: month('2022-10'), ...input }, world.key());
  const wrong = (caseNumber: string, people: number | null): AmendmentInput => ({
    reason: 'figure-wrong',
    corrections: [{ caseNumber, people }],
    reference: '更正〔2022〕1号',
  });

  test('stays as it was signed, and is read with its numbered amendments', async () => {
    world = await createVillageWorld();
    const caseNumber = await world.open(1);
    await world.playTo(caseNumber, 'city-report');
    world.passTo('2022-11-01 09:00');
    await openMonth(world);
    expect(codeOf(await amend(wrong(caseNumber, 3)))).toBe('city-report-not-signed');
    await world.playTo(caseNumber, 'reported');

    expect(taken(await amend(wrong(caseNumber, 3)))).toMatchObject({ number: 1, households: 1, people: 3 });
    expect(codeOf(await amend(wrong(caseNumber, 3)))).toBe('correction-changes-nothing');
    expect(taken(await amend(wrong(caseNumber, null)))).toMatchObject({
      number: 2,
      households: 0,
      people: 0,
    });
    expect(codeOf(await amend(wrong('R-610302-2022-000099', 2)))).toBe('case-not-reported');
    // Struck by mistake, it is put back by another amendment.
    expect(taken(await amend(wrong(caseNumber, 2)))).toMatchObject({ number: 3, households: 1, people: 2 });
    expect(codeOf(await amend(wrong(caseNumber, 2), auditor))).toBe('role-not-permitted');
    expect(codeOf(await amend(wrong(caseNumber, 2), townOfficer))).toBe('not-found');

    // September had no case: a nil report, which waits for its signature all the same.
    const { reports } = taken(await listCityReports(world, auditor, { limit: 10 }));
    expect(reports.map((report) => report.month)).toEqual(['2022-09', '2022-10']);
    expect(reports[1]).toMatchObject({
      signed: { households: 1, people: 2 },
      amendments: [{ number: 1 }, { number: 2 }, { number: 3 }],
    });
    const streamId = `C-${district}-2022-10`;
    expect(taken(await verifyLedger(world, auditor, streamId))).toMatchObject({ verified: true });
  });
});
