import { afterAll, beforeAll, expect, test } from 'vitest';
import { shanghai } from '../../local/demo/legal-day.ts';
import { ask } from '../../local/demo/world.ts';
import { type EmbeddedWorld, embeddedWorld } from '../support/embedded-world.ts';
import { executionsOf } from '../support/executions-of.ts';
import {
  adjustHelp,
  compareAgainst,
  reportUpToNotice,
  reReport,
  returnByTown,
  seeInbox,
} from '../support/three-households/exits.ts';
import {
  type Household,
  postNotice,
  seeCase,
  untilStage,
  verifyOnSite,
  villageSteps,
} from '../support/three-households/steps.ts';

const returned: Household = { householdId: 'H-0001', group: '610302901201001' };
const withMeasure: Household = { householdId: 'H-0002', group: '610302901201001' };
const contradicted: Household = { householdId: 'H-0004', group: '610302901201002' };
const notImplemented: Household = { householdId: 'H-0008', group: '610302901201002' };
const as = 'auditor-1';
const agriculture = 'department-agriculture';

let embedded: EmbeddedWorld;
const numbers = new Map<Household, string>();
const caseOf = (household: Household): string => numbers.get(household) ?? '';
const openTasks = async (household: Household): Promise<readonly string[]> =>
  (await seeCase(embedded.world, caseOf(household), as)).tasks.map(({ taskId }) =>
    taskId.slice(caseOf(household).length + 1),
  );

beforeAll(async () => {
  embedded = await embeddedWorld();
  const { world } = embedded;
  for (const household of [returned, withMeasure, contradicted, notImplemented])
    numbers.set(household, (await reportUpToNotice(world, household)).caseNumber);
  // The notices end at 24:00 of the 13th.
  await world.advanceTo(shanghai('2022-09-14'));
});
afterAll(async () => {
  await embedded.stop();
  expect(embedded.defects).toEqual([]);
});

test('returned by the town, adjusted and reported again: the next round is a new execution with a full new notice', async () => {
  const { world } = embedded;
  const caseNumber = caseOf(returned);
  await returnByTown(world, returned, caseNumber);
  expect(await untilStage(world, caseNumber, as, 'adjustment')).toMatchObject({ round: 1 });
  expect(await openTasks(returned)).toEqual(['r1.adjustment']);
  expect(await executionsOf(embedded, caseNumber)).toEqual(['r1-a1 running']);

  await adjustHelp(world, returned, caseNumber);
  await reReport(world, returned, caseNumber, 'report-again');
  expect(await untilStage(world, caseNumber, as, 'home-visit')).toMatchObject({ caseNumber, round: 2 });
  expect(await executionsOf(embedded, caseNumber)).toEqual(['r1-a1 succeeded', 'r2-a1 running']);

  await villageSteps(world, returned, caseNumber, 2);
  const again = await postNotice(world, returned, caseNumber, 2);
  // Posted on the 14th: 24:00 of the 19th.
  expect(again.endsAt).toBe('2022-09-19T16:00:00.000Z');
});

test('a measure that failed is its department’s task, and counts for six months anew', async () => {
  const { world } = embedded;
  const caseNumber = caseOf(withMeasure);
  const failed = { agriculture: ['H-0002-1'] };
  await returnByTown(world, withMeasure, caseNumber, ['H-0002-1']);
  await untilStage(world, caseNumber, as, 'adjustment');
  expect(await openTasks(withMeasure)).toEqual(['r1.adjustment', 'r1.measure-adjustment.agriculture']);
  expect((await seeInbox(world, agriculture)).map(({ step, kind }) => [step, kind])).toEqual([
    ['measure-adjustment', 'to-decide'],
  ]);
  await adjustHelp(world, withMeasure, caseNumber, failed);
  await untilStage(world, caseNumber, as, 're-report');
  const taskId = `${caseNumber}.r1.re-report`;
  const leader = 'leader-610302901201001';
  expect(await ask(world, `/v1/tasks/${taskId}`, { as: leader })).toMatchObject({
    json: { notBefore: '2023-03-13T16:00:00.000Z' },
  });
  const tooEarly = await ask(world, `/v1/tasks/${taskId}/decision`, {
    method: 'POST',
    as: leader,
    key: 'too early',
    body: { step: 're-report', outcome: 'report-again' },
  });
  expect(tooEarly).toMatchObject({ json: { code: 'too-early' } });
  // Nobody has to wait half a year to say that it is given up.
  await reReport(world, withMeasure, caseNumber, 'close-case');
  await untilStage(world, caseNumber, as, 'closed');
  expect(await executionsOf(embedded, caseNumber)).toEqual(['r1-a1 succeeded']);
});

test('a comparison ends the round once all have answered: village and department adjust', async () => {
  const { world } = embedded;
  await verifyOnSite(world, contradicted, caseOf(contradicted));
  await verifyOnSite(world, notImplemented, caseOf(notImplemented));
  await world.advanceTo(shanghai('2022-09-26'));
  await compareAgainst(world, caseOf(notImplemented), { agriculture: ['H-0008-1'] });
  const seen = await untilStage(world, caseOf(notImplemented), as, 'adjustment');
  expect(seen.timeline.filter(({ type }) => type === 'comparison-answered')).toHaveLength(8);
  expect(seen.timeline.at(-1)).toMatchObject({
    type: 'release-round-ended',
    data: { reason: 'measures-not-implemented' },
  });
  expect(await openTasks(notImplemented)).toEqual(['r1.adjustment', 'r1.measure-adjustment.agriculture']);
  await adjustHelp(world, notImplemented, caseOf(notImplemented), { agriculture: ['H-0008-1'] });
  await untilStage(world, caseOf(notImplemented), as, 're-report');
  expect(await openTasks(notImplemented)).toEqual(['r1.re-report']);
  expect(await executionsOf(embedded, caseOf(notImplemented))).toEqual(['r1-a1 running']);
});

test('data that contradict, with no measure to blame, send it back to the village alone, and it is reported again', async () => {
  const { world } = embedded;
  const caseNumber = caseOf(contradicted);
  await compareAgainst(world, caseNumber, { health: [] });
  await untilStage(world, caseNumber, as, 'adjustment');
  expect(await openTasks(contradicted)).toEqual(['r1.adjustment']);
  await adjustHelp(world, contradicted, caseNumber);
  await reReport(world, contradicted, caseNumber, 'report-again');
  await untilStage(world, caseNumber, as, 'home-visit');
  expect(await executionsOf(embedded, caseNumber)).toEqual(['r1-a1 succeeded', 'r2-a1 running']);
});
