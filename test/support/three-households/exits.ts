import { shanghaiDay } from '../../../local/demo/legal-day.ts';
import { uploadPhoto } from '../../../local/demo/photo.ts';
import { askFor, type World } from '../../../local/demo/world.ts';
import {
  decide,
  type Household,
  officesOf,
  postNotice,
  reportCandidate,
  seeCase,
  untilStage,
  villageSteps,
} from './steps.ts';

const departmentOf = (taskId: string): string => taskId.split('.').at(-1) ?? '';
const post = (as: string, key: string, body: object) => ({ method: 'POST', as, key, body }) as const;

/** Everything up to the notice of the first round. */
export const reportUpToNotice = async (world: World, household: Household) => {
  const caseNumber = await reportCandidate(world, household);
  await villageSteps(world, household, caseNumber, 1);
  return { caseNumber, ...(await postNotice(world, household, caseNumber, 1)) };
};

/** 农户提: the household asks for its release itself, unless somebody asks on its behalf. */
export const requestRelease = async (world: World, household: Household, as?: string): Promise<string> => {
  const { householdId } = household;
  const by = as ?? officesOf(household).home;
  const { caseNumber } = await askFor<{ caseNumber: string }>(
    world,
    '/v1/release-requests',
    post(by, `request ${householdId}`, { householdId }),
  );
  world.progress(`${by}: request ${caseNumber}`);
  return caseNumber;
};

/** The grid leader's list takes the request up, or declines it. */
export const answerRequest = (
  world: World,
  household: Household,
  caseNumber: string,
  outcome: 'reported' | 'declined',
): Promise<void> =>
  decide(world, caseNumber, officesOf(household).leader, {
    step: 'request-answer',
    outcome,
    ...(outcome === 'declined' ? { reason: 'help-still-needed', reasons: '帮扶措施仍需巩固。' } : {}),
  });

/** 退回: the town was there and does not approve. */
export const returnByTown = async (
  world: World,
  household: Household,
  caseNumber: string,
  measureIds: readonly string[] = [],
): Promise<void> => {
  const { town } = officesOf(household);
  const { round } = await untilStage(world, caseNumber, town, 'town-verification');
  const evidence = [await uploadPhoto(world, town, caseNumber, `town return ${round}`)];
  await decide(world, caseNumber, town, {
    step: 'town-verification',
    outcome: 'returned',
    reason: 'help-not-in-place',
    measureIds,
    reasons: '帮扶未到位，退回村级调整。',
    evidence,
  });
};

/** Everybody answers the comparison; the departments named say that these measures are not implemented, or with none that their data contradict. */
export const compareAgainst = async (
  world: World,
  caseNumber: string,
  refusing: Readonly<Record<string, readonly string[]>>,
): Promise<void> => {
  const { tasks } = await untilStage(world, caseNumber, 'bureau-1', 'department-comparison');
  for (const { taskId } of tasks) {
    const department = departmentOf(taskId);
    const measureIds = refusing[department];
    await decide(
      world,
      caseNumber,
      `department-${department}`,
      {
        step: 'department-comparison',
        record: '已逐项比对。',
        ...(measureIds === undefined
          ? { outcome: 'implemented' }
          : {
              outcome: 'not-implemented',
              reason: measureIds.length === 0 ? 'data-contradicts' : 'measure-not-implemented',
              measureIds,
            }),
      },
      `.${department}`,
    );
  }
};

/** 调整帮扶 after a return: each department puts its failed measures in place, and the village says how help was adjusted. */
export const adjustHelp = async (
  world: World,
  household: Household,
  caseNumber: string,
  failed: Readonly<Record<string, readonly string[]>> = {},
): Promise<void> => {
  const { village } = officesOf(household);
  const { round } = await untilStage(world, caseNumber, village, 'adjustment');
  const implementedOn = shanghaiDay(await world.now());
  for (const [department, measureIds] of Object.entries(failed)) {
    const officer = `department-${department}`;
    const evidence = [await uploadPhoto(world, officer, caseNumber, `measure ${department} ${round}`)];
    await decide(
      world,
      caseNumber,
      officer,
      {
        step: 'measure-adjustment',
        measures: measureIds.map((measureId) => ({ measureId, implementedOn })),
        evidence,
        record: '措施已补充落实。',
      },
      `.${department}`,
    );
  }
  await decide(world, caseNumber, village, { step: 'adjustment', record: '已调整帮扶措施。' });
};

/** The grid leader reports again 再次上报, which begins the next round, or lets the case go. */
export const reReport = async (
  world: World,
  household: Household,
  caseNumber: string,
  outcome: 'report-again' | 'close-case',
): Promise<void> => {
  const { leader } = officesOf(household);
  await untilStage(world, caseNumber, leader, 're-report');
  await decide(world, caseNumber, leader, {
    step: 're-report',
    outcome,
    ...(outcome === 'close-case' ? { record: '继续监测。' } : {}),
  });
};

/** 撤回 by the household itself, or by the bureau. */
export const withdrawCase = async (world: World, caseNumber: string, as: string): Promise<void> => {
  const body = { reason: 'risk-returned', reasons: '家中出现新的困难，暂不申请。', evidence: [] };
  await askFor(world, `/v1/release-cases/${caseNumber}/withdrawal`, post(as, `withdraw ${caseNumber}`, body));
  world.progress(`${as}: withdrawal ${caseNumber}`);
};

/** The household has changed 死亡、分户、迁移、合户: the round ends, and the village says how to go on. */
export const pauseCase = async (world: World, household: Household, caseNumber: string): Promise<void> => {
  const { village } = officesOf(household);
  const { round } = await seeCase(world, caseNumber, village);
  const body = { cause: 'split', occurredOn: shanghaiDay(await world.now()), record: '儿子已分户另过。' };
  await askFor(
    world,
    `/v1/release-cases/${caseNumber}/pause`,
    post(village, `pause ${caseNumber} ${round}`, body),
  );
  world.progress(`${village}: pause ${caseNumber}`);
};

export const followUpPause = async (
  world: World,
  household: Household,
  caseNumber: string,
  outcome: 'restart-at-visit' | 'close-case',
): Promise<void> => {
  const { village } = officesOf(household);
  await untilStage(world, caseNumber, village, 'paused');
  await decide(world, caseNumber, village, {
    step: 'pause-follow-up',
    outcome,
    record: '按现有人口重新核实。',
  });
};

/** What an inbox 待办 shows. */
export type InboxSeen = {
  readonly taskId: string;
  readonly step: string;
  readonly kind: 'to-decide' | 'escalated';
  readonly reminded: boolean;
  readonly overdue: boolean;
};

export const seeInbox = async (world: World, as: string): Promise<readonly InboxSeen[]> =>
  (await askFor<{ tasks: InboxSeen[] }>(world, '/v1/tasks', { as })).tasks;
