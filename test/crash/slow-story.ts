import { shanghai } from '../../local/demo/legal-day.ts';
import { uploadPhoto } from '../../local/demo/photo.ts';
import { askFor, type World } from '../../local/demo/world.ts';
import {
  adjustHelp,
  answerRequest,
  followUpPause,
  pauseCase,
  reportUpToNotice,
  requestRelease,
  reReport,
  returnByTown,
} from '../support/three-households/exits.ts';
import {
  confirmUnchanged,
  decide,
  districtSteps,
  type Household,
  object,
  officesOf,
  postNotice,
  reportCandidate,
  seeCase,
  signCityReport,
  startNextRound,
  untilStage,
  upholdObjection,
  verifyOnSite,
  villageSteps,
} from '../support/three-households/steps.ts';

const patient: Household = { householdId: 'H-0005', group: '610302902201001' };
const contested: Household = { householdId: 'H-0008', group: '610302901201002' };
const returned: Household = { householdId: 'H-0003', group: '610302901202001' };
const asking: Household = { householdId: 'H-0004', group: '610302901201002' };
const district = '610302';

const aMinuteAfter = (instant: string): string => new Date(Date.parse(instant) + 60_000).toISOString();

const daysAfter = (instant: string, days: number): string =>
  new Date(Date.parse(instant) + days * 86_400_000).toISOString();

/**
 * The reports on the months before the announcement are not this story's: the bureau signs them as soon as it can, or
 * they would escalate till the end.
 */
const signEarlierReports = async (world: World): Promise<void> => {
  const { tasks } = await askFor<{ tasks: { taskId: string; step: string }[] }>(world, '/v1/tasks', {
    as: 'bureau-1',
  });
  for (const { taskId, step } of tasks) {
    if (!taskId.startsWith(`C-${district}-2022-`)) continue;
    await askFor(world, `/v1/tasks/${taskId}/decision`, {
      method: 'POST',
      as: 'bureau-1',
      key: `sign ${taskId}`,
      body: { step },
    });
  }
};

/** Departments are asked together, and the last one that answers stands for all of them. */
const isOneOfMany = (taskId: string): boolean =>
  taskId.includes('.department-comparison.') && !taskId.endsWith('.public-security');

/**
 * A world in which everybody has to be reminded once of every kind of step, so that every look at one in vain happens.
 * The very first one is overdue as well; were all of them, each would be looked at so often that the machine would have
 * to die twice as many times.
 */
const slowly = (world: World): World => {
  const seen = new Set<string>();
  return {
    ...world,
    async hesitate({ taskId, step }, as) {
      if (seen.has(step) || isOneOfMany(taskId)) return;
      const { dueAt } = await askFor<{ dueAt: string }>(world, `/v1/tasks/${taskId}`, { as });
      // 0:00 of the last day: the reminder was on a working day before it.
      await notBefore(world, seen.size === 0 ? aMinuteAfter(dueAt) : daysAfter(dueAt, -1));
      seen.add(step);
      await signEarlierReports(world);
    },
  };
};

const notBefore = async (world: World, instant: string): Promise<void> => {
  if ((await world.now()) < instant) await world.advanceTo(instant);
};

/** Up to an upheld objection. */
const playContested = async (world: World, caseNumber: string): Promise<void> => {
  await villageSteps(world, contested, caseNumber, 1);
  const { noticeId } = await postNotice(world, contested, caseNumber, 1);
  await object(world, noticeId);
  await upholdObjection(world, contested, caseNumber);
};

type Exits = { readonly asked: string; readonly stopped: string; readonly back: string };

/** What leads away from the straight way: a request that is declined, a next round that is paused, and one that the town will send back. */
const playExits = async (quick: World, world: World): Promise<Exits> => {
  const asked = await requestRelease(quick, asking);
  const stopped = await reportCandidate(world, contested);
  await playContested(world, stopped);
  await answerRequest(world, asking, asked, 'declined');
  const back = await reportUpToNotice(quick, returned);
  await startNextRound(world, contested, stopped);
  await notBefore(world, aMinuteAfter(back.endsAt));
  await untilStage(world, stopped, 'auditor-1', 'home-visit');
  await pauseCase(quick, contested, stopped);
  return { asked, stopped, back: back.caseNumber };
};

/** An objection that is still open when the period ends holds the notice; dismissed, it goes on. */
const playHeldNotice = async (world: World, caseNumber: string): Promise<void> => {
  const { village, town } = officesOf(patient);
  const { noticeId, endsAt } = await postNotice(world, patient, caseNumber, 1);
  await notBefore(world, daysAfter(endsAt, -1));
  await object(world, noticeId);
  await notBefore(world, aMinuteAfter(endsAt));
  const evidence = [await uploadPhoto(world, village, caseNumber, 'investigation')];
  await decide(world, caseNumber, village, {
    step: 'objection-investigation',
    finding: 'not-substantiated',
    evidence,
    record: '经核实,措施已落实。',
  });
  await decide(world, caseNumber, town, {
    step: 'objection-decision',
    outcome: 'dismissed',
    reasons: '异议不成立。',
  });
};

/**
 * Cases whose people are always late: every kind of step is looked at in vain once, a notice is held by an objection, an
 * approval misses the cut-off, a report is signed overdue, and there is every other way out. Between them they stand in
 * every state of every workflow but those that only a defect leads to.
 */
export const playSlowly = async (quick: World): Promise<readonly string[]> => {
  const world = slowly(quick);
  const { asked, stopped, back } = await playExits(quick, world);
  const caseNumber = await reportCandidate(quick, patient);
  await villageSteps(quick, patient, caseNumber, 1);
  await playHeldNotice(world, caseNumber);
  await returnByTown(world, returned, back);
  // The cut-off of October is missed by hours.
  await notBefore(world, shanghai('2022-10-26'));
  await verifyOnSite(quick, patient, caseNumber);
  await confirmUnchanged(world, patient, caseNumber);
  await followUpPause(world, contested, stopped, 'close-case');
  await adjustHelp(world, returned, back);
  await notBefore(world, shanghai('2022-11-26'));
  await districtSteps(world, patient, caseNumber);
  await reReport(world, returned, back, 'close-case');
  const { timeline } = await seeCase(world, caseNumber, 'auditor-1');
  const announced = timeline.find(({ type }) => type === 'release-announced')?.data ?? {};
  // Nobody signs in time: the report is overdue, and the case looks in vain for its name in it.
  await notBefore(world, daysAfter(String(announced['cityReportDueAt']), 2));
  await signCityReport(world, district, String(announced['cityReportMonth']));
  await notBefore(world, daysAfter(await world.now(), 2));
  await untilStage(world, caseNumber, 'auditor-1', 'reported');
  return [asked, stopped, back, caseNumber];
};
