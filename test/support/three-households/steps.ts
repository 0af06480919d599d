import { shanghaiDay } from '../../../local/demo/legal-day.ts';
import { uploadPhoto } from '../../../local/demo/photo.ts';
import { ask, askFor, UnexpectedAnswer, type World } from '../../../local/demo/world.ts';
import { until } from './until.ts';

/** The household and the accounts that act for it; the demo district names accounts after their offices. */
export type Household = { readonly householdId: string; readonly group: string };

export const officesOf = ({ householdId, group }: Household) => ({
  leader: `leader-${group}`,
  village: `village-${group.slice(0, 12)}`,
  town: `town-${group.slice(0, 9)}`,
  home: `home-${householdId}`,
  checker: 'checker-1',
  bureau: 'bureau-1',
  auditor: 'auditor-1',
});

export type CaseSeen = {
  readonly caseNumber: string;
  readonly round: number;
  readonly stage: string;
  readonly releasedAt?: string;
  readonly tasks: readonly { readonly taskId: string; readonly step: string }[];
  readonly timeline: readonly {
    readonly seq: number;
    readonly at: string;
    readonly atShanghai: string;
    readonly type: string;
    readonly actor: { readonly role?: string; readonly system?: string; readonly anonymous?: boolean };
    readonly data: Readonly<Record<string, unknown>>;
  }[];
};

export const seeCase = (world: World, caseNumber: string, as: string): Promise<CaseSeen> =>
  askFor<CaseSeen>(world, `/v1/release-cases/${caseNumber}`, { as });

/** Waits until the case stands at one of the stages. */
export const untilStage = (
  world: World,
  caseNumber: string,
  as: string,
  ...stages: readonly string[]
): Promise<CaseSeen> =>
  until(
    `${caseNumber} at ${stages.join(' or ')}`,
    () => seeCase(world, caseNumber, as),
    ({ stage }) => stages.includes(stage),
  );

/** Decides the open step of the case as one person. The key makes a repetition harmless. */
export const decide = async (
  world: World,
  caseNumber: string,
  as: string,
  body: { readonly step: string; readonly [field: string]: unknown },
  part = '',
): Promise<void> => {
  const seen = await until(
    `${body.step} of ${caseNumber}`,
    () => seeCase(world, caseNumber, as),
    ({ tasks }) => tasks.some((task) => task.step === body.step && task.taskId.endsWith(part)),
  );
  const task = seen.tasks.find(({ step, taskId }) => step === body.step && taskId.endsWith(part));
  if (task === undefined) throw new UnexpectedAnswer(`${body.step} is not open`);
  await world.hesitate?.(task, as);
  await askFor(world, `/v1/tasks/${task.taskId}/decision`, {
    method: 'POST',
    as,
    body,
    key: `decide ${task.taskId}`,
  });
  world.progress(`${as}: ${body.step}${part}`);
};

/** 网格长上报 */
export const reportCandidate = async (world: World, household: Household): Promise<string> => {
  const { leader } = officesOf(household);
  const { caseNumber } = await askFor<{ caseNumber: string }>(world, '/v1/release-cases', {
    method: 'POST',
    as: leader,
    key: `report ${household.householdId}`,
    body: { householdId: household.householdId },
  });
  world.progress(`${leader}: candidate report ${caseNumber}`);
  return caseNumber;
};

/** 入户核实, 农户确认, 民主评议: each by whoever it belongs to. `round` keeps the photos of rounds apart. */
export const villageSteps = async (
  world: World,
  household: Household,
  caseNumber: string,
  round: number,
): Promise<void> => {
  const { village, home } = officesOf(household);
  const visit = await uploadPhoto(world, village, caseNumber, `visit ${round}`);
  await decide(world, caseNumber, village, {
    step: 'home-visit',
    outcome: 'eligible',
    evidence: [visit],
    record: '入户核实:住房、饮水、收入均已查看。',
  });
  await decide(world, caseNumber, home, {
    step: 'household-confirmation',
    outcome: 'confirmed',
    evidence: [],
  });
  const minutes = await uploadPhoto(world, village, caseNumber, `minutes ${round}`);
  const heldOn = shanghaiDay(await world.now());
  await decide(world, caseNumber, village, {
    step: 'appraisal',
    outcome: 'passed',
    heldOn,
    attendance: { eligible: 31, present: 27 },
    votes: { inFavour: 25, against: 1, abstained: 1 },
    minutes: [minutes],
  });
};

/** 公示: posts it with a photo and @returns its id and its end. */
export const postNotice = async (
  world: World,
  household: Household,
  caseNumber: string,
  round: number,
): Promise<{ readonly noticeId: string; readonly endsAt: string }> => {
  const { village } = officesOf(household);
  const photoOfBoard = await uploadPhoto(world, village, caseNumber, `notice ${round}`);
  await decide(world, caseNumber, village, { step: 'notice-posting', photo: photoOfBoard });
  const seen = await seeCase(world, caseNumber, village);
  const posted = seen.timeline.findLast(({ type }) => type === 'notice-posted');
  return { noticeId: String(posted?.data['noticeId']), endsAt: String(posted?.data['endsAt']) };
};

/** Somebody from the public objects, without any account. */
export const object = async (world: World, noticeId: string): Promise<void> => {
  await askFor(world, `/v1/notices/${noticeId}/objections`, {
    method: 'POST',
    key: `objection ${noticeId}`,
    body: { ground: 'measure-not-in-place', statement: '公益岗位还没有上岗。' },
  });
  world.progress('the public: objection');
};

export const upholdObjection = async (
  world: World,
  household: Household,
  caseNumber: string,
): Promise<void> => {
  const { village, town } = officesOf(household);
  const evidence = [await uploadPhoto(world, village, caseNumber, 'investigation')];
  await decide(world, caseNumber, village, {
    step: 'objection-investigation',
    finding: 'substantiated',
    evidence,
    record: '经核实,岗位尚未落实。',
  });
  await decide(world, caseNumber, town, {
    step: 'objection-decision',
    outcome: 'upheld',
    reasons: '措施未落实,异议成立。',
  });
};

export const startNextRound = async (
  world: World,
  household: Household,
  caseNumber: string,
): Promise<void> => {
  const { village } = officesOf(household);
  await decide(world, caseNumber, village, {
    step: 'objection-follow-up',
    outcome: 'start-next-round',
    record: '岗位已落实,重新入户。',
  });
};

/** 镇级核查 */
export const verifyOnSite = async (world: World, household: Household, caseNumber: string): Promise<void> => {
  const { town } = officesOf(household);
  await untilStage(world, caseNumber, town, 'town-verification');
  const evidence = [await uploadPhoto(world, town, caseNumber, 'town visit')];
  await decide(world, caseNumber, town, { step: 'town-verification', outcome: 'approved', evidence });
};

export const confirmUnchanged = async (
  world: World,
  household: Household,
  caseNumber: string,
): Promise<void> => {
  const { town } = officesOf(household);
  await decide(world, caseNumber, town, { step: 'filing-confirmation', outcome: 'unchanged' });
};

/** 行业比对, 抽查评估, 公告, 备案, 标注: everything the district does, each by its own people. */
export const districtSteps = async (
  world: World,
  household: Household,
  caseNumber: string,
): Promise<void> => {
  const { checker, bureau } = officesOf(household);
  const { tasks } = await untilStage(world, caseNumber, bureau, 'department-comparison');
  for (const { taskId } of tasks) {
    const department = taskId.split('.').at(-1) ?? '';
    await decide(
      world,
      caseNumber,
      `department-${department}`,
      { step: 'department-comparison', outcome: 'implemented', record: '数据比对一致。' },
      `.${department}`,
    );
  }
  await untilStage(world, caseNumber, bureau, 'spot-check');
  const evidence = [await uploadPhoto(world, checker, caseNumber, 'spot check')];
  await decide(world, caseNumber, checker, {
    step: 'spot-check',
    outcome: 'confirmed',
    evidence,
    record: '现场核查,情况属实。',
  });
  await decide(world, caseNumber, bureau, {
    step: 'announcement',
    outcome: 'announced',
    announcement: `公告〔2022〕${caseNumber.slice(-3)}号`,
  });
  await decide(world, caseNumber, bureau, {
    step: 'leadership-filing',
    receipt: `备案回执 ${caseNumber.slice(-3)}`,
  });
  await decide(world, caseNumber, bureau, {
    step: 'system-marking',
    outsideReference: `GJ-${caseNumber.slice(-6)}`,
  });
};

/** The bureau signs the city report on `month`, once it is prepared. */
export const signCityReport = async (world: World, district: string, month: string): Promise<void> => {
  const taskId = `C-${district}-${month}.city-report-signature`;
  await until(
    `the city report on ${month}`,
    () => ask(world, `/v1/tasks/${taskId}`, { as: 'bureau-1' }),
    ({ status }) => status === 200,
  );
  await askFor(world, `/v1/tasks/${taskId}/decision`, {
    method: 'POST',
    as: 'bureau-1',
    key: `sign ${month}`,
    body: { step: 'city-report-signature' },
  });
  world.progress(`bureau-1: city report ${month} signed`);
};
