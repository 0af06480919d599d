import { uploadPhoto } from '../../../local/demo/photo.ts';
import type { World } from '../../../local/demo/world.ts';
import {
  adjustHelp,
  answerRequest,
  followUpPause,
  pauseCase,
  reportUpToNotice,
  requestRelease,
  reReport,
  returnByTown,
  withdrawCase,
} from './exits.ts';
import { decide, type Household, officesOf, postNotice, untilStage, villageSteps } from './steps.ts';

const asking: Household = { householdId: 'H-0005', group: '610302902201001' };
const changing: Household = { householdId: 'H-0008', group: '610302901201002' };

/** The numbers of both cases. */
export type OtherWays = { readonly asked: string; readonly paused: string };

const aDay = 86_400_000;

/**
 * Two households that do not get to the end: one asks, is taken up, returned by the town, reported again, and withdraws in
 * its second round; one changes while its notice hangs, starts again, and is found not to be eligible. Whoever acts on
 * what another did acts on another day, so that the workflows have come to rest in between.
 */
export const playOtherWays = async (world: World): Promise<OtherWays> => {
  const nextDay = async (): Promise<void> =>
    world.advanceTo(new Date(Date.parse(await world.now()) + aDay).toISOString());

  const asked = await requestRelease(world, asking);
  const { caseNumber: paused } = await reportUpToNotice(world, changing);
  await nextDay();
  await answerRequest(world, asking, asked, 'reported');
  await pauseCase(world, changing, paused);
  await nextDay();
  await villageSteps(world, asking, asked, 1);
  const { endsAt } = await postNotice(world, asking, asked, 1);
  await followUpPause(world, changing, paused, 'restart-at-visit');
  await nextDay();
  const { village } = officesOf(changing);
  await untilStage(world, paused, village, 'home-visit');
  await decide(world, paused, village, {
    step: 'home-visit',
    outcome: 'not-eligible',
    reason: 'income-not-stable',
    evidence: [await uploadPhoto(world, village, paused, 'visit 2')],
    record: '分户后收入尚不稳定。',
  });
  await world.advanceTo(new Date(Date.parse(endsAt) + 60_000).toISOString());
  await returnByTown(world, asking, asked);
  await nextDay();
  await adjustHelp(world, asking, asked);
  await nextDay();
  await reReport(world, asking, asked, 'report-again');
  await nextDay();
  await withdrawCase(world, asked, officesOf(asking).home);
  await nextDay();
  return { asked, paused };
};
