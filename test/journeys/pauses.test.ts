import { afterAll, beforeAll, expect, test } from 'vitest';
import { shanghai } from '../../local/demo/legal-day.ts';
import { type EmbeddedWorld, embeddedWorld } from '../support/embedded-world.ts';
import { executionsOf } from '../support/executions-of.ts';
import { followUpPause, pauseCase, reportUpToNotice, seeInbox } from '../support/three-households/exits.ts';
import {
  type Household,
  postNotice,
  reportCandidate,
  untilStage,
  villageSteps,
} from '../support/three-households/steps.ts';

const split: Household = { householdId: 'H-0001', group: '610302901201001' };
const gone: Household = { householdId: 'H-0003', group: '610302901202001' };
const as = 'auditor-1';

let embedded: EmbeddedWorld;
beforeAll(async () => {
  embedded = await embeddedWorld();
});
afterAll(async () => {
  await embedded.stop();
  expect(embedded.defects).toEqual([]);
});

test('a household that splits while its notice hangs starts again at the visit, with a full new notice', async () => {
  const { world } = embedded;
  const { caseNumber } = await reportUpToNotice(world, split);
  await world.advanceTo(shanghai('2022-09-07'));
  await pauseCase(world, split, caseNumber);
  await untilStage(world, caseNumber, as, 'paused');
  // The wait for the end of the notice is over; the next attempt waits for the village.
  expect(await executionsOf(embedded, caseNumber)).toEqual(['r1-a1 aborted case-paused', 'r1-a2 running']);
  expect(await seeInbox(world, 'village-610302901201')).toMatchObject([
    { taskId: `${caseNumber}.r1.pause-follow-up`, kind: 'to-decide' },
  ]);
  // Nothing of the round goes on by itself: its notice would have passed on the 13th.
  await world.advanceTo(shanghai('2022-09-15'));
  expect(await untilStage(world, caseNumber, as, 'paused')).toMatchObject({ round: 1 });

  await followUpPause(world, split, caseNumber, 'restart-at-visit');
  await untilStage(world, caseNumber, as, 'home-visit');
  expect(await executionsOf(embedded, caseNumber)).toEqual([
    'r1-a1 aborted case-paused',
    'r1-a2 succeeded',
    'r2-a1 running',
  ]);
  await villageSteps(world, split, caseNumber, 2);
  const { endsAt } = await postNotice(world, split, caseNumber, 2);
  // Posted on the 15th: 24:00 of the 20th.
  expect(endsAt).toBe('2022-09-20T16:00:00.000Z');
});

test('one that is not there any more is closed by the village', async () => {
  const { world } = embedded;
  const caseNumber = await reportCandidate(world, gone);
  await pauseCase(world, gone, caseNumber);
  await followUpPause(world, gone, caseNumber, 'close-case');
  expect(await untilStage(world, caseNumber, as, 'closed')).toMatchObject({ tasks: [] });
  expect(await executionsOf(embedded, caseNumber)).toEqual(['r1-a1 aborted case-paused', 'r1-a2 succeeded']);
});
