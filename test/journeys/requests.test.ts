import { afterAll, beforeAll, expect, test } from 'vitest';
import { type EmbeddedWorld, embeddedWorld } from '../support/embedded-world.ts';
import { executionsOf } from '../support/executions-of.ts';
import { answerRequest, requestRelease, seeInbox } from '../support/three-households/exits.ts';
import { type Household, seeCase, untilStage } from '../support/three-households/steps.ts';

const asking: Household = { householdId: 'H-0001', group: '610302901201001' };
const represented: Household = { householdId: 'H-0004', group: '610302901201002' };
const as = 'auditor-1';

let embedded: EmbeddedWorld;
beforeAll(async () => {
  embedded = await embeddedWorld();
});
afterAll(async () => {
  await embedded.stop();
  expect(embedded.defects).toEqual([]);
});

const typesOf = async (caseNumber: string): Promise<readonly string[]> =>
  (await seeCase(embedded.world, caseNumber, as)).timeline.map(({ type }) => type);

test('a household asks; its grid leader takes it up, and the execution that waited for that goes on', async () => {
  const { world } = embedded;
  const caseNumber = await requestRelease(world, asking);
  expect(await untilStage(world, caseNumber, as, 'request')).toMatchObject({ round: 1 });
  // The list of September answers it, until 24:00 of the 30th in Shanghai.
  expect(await seeInbox(world, 'leader-610302901201001')).toMatchObject([
    {
      taskId: `${caseNumber}.r1.request-answer`,
      kind: 'to-decide',
      dueAt: '2022-09-30T16:00:00.000Z',
      overdue: false,
    },
  ]);
  await answerRequest(world, asking, caseNumber, 'reported');
  await untilStage(world, caseNumber, as, 'home-visit');
  expect(await typesOf(caseNumber)).toEqual([
    'release-case-opened',
    'release-requested',
    'request-taken-up',
    'release-round-started',
  ]);
  expect(await executionsOf(embedded, caseNumber)).toEqual(['r1-a1 running']);
  expect(await seeInbox(world, 'leader-610302901201001')).toEqual([]);
});

test('a request made by the village is declined with reasons, and its execution is over', async () => {
  const { world } = embedded;
  const caseNumber = await requestRelease(world, represented, 'village-610302901201');
  await answerRequest(world, represented, caseNumber, 'declined');
  expect(await untilStage(world, caseNumber, as, 'closed')).toMatchObject({ tasks: [] });
  expect(await typesOf(caseNumber)).toEqual([
    'release-case-opened',
    'release-requested',
    'request-declined',
    'release-case-closed',
  ]);
  expect(await executionsOf(embedded, caseNumber)).toEqual(['r1-a1 succeeded']);
  // Declined once is not declined for ever.
  expect(await requestRelease(world, represented, 'member-610302901201002')).not.toBe(caseNumber);
});
