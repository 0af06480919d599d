import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { PersonActor } from '../../shared/domain/access/actor.ts';
import type { DivisionCode } from '../../shared/domain/access/identifiers.ts';
import type { CaseNumber } from '../../shared/domain/release/identifiers.ts';
import { requestUpload } from '../../shared/use-cases/evidence/request-upload.ts';
import { identifyActor } from '../../shared/use-cases/identify-actor.ts';
import { getHousehold } from '../../shared/use-cases/registers/get-household.ts';
import { putPerson } from '../../shared/use-cases/registers/put-person.ts';
import { fileObjection } from '../../shared/use-cases/release/file-objection.ts';
import { getReleaseCase } from '../../shared/use-cases/release/get-release-case.ts';
import { listReleaseCases } from '../../shared/use-cases/release/list-release-cases.ts';
import { openReleaseCase } from '../../shared/use-cases/release/open-release-case.ts';
import { getNotice, listNotices } from '../../shared/use-cases/release/read-notices.ts';
import { decideTask } from '../../shared/use-cases/tasks/decide-task.ts';
import { getTask } from '../../shared/use-cases/tasks/get-task.ts';
import { listTasks } from '../../shared/use-cases/tasks/list-tasks.ts';
import { verifyLedger } from '../../shared/use-cases/verify-ledger.ts';
import {
  auditor,
  bureau,
  departmentOfficer,
  district,
  leader,
  person,
  townOfficer,
  village,
  villager,
} from '../support/release-people.ts';
import {
  codeOf,
  createVillageWorld,
  homeOf,
  householdOf,
  registrar,
  secretsOf,
  taken,
  texts,
  type VillageWorld,
} from '../support/village-world.ts';

const office = (id: string, role: PersonActor['offices'][number]['role'], division: string): PersonActor =>
  person(id, { role, division: division as DivisionCode });
const otherVillage = office('other-village', 'village-officer', '610302101202');
const otherTown = office('other-town', 'town-officer', '610302102');
const otherLeader = office('other-leader', 'grid-leader', '610302101201002');

let world: VillageWorld;
let caseNumber: CaseNumber;
beforeEach(async () => {
  world = await createVillageWorld();
  caseNumber = await world.open(1);
});
afterEach(() => world.close());

describe('someone else’s village', () => {
  test.each([
    ['another village', otherVillage],
    ['another town', otherTown],
    ['another group', otherLeader],
    ['another household', homeOf(2)],
    ['a department that was not asked', departmentOfficer('education')],
  ])('%s finds nothing there: exactly what a number that never was would give', async (_who, actor) => {
    const taskId = await world.taskId(caseNumber, 'home-visit');
    const never = 'R-610302-2022-999999' as CaseNumber;
    const upload = { contentType: 'image/jpeg', size: 1, sha256: 'a'.repeat(64) };
    const input = { step: 'home-visit', outcome: 'eligible', evidence: [], record: texts.visit } as const;
    for (const [there, nowhere] of [
      [await getReleaseCase(world, actor, caseNumber), await getReleaseCase(world, actor, never)],
      [await getTask(world, actor, taskId), await getTask(world, actor, `${never}.r1.home-visit`)],
      [await verifyLedger(world, actor, caseNumber), await verifyLedger(world, actor, never)],
      [
        await requestUpload(world, actor, { caseNumber, ...upload }, world.key()),
        await requestUpload(world, actor, { caseNumber: never, ...upload }, world.key()),
      ],
      [
        await decideTask(world, actor, { taskId, input }, world.key()),
        await decideTask(world, actor, { taskId: `${never}.r1.home-visit`, input }, world.key()),
      ],
      [await getHousehold(world, actor, householdOf(1)), await getHousehold(world, actor, householdOf(999))],
      [
        await openReleaseCase(world, actor, { householdId: householdOf(1) }, world.key()),
        await openReleaseCase(world, actor, { householdId: householdOf(999) }, world.key()),
      ],
    ] as const) {
      expect(codeOf(there)).toBe('not-found');
      expect(there).toEqual(nowhere);
    }
    expect((await listReleaseCases(world, actor, { limit: 10 })).cases).toEqual([]);
    expect((await listReleaseCases(world, actor, { division: district, limit: 10 })).cases).toEqual([]);
    expect((await listTasks(world, actor, { limit: 10 })).tasks).toEqual([]);
  });

  test('whoever sees the case but holds the wrong office is told so', async () => {
    expect(codeOf(await openReleaseCase(world, villager, { householdId: householdOf(1) }, world.key()))).toBe(
      'role-not-permitted',
    );
    const input = { step: 'home-visit', outcome: 'eligible', evidence: [], record: texts.visit } as const;
    expect(codeOf(await world.decide(caseNumber, townOfficer, input))).toBe('task-not-yours');
  });

  test.each([leader, villager, townOfficer, bureau, auditor, homeOf(1)])(
    '$personId sees it',
    async (actor) => {
      expect(taken(await getReleaseCase(world, actor, caseNumber)).state.caseNumber).toBe(caseNumber);
    },
  );
});

test('a department sees a case from the day on which it is asked', async () => {
  const health = departmentOfficer('health');
  expect(codeOf(await getReleaseCase(world, health, caseNumber))).toBe('not-found');
  await world.playTo(caseNumber, 'department-comparison');
  const view = taken(await getReleaseCase(world, health, caseNumber));
  // The facts, but not what was written down about the people.
  expect(view.timeline.every((entry) => Object.keys(entry.texts).length === 0)).toBe(true);
  expect((await listTasks(world, health, { limit: 10 })).tasks).toMatchObject([
    { taskId: `${caseNumber}.r1.department-comparison.health` },
  ]);
  expect((await listReleaseCases(world, health, { limit: 10 })).cases).toHaveLength(1);
  expect(codeOf(await getReleaseCase(world, departmentOfficer('education'), caseNumber))).toBe('not-found');
});

test('the public reads a masked notice, and the household does not learn who objected', async () => {
  await world.playTo(caseNumber, 'notice');
  const { notices } = await listNotices(world, { division: village, limit: 10 });
  expect(notices).toHaveLength(1);
  const [notice] = notices;
  if (notice === undefined) throw new Error('no notice hangs');
  expect(notice).toMatchObject({ maskedName: '赵***', villageName: '上河村', status: 'running', people: 2 });
  const told = JSON.stringify(notice);
  expect(
    [...Object.values(secretsOf(1)), caseNumber, householdOf(1)].filter((secret) => told.includes(secret)),
  ).toEqual([]);
  const { noticeId } = notice;
  const objecting = {
    noticeId,
    ground: 'other',
    statement: texts.statement,
    contact: texts.contact,
  } as const;
  taken(await fileObjection(world, objecting, world.key()));
  const tellsContact = async (actor: PersonActor) =>
    JSON.stringify(taken(await getReleaseCase(world, actor, caseNumber))).includes(texts.contact);
  expect(await tellsContact(villager)).toBe(true);
  expect(await tellsContact(homeOf(1))).toBe(false);
  expect(await tellsContact(departmentOfficer('health')).catch(() => false)).toBe(false);
  expect(taken(await getNotice(world, noticeId))).not.toHaveProperty('caseNumber');
});

test('a notice whose end was reckoned without a holiday table says so to everybody', async () => {
  await world.playTo(caseNumber, 'notice-posting');
  world.passTo('2027-03-01 09:00');
  const photo = await world.photo(caseNumber);
  await world.did(caseNumber, villager, { step: 'notice-posting', photo });
  const { notices } = await listNotices(world, { division: village, limit: 10 });
  expect(notices).toMatchObject([{ postedOn: '2027-03-01', holidayTablesMissing: [2027] }]);
});

test('an officer who lives in the household learns no more of an objection to it than the household does', async () => {
  await world.playTo(caseNumber, 'notice');
  const { stage } = await world.state(caseNumber);
  if (stage.name !== 'notice') throw new Error('no notice hangs');
  const objecting = { noticeId: stage.noticeId, ground: 'other', statement: texts.statement } as const;
  taken(await fileObjection(world, objecting, world.key()));
  await world.did(caseNumber, villager, {
    step: 'objection-investigation',
    finding: 'not-substantiated',
    evidence: [await world.photo(caseNumber)],
    record: texts.investigation,
  });
  const told = async (actor: PersonActor) =>
    taken(await getReleaseCase(world, actor, caseNumber)).timeline.find(
      ({ type }) => type === 'objection-investigated',
    );
  const atHome: PersonActor = { ...villager, ownHousehold: householdOf(1) };
  for (const actor of [homeOf(1), atHome]) {
    const entry = await told(actor);
    expect(entry).toMatchObject({ data: { finding: 'not-substantiated' }, texts: {} });
    expect(entry?.data).not.toHaveProperty('evidence');
    expect(entry?.texts).not.toHaveProperty('record');
  }
  expect(await told(villager)).toMatchObject({
    data: { evidence: [await world.photo(caseNumber)] },
    texts: { record: texts.investigation },
  });
});

test('offices come from the register, and whoever hands one over loses it at once', async () => {
  const successor = person('successor');
  const register = (offices: PersonActor['offices']) =>
    putPerson(world, registrar, { personId: successor.personId, name: '孙接班', offices });
  expect(codeOf(await identifyActor(world, successor.personId))).toBe('person-not-registered');
  taken(await register(villager.offices));
  expect(taken(await identifyActor(world, successor.personId)).offices).toEqual(villager.offices);
  taken(await register([]));
  expect(taken(await identifyActor(world, successor.personId)).offices).toEqual([]);
  expect(codeOf(await register([...villager.offices]))).toBeUndefined();
  const outside = office('x', 'town-officer', '610303101');
  expect(codeOf(await register(outside.offices))).toBe('outside-district');
  expect(
    codeOf(await putPerson(world, villager, { personId: villager.personId, name: '孙接班', offices: [] })),
  ).toBe('not-found');
  expect(
    codeOf(await putPerson(world, auditor, { personId: villager.personId, name: '孙接班', offices: [] })),
  ).toBe('role-not-permitted');
});

test('nobody changes their own entry, and the registrar is an ordinary person once registered', async () => {
  const officer = office('officer-1', 'bureau-officer', '610302');
  const entry = { personId: officer.personId, name: '周经办', offices: officer.offices };
  taken(await putPerson(world, registrar, { ...entry, ownHousehold: householdOf(1) }));
  // Without their household in it they could decide about it.
  expect(codeOf(await putPerson(world, officer, entry))).toBe('own-record');
  expect(codeOf(await putPerson(world, officer, { ...entry, ownHousehold: householdOf(1) }))).toBeUndefined();

  const { personId } = registrar;
  const account = { ...world, house: { ...world.house, registrar: personId } };
  expect(taken(await identifyActor(account, personId)).offices).toMatchObject([{ role: 'bureau-officer' }]);
  taken(await putPerson(world, officer, { personId, name: '吴录入', offices: [] }));
  expect(taken(await identifyActor(account, personId)).offices).toEqual([]);
});

describe('evidence', () => {
  test('must be of this case, present in the named version, and unaltered', async () => {
    await world.registerHousehold(2);
    const other = await world.open(2);
    const photo = await world.photo(caseNumber);
    const visit = async (ref: typeof photo) =>
      world.decide(caseNumber, villager, {
        step: 'home-visit',
        outcome: 'eligible',
        evidence: [ref],
        record: texts.visit,
      });
    const refused = async (ref: typeof photo) => codeOf(await visit(ref));
    expect(await refused(await world.photo(other))).toBe('evidence-unknown');
    expect(await refused({ ...photo, versionId: 'another' })).toBe('evidence-not-present');
    expect(await refused({ ...photo, sha256: 'f'.repeat(64) })).toBe('evidence-altered');
    const { version } = taken(await getReleaseCase(world, villager, caseNumber));
    expect(version).toBe(2);
    taken(await visit(photo));
  });

  test('of another kind or size is not taken', async () => {
    const ask = (contentType: string, size: number) =>
      requestUpload(world, villager, { caseNumber, contentType, size, sha256: 'a'.repeat(64) }, world.key());
    expect(codeOf(await ask('text/html', 10))).toBe('evidence-type-not-allowed');
    expect(codeOf(await ask('image/png', 10 * 1024 * 1024 + 1))).toBe('evidence-too-large');
    expect(codeOf(await ask('image/png', 10 * 1024 * 1024))).toBeUndefined();
  });
});
