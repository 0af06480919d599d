import { afterAll, beforeAll, expect, test } from 'vitest';
import { shanghai } from '../../local/demo/legal-day.ts';
import { uploadPhoto } from '../../local/demo/photo.ts';
import { type EmbeddedWorld, embeddedWorld } from '../support/embedded-world.ts';
import { compareAgainst, reportUpToNotice } from '../support/three-households/exits.ts';
import {
  decide,
  type Household,
  seeCase,
  untilStage,
  verifyOnSite,
} from '../support/three-households/steps.ts';

const failing: Household = { householdId: 'H-0001', group: '610302901201001' };
const neighbour: Household = { householdId: 'H-0004', group: '610302901201002' };
const elsewhere: Household = { householdId: 'H-0003', group: '610302901202001' };

let embedded: EmbeddedWorld;
beforeAll(async () => {
  embedded = await embeddedWorld();
});
afterAll(async () => {
  await embedded.stop();
  expect(embedded.defects).toEqual([]);
});

const drawn = async (caseNumber: string) => {
  const { timeline } = await seeCase(embedded.world, caseNumber, 'auditor-1');
  return timeline.find(({ type }) => type === 'spot-check-drawn')?.data;
};
/** Approved by the town, filed at the cut-off and compared without a word against it. */
const upToSpotCheck = async (households: readonly Household[], approvedOn: string, filedOn: string) => {
  const { world } = embedded;
  const numbers: string[] = [];
  for (const household of households) numbers.push((await reportUpToNotice(world, household)).caseNumber);
  await world.advanceTo(shanghai(approvedOn));
  for (const [index, household] of households.entries())
    await verifyOnSite(world, household, numbers[index] ?? '');
  await world.advanceTo(shanghai(filedOn));
  for (const caseNumber of numbers) await compareAgainst(world, caseNumber, {});
  return numbers;
};

test('a failed spot check sends the case back, and doubles its village’s share in the next filing month', async () => {
  const { world } = embedded;
  const [failed = ''] = await upToSpotCheck([failing], '2022-09-14', '2022-09-26');
  await untilStage(world, failed, 'auditor-1', 'spot-check');
  expect(await drawn(failed)).toMatchObject({ rate: 0.3 });
  await decide(world, failed, 'checker-1', {
    step: 'spot-check',
    outcome: 'failed',
    reason: 'risk-not-lifted',
    measureIds: [],
    evidence: [await uploadPhoto(world, 'checker-1', failed, 'spot check')],
    record: '住房仍有隐患。',
  });
  const { timeline } = await untilStage(world, failed, 'auditor-1', 'adjustment');
  expect(timeline.at(-1)).toMatchObject({ data: { reason: 'spot-check-failed' } });

  const [next = '', other = ''] = await upToSpotCheck([neighbour, elsewhere], '2022-10-10', '2022-10-26');
  expect(await drawn(next)).toMatchObject({ rate: 0.6 });
  expect(await drawn(other)).toMatchObject({ rate: 0.3 });
});
