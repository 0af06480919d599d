import { shanghai, shanghaiDay } from '../../../local/demo/legal-day.ts';
import { askFor, type World } from '../../../local/demo/world.ts';
import {
  confirmUnchanged,
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
} from './steps.ts';
import { until } from './until.ts';

export const straight: Household = { householdId: 'H-0001', group: '610302901201001' };
export const contested: Household = { householdId: 'H-0002', group: '610302901201001' };
export const late: Household = { householdId: 'H-0003', group: '610302901202001' };

const district = '610302';

/** The days of the rehearsal: all of it follows from the day on which it begins. */
export type Calendar = {
  /** `YYYY-MM` of the beginning, and the two months after it. */
  readonly month: string;
  readonly following: string;
};

const nextMonth = (month: string): string => {
  const [year = 0, number = 0] = month.split('-').map(Number);
  return number === 12 ? `${year + 1}-01` : `${year}-${String(number + 1).padStart(2, '0')}`;
};

export const calendarFrom = (now: string): Calendar => {
  const month = shanghaiDay(now).slice(0, 7);
  return { month, following: nextMonth(month) };
};

/** What became of the three, as the API tells it. */
export type Played = { readonly straight: string; readonly contested: string; readonly late: string };

const aMinuteAfter = (instant: string): string => new Date(Date.parse(instant) + 60_000).toISOString();

/** Nobody works before a day has come; on a later day the clock is left alone. */
const notBefore = async (world: World, instant: string): Promise<void> => {
  if ((await world.now()) < instant) await world.advanceTo(instant);
};

/** Candidate report, visit, confirmation, appraisal and notice of a household that was not reported before. */
const begin = async (world: World, household: Household) => {
  const caseNumber = await reportCandidate(world, household);
  await villageSteps(world, household, caseNumber, 1);
  return { caseNumber, notice: await postNotice(world, household, caseNumber, 1) };
};

const documentFrom = async (world: World, path: string, as: string): Promise<unknown> =>
  until(
    path,
    () => askFor<{ readonly completedAt?: string }>(world, path, { as }),
    ({ completedAt }) => completedAt !== undefined,
  );

/** The first month: two are reported early and one in the middle; the contested one starts its second round. */
const playFirstMonth = async (world: World, month: string) => {
  const on = (day: string, time?: string) => notBefore(world, shanghai(`${month}-${day}`, time));
  const first = await begin(world, straight);
  const second = await begin(world, contested);

  await on('08', '10:30');
  await object(world, second.notice.noticeId);
  await on('09');
  await upholdObjection(world, contested, second.caseNumber);
  await untilStage(world, second.caseNumber, officesOf(contested).village, 'objection-follow-up');
  await on('13');
  await startNextRound(world, contested, second.caseNumber);

  await notBefore(world, aMinuteAfter(first.notice.endsAt));
  await on('14', '10:00');
  await verifyOnSite(world, straight, first.caseNumber);
  const third = await begin(world, late);
  await villageSteps(world, contested, second.caseNumber, 2);
  const again = await postNotice(world, contested, second.caseNumber, 2);

  await notBefore(world, aMinuteAfter(again.endsAt));
  await on('21', '10:00');
  await verifyOnSite(world, contested, second.caseNumber);
  await on('26');
  await verifyOnSite(world, late, third.caseNumber);
  await documentFrom(world, `/v1/filings/${straight.group.slice(0, 9)}/${month}`, 'bureau-1');
  await districtSteps(world, straight, first.caseNumber);
  await on('27');
  await districtSteps(world, contested, second.caseNumber);
  return { straight: first.caseNumber, contested: second.caseNumber, late: third.caseNumber };
};

/**
 * Three households: one goes straight to its release and the city report; one is stopped by an upheld objection and
 * goes through a second round with a full new notice; one is approved on the 26th and is filed a month later.
 * Must begin in the first days of a month.
 */
export const play = async (world: World): Promise<Played> => {
  const { month, following } = calendarFrom(await world.now());
  const played = await playFirstMonth(world, month);

  await notBefore(world, shanghai(`${following}-03`));
  await signCityReport(world, district, month);
  await confirmUnchanged(world, late, played.late);
  await notBefore(world, shanghai(`${following}-06`));
  await untilStage(world, played.straight, 'bureau-1', 'reported');
  await untilStage(world, played.contested, 'bureau-1', 'reported');

  await notBefore(world, shanghai(`${following}-26`));
  await districtSteps(world, late, played.late);
  await notBefore(world, shanghai(`${nextMonth(following)}-02`));
  await signCityReport(world, district, following);
  await notBefore(world, shanghai(`${nextMonth(following)}-06`));
  await untilStage(world, played.late, 'bureau-1', 'reported');
  return played;
};

export type LedgerCheck = {
  readonly streamId: string;
  readonly events: number;
  readonly verified: boolean;
  readonly problems: readonly string[];
};

export type Story = {
  readonly cases: readonly {
    readonly part: keyof Played;
    readonly caseNumber: string;
    readonly round: number;
    readonly stage: string;
    readonly releasedAt: string | null;
    readonly timeline: readonly { readonly at: string; readonly type: string; readonly by: string }[];
  }[];
  readonly ledger: {
    readonly events: number;
    readonly verified: boolean;
    readonly streams: readonly LedgerCheck[];
  };
};

/** Reads the story back from the API, and has every stream of it checked. */
export const tell = async (world: World, played: Played): Promise<Story> => {
  const { month, following } = calendarOfCase(await seeCase(world, played.straight, 'auditor-1'));
  const parts = Object.entries(played) as [keyof Played, string][];
  const cases = await Promise.all(
    parts.map(async ([part, caseNumber]) => {
      const seen = await seeCase(world, caseNumber, 'auditor-1');
      return {
        part,
        caseNumber,
        round: seen.round,
        stage: seen.stage,
        releasedAt: seen.releasedAt ?? null,
        timeline: seen.timeline.map(({ atShanghai, type, actor }) => ({
          at: atShanghai,
          type,
          by: actor.role ?? actor.system ?? 'public',
        })),
      };
    }),
  );
  const documents = [month, following].flatMap((one) => [
    `F-${straight.group.slice(0, 9)}-${one}`,
    `C-${district}-${one}`,
  ]);
  const streams = await Promise.all(
    [...parts.map(([, caseNumber]) => caseNumber), ...documents].map((streamId) =>
      askFor<LedgerCheck>(world, `/v1/audit/${streamId}`, { as: 'auditor-1' }),
    ),
  );
  const events = streams.reduce((sum, stream) => sum + stream.events, 0);
  return { cases, ledger: { events, verified: streams.every(({ verified }) => verified), streams } };
};

const calendarOfCase = ({ timeline }: { readonly timeline: readonly { readonly at: string }[] }): Calendar =>
  calendarFrom(timeline[0]?.at ?? '');
