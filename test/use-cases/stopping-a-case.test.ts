import { afterEach, describe, expect, test } from 'vitest';
import type { PersonActor } from '../../shared/domain/access/actor.ts';
import type { CaseNumber } from '../../shared/domain/release/identifiers.ts';
import type { StageName } from '../../shared/domain/release/state.ts';
import { fileEarly } from '../../shared/use-cases/monthly/file-cases.ts';
import { getFiling } from '../../shared/use-cases/monthly/read-filing.ts';
import { readNotice } from '../../shared/use-cases/release/public-notice.ts';
import { pauseCase, withdrawCase } from '../../shared/use-cases/release/stop-case.ts';
import { verifyLedger } from '../../shared/use-cases/verify-ledger.ts';
import { readCaseStanding } from '../../shared/use-cases/workflow/case-tasks.ts';
import { escalateStep } from '../../shared/use-cases/workflow/step-tasks.ts';
import { auditor, bureau, departmentOfficer, townOfficer, villager } from '../support/release-people.ts';
import {
  codeOf,
  createVillageWorld,
  homeOf,
  october,
  taken,
  texts,
  type VillageWorld,
} from '../support/village-world.ts';

let world: VillageWorld;
afterEach(() => world.close());

const withdrawAs = (by: PersonActor, caseNumber: CaseNumber, evidence: readonly [] = []) =>
  withdrawCase(
    world,
    by,
    { caseNumber, reason: 'risk-returned', reasons: '户主再次住院', evidence },
    world.key(),
  );

const verified = async (caseNumber: CaseNumber) => {
  const { verified: holds, problems } = taken(await verifyLedger(world, auditor, caseNumber));
  expect(problems).toEqual([]);
  expect(holds).toBe(true);
};

const beforeTheAnnouncement: readonly StageName[] = [
  'home-visit',
  'household-confirmation',
  'appraisal',
  'notice-posting',
  'notice',
  'town-verification',
  'filing',
  'department-comparison',
  'spot-check',
  'announcement',
];

describe('a withdrawal', () => {
  test.each(beforeTheAnnouncement)('at %s ends the case, and leaves nothing open', async (stage) => {
    world = await createVillageWorld();
    const caseNumber = await world.open(1);
    await world.playTo(caseNumber, stage);
    expect(taken(await withdrawAs(homeOf(1), caseNumber))).toMatchObject({ stage: 'closed' });
    const state = await world.state(caseNumber);
    expect(state).toMatchObject({ stage: { name: 'closed', reason: 'withdrawn' }, tasks: [] });
    expect(state.endedRounds).toMatchObject([{ round: 1, reason: 'withdrawn' }]);
    expect(await readCaseStanding(world, { caseNumber, round: 1 })).toMatchObject({ stage: 'closed' });
    await verified(caseNumber);
    // The household can be reported again, under a new number.
    expect(await world.open(1)).not.toBe(caseNumber);
  });

  test('takes the notice off the board', async () => {
    world = await createVillageWorld();
    const caseNumber = await world.open(1);
    await world.playTo(caseNumber, 'notice');
    const { stage } = await world.state(caseNumber);
    if (stage.name !== 'notice') throw new Error('no notice hangs out');
    taken(await withdrawAs(bureau, caseNumber));
    expect((await readNotice(world.store, stage.noticeId))?.notice.status).toBe('stopped');
  });

  test('takes an approved case out of the month, but not out of a filing that was made', async () => {
    world = await createVillageWorld({ households: 2 });
    const first = await world.open(1);
    await world.playTo(first, 'filing', 1);
    taken(await withdrawAs(homeOf(1), first));
    expect(taken(await getFiling(world, bureau, october)).waiting).toEqual([]);

    const second = await world.open(2);
    await world.playTo(second, 'filing', 2);
    taken(await fileEarly(world, townOfficer, october, world.key()));
    // Nobody has told the case yet that it is filed: it hears of it before it is withdrawn.
    taken(await withdrawAs(homeOf(2), second));
    expect(taken(await getFiling(world, bureau, october)).filing.filings).toMatchObject([
      { caseNumbers: [second] },
    ]);
    expect(await world.state(second)).toMatchObject({
      stage: { name: 'closed' },
      lastFiledMonth: '2022-10',
    });
    await verified(second);
  });

  test('is for the household, its village with a signed form, and the bureau; for nobody else', async () => {
    world = await createVillageWorld({ households: 2 });
    const caseNumber = await world.open(1);
    expect(codeOf(await withdrawAs(villager, caseNumber))).toBe('evidence-required');
    expect(codeOf(await withdrawAs(townOfficer, caseNumber))).toBe('role-not-permitted');
    expect(codeOf(await withdrawAs(homeOf(2), caseNumber))).toBe('not-found');
    const evidence = [await world.photo(caseNumber)];
    const { reason, reasons } = { reason: 'not-wanted', reasons: '本人不愿' } as const;
    const form = { caseNumber, reason, reasons, evidence };
    taken(await withdrawCase(world, villager, form, world.key()));
    expect(codeOf(await withdrawAs(bureau, caseNumber))).toBe('case-not-open');
  });

  test('comes too late after the announcement', async () => {
    world = await createVillageWorld();
    const caseNumber = await world.open(1);
    await world.playTo(caseNumber, 'leadership-filing');
    expect(codeOf(await withdrawAs(homeOf(1), caseNumber))).toBe('already-released');
  });

  test('sent twice is one', async () => {
    world = await createVillageWorld();
    const caseNumber = await world.open(1);
    const form = { caseNumber, reason: 'other', reasons: '不办了', evidence: [] } as const;
    const key = world.key('once');
    const first = taken(await withdrawCase(world, homeOf(1), form, key));
    expect(taken(await withdrawCase(world, homeOf(1), form, key))).toEqual(first);
  });

  test('of a case whose every department is late fits into one transaction', async () => {
    world = await createVillageWorld({ households: 0 });
    const kinds = Array.from({ length: 12 }, (_, index) => ({
      measureId: `m-${index}`,
      kind: 'industry' as const,
      leadDepartment: `lead-${String.fromCharCode(97 + index)}` as never,
      implementedOn: '2021-11-01' as never,
    }));
    const { goodFacts } = await import('../support/release-people.ts');
    await world.registerHousehold(1, { ...goodFacts, measures: kinds });
    for (const { leadDepartment } of kinds) {
      const officer = departmentOfficer(leadDepartment);
      await world.registerPerson(officer);
      await world.registerPerson({
        ...officer,
        personId: `${officer.personId}-leader` as typeof officer.personId,
        offices: officer.offices.map((office) => ({ ...office, role: 'department-leader' as const })),
      });
    }
    const caseNumber = await world.open(1);
    await world.playTo(caseNumber, 'department-comparison');
    const { tasks } = await world.state(caseNumber);
    expect(tasks).toHaveLength(18);
    for (const day of ['2022-11-01 09:00', '2022-11-03 00:00', '2022-11-08 00:00']) {
      world.passTo(day);
      for (const { taskId } of tasks) await escalateStep(world, { taskId });
    }
    for (const { escalations, escalatedTo } of (await world.state(caseNumber)).tasks)
      expect({ escalations, told: escalatedTo.length }).toMatchObject({
        escalations: 2,
        told: expect.any(Number),
      });
    taken(await withdrawAs(bureau, caseNumber));
    expect(world.largestTransaction()).toBeLessThanOrEqual(100);
    await verified(caseNumber);
  });
});

describe('a pause', () => {
  const pauseAs = (by: PersonActor, caseNumber: CaseNumber, occurredOn = '2022-09-20') =>
    pauseCase(
      world,
      by,
      { caseNumber, cause: 'death', occurredOn: occurredOn as never, record: '户主去世' },
      world.key(),
    );

  test('ends the round wherever it stands; the village starts again with a full new round', async () => {
    world = await createVillageWorld();
    const caseNumber = await world.open(1);
    await world.playTo(caseNumber, 'filing');
    expect(taken(await pauseAs(villager, caseNumber))).toMatchObject({ stage: 'paused', round: 1 });
    expect(taken(await getFiling(world, bureau, october)).waiting).toEqual([]);
    await world.did(caseNumber, villager, {
      step: 'pause-follow-up',
      outcome: 'restart-at-visit',
      record: texts.followUp,
    });
    expect(await world.state(caseNumber)).toMatchObject({ round: 2, stage: { name: 'home-visit' } });
    await verified(caseNumber);
  });

  test('is told by village, town or bureau, of a day that has come, while a round runs', async () => {
    world = await createVillageWorld();
    const caseNumber = await world.open(1);
    expect(codeOf(await pauseAs(homeOf(1), caseNumber))).toBe('role-not-permitted');
    expect(codeOf(await pauseAs(villager, caseNumber, '2022-12-31'))).toBe('occurred-date-invalid');
    taken(await pauseAs(townOfficer, caseNumber));
    expect(codeOf(await pauseAs(bureau, caseNumber))).toBe('round-not-running');
  });
});
