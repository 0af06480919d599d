import { shanghai } from '../../local/demo/legal-day.ts';
import { uploadPhoto } from '../../local/demo/photo.ts';
import { askFor, type World } from '../../local/demo/world.ts';
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
  untilStage,
  upholdObjection,
  verifyOnSite,
  villageSteps,
} from '../support/three-households/steps.ts';

const patient: Household = { householdId: 'H-0005', group: '610302902201001' };
const contested: Household = { householdId: 'H-0008', group: '610302901201002' };
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

/** A world in which everybody lets every kind of step fall due once, so that every escalation happens. */
const slowly = (world: World): World => {
  const seen = new Set<string>();
  return {
    ...world,
    async hesitate({ taskId, step }, as) {
      if (seen.has(step)) return;
      seen.add(step);
      const { dueAt } = await askFor<{ dueAt: string }>(world, `/v1/tasks/${taskId}`, { as });
      if ((await world.now()) < dueAt) await world.advanceTo(aMinuteAfter(dueAt));
      await signEarlierReports(world);
    },
  };
};

const notBefore = async (world: World, instant: string): Promise<void> => {
  if ((await world.now()) < instant) await world.advanceTo(instant);
};

/** An upheld objection, after which the village lets the case go: monitoring goes on. */
const playContested = async (world: World): Promise<string> => {
  const caseNumber = await reportCandidate(world, contested);
  await villageSteps(world, contested, caseNumber, 1);
  const { noticeId } = await postNotice(world, contested, caseNumber, 1);
  await object(world, noticeId);
  await upholdObjection(world, contested, caseNumber);
  const { village } = officesOf(contested);
  await untilStage(world, caseNumber, village, 'objection-follow-up');
  await decide(world, caseNumber, village, {
    step: 'objection-follow-up',
    outcome: 'close-case',
    record: '继续监测。',
  });
  return caseNumber;
};

/** An objection that is still open when the period ends holds the notice; dismissed, it goes on. */
const playHeldNotice = async (world: World, caseNumber: string): Promise<void> => {
  const { village, town } = officesOf(patient);
  const { noticeId, endsAt } = await postNotice(world, patient, caseNumber, 1);
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
 * Two cases whose people are always late: every human step escalates once, a notice is held by an objection, an
 * approval misses the cut-off, a report is signed overdue. Between them they stand in every state of every workflow
 * but those that only a defect leads to.
 */
export const playSlowly = async (quick: World): Promise<readonly string[]> => {
  const world = slowly(quick);
  const closed = await playContested(world);
  const caseNumber = await reportCandidate(quick, patient);
  await villageSteps(quick, patient, caseNumber, 1);
  await playHeldNotice(world, caseNumber);
  await notBefore(world, shanghai('2022-11-02'));
  await signEarlierReports(quick);
  // The cut-off of November is missed by a day.
  await notBefore(world, shanghai('2022-11-26'));
  await verifyOnSite(world, patient, caseNumber);
  await notBefore(world, shanghai('2022-12-01'));
  await signEarlierReports(quick);
  await confirmUnchanged(world, patient, caseNumber);
  await notBefore(world, shanghai('2022-12-26'));
  await districtSteps(world, patient, caseNumber);
  const { timeline } = await seeCase(world, caseNumber, 'auditor-1');
  const announced = timeline.find(({ type }) => type === 'release-announced')?.data ?? {};
  // Nobody signs in time: the report is overdue, and the case looks in vain for its name in it.
  await notBefore(world, daysAfter(String(announced['cityReportDueAt']), 2));
  await signCityReport(world, district, String(announced['cityReportMonth']));
  await notBefore(world, daysAfter(await world.now(), 2));
  await untilStage(world, caseNumber, 'auditor-1', 'reported');
  return [closed, caseNumber];
};
