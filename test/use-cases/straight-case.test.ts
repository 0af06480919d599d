import { afterEach, expect, test } from 'vitest';
import { readEvents } from '../../shared/ledger/stream.ts';
import { getCityReport } from '../../shared/use-cases/monthly/read-city-report.ts';
import { getHousehold } from '../../shared/use-cases/registers/get-household.ts';
import { getReleaseCase } from '../../shared/use-cases/release/get-release-case.ts';
import { listTasks } from '../../shared/use-cases/tasks/list-tasks.ts';
import { verifyLedger } from '../../shared/use-cases/verify-ledger.ts';
import { askedDepartments, auditor, bureau, month, villager } from '../support/release-people.ts';
import {
  createVillageWorld,
  householdOf,
  secretsOf,
  taken,
  texts,
  type VillageWorld,
} from '../support/village-world.ts';

let world: VillageWorld;
afterEach(() => world.close());

const rowsOf = (): readonly { pk: string; sk: string; body: string }[] =>
  world.db.prepare('SELECT pk, sk, body FROM items').all() as { pk: string; sk: string; body: string }[];

test('one household’s case, from the report to the city report', async () => {
  world = await createVillageWorld();
  const caseNumber = await world.open(1);
  expect(caseNumber).toBe('R-610302-2022-000001');

  await world.playTo(caseNumber, 'leadership-filing');
  const released = taken(await getHousehold(world, bureau, householdOf(1)));
  expect(released).toMatchObject({ household: { status: 'released' }, openCase: caseNumber });

  await world.playTo(caseNumber, 'reported');
  expect(await world.state(caseNumber)).toMatchObject({ stage: { name: 'reported' }, tasks: [], round: 1 });
  expect(taken(await getHousehold(world, bureau, householdOf(1))).openCase).toBeNull();
  expect(taken(await getCityReport(world, bureau, month('2022-10'))).report?.signed).toMatchObject({
    cases: [{ caseNumber, people: 2 }],
    households: 1,
    people: 2,
    overdue: false,
  });

  const events = await readEvents(world.store, caseNumber);
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
  const check = taken(await verifyLedger(world, auditor, caseNumber));
  expect(check).toMatchObject({ verified: true, problems: [], events: events.length });

  // Nothing is left that anybody would still have to do; only the next month's filing still needs a workflow.
  // (September's documents, in which nothing happened, are left to others.)
  const open = rowsOf().filter(
    ({ pk, sk }) => (pk.startsWith('INBOX#') || pk.startsWith('OPEN#')) && !sk.includes('-2022-09'),
  );
  expect(open.map(({ sk }) => sk)).toEqual(['F-610302101-2022-11']);
  expect((await listTasks(world, bureau, { limit: 50 })).tasks).toMatchObject([
    { taskId: 'C-610302-2022-09.city-report-signature' },
  ]);
  expect(
    rowsOf().filter(
      ({ sk, body }) =>
        sk.startsWith('TASK#') && !sk.includes('-2022-09') && !body.includes('"status":"decided"'),
    ),
  ).toEqual([]);
  expect(world.largestTransaction()).toBeLessThanOrEqual(2 * askedDepartments.length + 4);
});

test('nothing that names the household or was said about it stands anywhere in the clear', async () => {
  world = await createVillageWorld();
  const caseNumber = await world.open(1);
  await world.playTo(caseNumber, 'reported');
  const secrets = [...Object.values(secretsOf(1)), ...Object.values(texts)];
  const dump = [
    ...rowsOf().map(({ pk, sk, body }) => `${pk} ${sk} ${body}`),
    ...(world.db.prepare('SELECT pk, sk FROM feed').all() as { pk: string; sk: string }[]).map(
      ({ pk, sk }) => `${pk} ${sk}`,
    ),
  ];
  expect(dump.length).toBeGreaterThan(60);
  expect(secrets.filter((secret) => dump.some((line) => line.includes(secret)))).toEqual([]);
  // And it is not lost either: those who may, read it.
  const view = taken(await getReleaseCase(world, villager, caseNumber));
  const told = JSON.stringify(view.timeline.map((entry) => entry.texts));
  expect(
    [texts.visit, texts.comparison, texts.spotCheck, texts.announcement].every((text) => told.includes(text)),
  ).toBe(true);
});
