import { type DistrictInput, type HouseholdInput, homeOf } from '../seed/district-input.ts';
import { factsKnownOn } from '../seed/known-facts.ts';
import { endsAt, importAt, importDay, levelAt, type Stop, stops } from './agenda.ts';
import { type CaseInSight, type Cases, watchCases } from './cases.ts';
import { importInput } from './import-input.ts';
import { createInboxes } from './inbox.ts';
import { shanghaiDay } from './legal-day.ts';
import { createOffices, levels, type Offices } from './offices.ts';
import { createTally, type Tally } from './tally.ts';
import { askFor, UnexpectedAnswer, type World } from './world.ts';

type Stage = {
  readonly world: World;
  readonly input: DistrictInput;
  readonly cases: Cases;
  readonly offices: Offices;
  readonly tally: Tally;
};

/** While one of these, the round runs, and a household may change or think better of it. */
const beforeAnnouncement = [
  'home-visit',
  'household-confirmation',
  'appraisal',
  'notice-posting',
  'notice',
  'town-verification',
  'filing-confirmation',
  'filing',
  'department-comparison',
  'spot-check',
  'announcement',
];

/** 交接: an office passes to somebody else, with whatever lies open in it. */
const handOver = async ({ world, input }: Stage, { day }: Stop): Promise<void> => {
  for (const { from, to, name } of input.handovers.filter(({ on }) => on === day)) {
    const before = input.people.find(({ personId }) => personId === from);
    if (before === undefined) throw new UnexpectedAnswer(`${from} holds no office`);
    const put = (personId: string, body: object) =>
      askFor(world, `/v1/people/${personId}`, { method: 'PUT', as: 'registrar', body });
    await put(to, { name, offices: before.offices });
    await put(from, { name: before.name, offices: [] });
    world.progress(`${day}  ${from} 交接给 ${to} / handed over`);
  }
};

/** 更新和标注: the village updates measures and income of every household that is not released. */
const updateFacts = async ({ world, input, cases, offices }: Stage, { day }: Stop): Promise<void> => {
  const released = new Set(
    cases
      .at(['leadership-filing', 'system-marking', 'city-report', 'reported'])
      .map(({ household }) => household.householdId),
  );
  for (const household of input.households.filter(({ householdId }) => !released.has(householdId))) {
    await askFor(world, `/v1/households/${household.householdId}/facts`, {
      method: 'PUT',
      as: offices.holder(`village-${household.group.slice(0, 12)}`, day),
      body: factsKnownOn(household, day),
    });
  }
};

const bringUp = async ({ world, tally }: Stage, { householdId, group, story }: HouseholdInput) => {
  const own = story.begin?.by === 'household';
  await askFor(world, own ? '/v1/release-requests' : '/v1/release-cases', {
    method: 'POST',
    as: own ? homeOf(householdId) : `leader-${group}`,
    key: `begin ${householdId}`,
    body: { householdId },
  });
  tally.count(own ? 'requested' : 'reported');
};

/** Whoever's day has come and who has no case yet. */
const candidatesOn = ({ input, cases }: Stage, { day }: Stop): readonly HouseholdInput[] =>
  input.households.filter(
    ({ householdId, story: { begin } }) =>
      begin !== undefined && begin.on <= day && cases.of(householdId) === undefined,
  );

/** 农户提、网格长上报 */
const bringUpCandidates = async (stage: Stage, stop: Stop): Promise<void> => {
  const due = candidatesOn(stage, stop);
  for (const household of due) await bringUp(stage, household);
  if (due.length > 0) await stage.cases.refresh();
};

type NoticeSeen = {
  readonly standing: {
    readonly name: string;
    readonly noticeId: string;
    readonly postedAt: string;
    readonly objections: readonly unknown[];
  };
};

const daysSince = (from: string, to: string): number => (Date.parse(to) - Date.parse(from)) / 86_400_000;

/** Somebody from the public reads the notice and objects, without any account. */
const objectTo = async ({ world, tally }: Stage, one: CaseInSight, { day }: Stop): Promise<void> => {
  const objection = one.household.story.objections.find(({ round }) => round === one.round);
  if (objection === undefined) return;
  const { standing } = await askFor<NoticeSeen>(world, `/v1/release-cases/${one.caseNumber}`, {
    as: 'auditor-1',
  });
  if (standing.name !== 'notice' || standing.objections.length > 0) return;
  if (daysSince(shanghaiDay(standing.postedAt), day) < objection.daysAfterPosting) return;
  await askFor(world, `/v1/notices/${standing.noticeId}/objections`, {
    method: 'POST',
    key: `objection ${standing.noticeId}`,
    body: { ground: 'measure-not-in-place', statement: '公益岗位还没有上岗。' },
  });
  tally.count('objected');
};

const withdraw = async ({ world, cases, tally }: Stage, one: CaseInSight, { day }: Stop): Promise<void> => {
  const { withdrawal } = one.household.story;
  if (withdrawal === undefined || withdrawal.on > day) return;
  cases.moved(
    await askFor(world, `/v1/release-cases/${one.caseNumber}/withdrawal`, {
      method: 'POST',
      as: homeOf(one.household.householdId),
      key: `withdraw ${one.caseNumber}`,
      body: { reason: withdrawal.reason, reasons: '家里决定暂不退出，继续接受帮扶。', evidence: [] },
    }),
  );
  tally.count('withdrawn');
};

const pause = async (stage: Stage, one: CaseInSight, { day }: Stop): Promise<void> => {
  const { world, cases, offices, tally } = stage;
  const { household, caseNumber, round } = one;
  const change = household.story.pause;
  // A household changes once; the round that begins after it is another one.
  if (change === undefined || change.on > day || round > 1) return;
  cases.moved(
    await askFor(world, `/v1/release-cases/${caseNumber}/pause`, {
      method: 'POST',
      as: offices.holder(`village-${household.group.slice(0, 12)}`, day),
      key: `pause ${caseNumber}`,
      body: { cause: change.cause, occurredOn: change.on, record: '家庭成员发生变化，暂停办理。' },
    }),
  );
  tally.count('paused');
};

/** What comes from outside of the offices: objections, second thoughts, changes in a household. */
const outsideEvents = async (stage: Stage, stop: Stop): Promise<void> => {
  for (const one of stage.cases.at(['notice'])) await objectTo(stage, one, stop);
  for (const one of stage.cases.at(beforeAnnouncement)) await withdraw(stage, one, stop);
  for (const one of stage.cases.at(beforeAnnouncement)) await pause(stage, one, stop);
};

/** 提前上报: a town files what it has approved so far; what it approves later goes in a supplement. */
const fileEarly = async ({ world, cases }: Stage, { day }: Stop): Promise<void> => {
  const towns = new Set(
    cases
      .at(['filing'])
      .filter(({ household }) => household.story.filedEarly === true)
      .map(({ household }) => household.group.slice(0, 9)),
  );
  for (const town of towns) {
    const month = day.slice(0, 7);
    await askFor(world, `/v1/filings/${town}/${month}`, {
      method: 'POST',
      as: `town-${town}`,
      key: `file early ${town} ${day}`,
      body: {},
    });
    world.progress(`${day}  ${town} 提前上报 / filed early`);
  }
};

/** On its first days a month's report waits for its signature. */
const isReportTime = ({ day }: Stop): boolean => day.slice(8) <= '10';

/** Nobody has anything to do: no case waits for anybody, nothing is due, and the clock need not stop. */
const isQuiet = (stage: Stage, stop: Stop): boolean =>
  !stop.updatesIncome &&
  !isReportTime(stop) &&
  stage.input.handovers.every(({ on }) => on !== stop.day) &&
  stage.cases.all().length === stage.cases.at(['city-report', 'reported', 'closed']).length &&
  candidatesOn(stage, stop).length === 0;

/** Whatever a day begins with, before anybody looks into an inbox. */
const beginDay = async (stage: Stage, stop: Stop): Promise<void> => {
  await stage.world.advanceTo(stop.at);
  await stage.cases.refresh();
  if (!stop.working) return;
  await handOver(stage, stop);
  if (stop.updatesIncome) await updateFacts(stage, stop);
  await bringUpCandidates(stage, stop);
  await outsideEvents(stage, stop);
};

/**
 * One day: everybody looks into their inbox once, level after level. Each level has its minute, so that the
 * installation's clock tells how far a day had come that was cut off: what came before it is not done again, and nobody
 * gets a second look on one day.
 */
const playDay = async (
  stage: Stage,
  inboxes: ReturnType<typeof createInboxes>,
  stop: Stop,
  began: string,
): Promise<void> => {
  const { world, cases, offices } = stage;
  if (stop.at >= began) await beginDay(stage, stop);
  for (const [index, level] of levels.entries()) {
    const at = levelAt(stop, index);
    if (at < began) continue;
    await world.advanceTo(at);
    const readers = new Set(stop.working ? offices.busyAt(level, cases.all(), stop.day) : []);
    if (level === 'bureau' && isReportTime(stop)) readers.add('bureau-1');
    for (const reader of readers) await inboxes.read(reader, { ...stop, at });
    if (level === 'town' && stop.working) await fileEarly(stage, stop);
  }
};

/**
 * Plays a district-year: sets the clock from day to day, and on each day lets everybody do what is open for them, as
 * their household's story has it. Whatever was done is known from the API, so a rehearsal that was cut off goes on
 * where it was left.
 * @param beforeStop is called before the clock is set to a day.
 */
export const rehearse = async (
  world: World,
  input: DistrictInput,
  beforeStop: (stop: Stop) => void = () => undefined,
): Promise<void> => {
  const cases = watchCases(world, input);
  const tally = createTally();
  const stage = { world, input, cases, offices: createOffices(input), tally };
  const inboxes = createInboxes(world, cases, tally);
  const began = await world.now();
  if (began <= importAt) {
    const rows = await importInput(world, input, importDay);
    world.progress(`${importDay}  导入 ${rows} 行 / ${rows} rows imported`);
  }
  await cases.refresh();
  const ahead = stops().filter((stop) => levelAt(stop, levels.length - 1) >= began);
  for (const [index, stop] of ahead.entries()) {
    beforeStop(stop);
    if (stop.at < began || !isQuiet(stage, stop)) await playDay(stage, inboxes, stop, began);
    const month = stop.day.slice(0, 7);
    if (ahead[index + 1]?.day.startsWith(month) !== true) world.progress(`${month}  ${tally.line()}`);
  }
  if (began < endsAt) await world.advanceTo(endsAt);
};
