import { afterAll, beforeAll, expect, test } from 'vitest';
import { uploadPhoto } from '../../local/demo/photo.ts';
import { ask, askFor } from '../../local/demo/world.ts';
import { type EmbeddedWorld, embeddedWorld } from '../support/embedded-world.ts';
import { seeInbox } from '../support/three-households/exits.ts';
import {
  decide,
  type Household,
  reportCandidate,
  seeCase,
  untilStage,
} from '../support/three-households/steps.ts';

const household: Household = { householdId: 'H-0005', group: '610302902201001' };
const former = 'village-610302902201';
const above = ['village-leader-610302902201', 'town-610302902'];
const villageOfficer = { role: 'village-officer', division: '610302902201' };

let embedded: EmbeddedWorld;
let caseNumber = '';
beforeAll(async () => {
  embedded = await embeddedWorld();
});
afterAll(async () => {
  await embedded.stop();
  expect(embedded.defects).toEqual([]);
});

const holds = (personId: string, offices: readonly object[]): Promise<unknown> =>
  askFor(embedded.world, `/v1/people/${personId}`, {
    method: 'PUT',
    as: 'registrar',
    body: { name: '某人', offices },
  });
const kinds = async (as: string): Promise<readonly string[]> =>
  (await seeInbox(embedded.world, as)).map(({ step, kind }) => `${step} ${kind}`);
const visit = async (as: string) => ({
  step: 'home-visit',
  outcome: 'eligible',
  evidence: [await uploadPhoto(embedded.world, as, caseNumber, `visit by ${as}`)],
  record: '已入户。',
});

test('a step for an office that nobody holds is told upwards at once', async () => {
  const { world, machine } = embedded;
  await holds(former, []);
  caseNumber = await reportCandidate(world, household);
  await machine.engine.drain();
  for (const as of above) expect(await kinds(as)).toEqual(['home-visit escalated']);
  const { timeline } = await seeCase(world, caseNumber, 'auditor-1');
  expect(timeline.at(-1)).toMatchObject({ type: 'step-escalated', data: { reason: 'office-vacant' } });
  expect(timeline.at(-1)?.at).toBe(timeline[0]?.at);
});

test('whoever holds it then finds the step open', async () => {
  await holds('newcomer', [villageOfficer]);
  expect(await kinds('newcomer')).toEqual(['home-visit to-decide']);
  expect(await kinds(former)).toEqual([]);
});

test('handed over with the step open, it is the successor’s, and no longer the predecessor’s', async () => {
  const { world } = embedded;
  const decided = await visit('newcomer');
  await holds('newcomer', []);
  await holds('successor', [villageOfficer]);
  expect(await kinds('newcomer')).toEqual([]);
  expect(
    await ask(world, `/v1/tasks/${caseNumber}.r1.home-visit/decision`, {
      method: 'POST',
      as: 'newcomer',
      key: 'no longer',
      body: decided,
    }),
  ).toMatchObject({ status: 404 });
  expect(await kinds('successor')).toEqual(['home-visit to-decide']);
  await decide(world, caseNumber, 'successor', await visit('successor'));
  await untilStage(world, caseNumber, 'auditor-1', 'household-confirmation');
  // Done, it is nobody's concern above; the confirmation waits for the household and the village.
  for (const as of above) expect(await kinds(as)).toEqual([]);
  expect(await kinds('successor')).toEqual(['household-confirmation to-decide']);
});
