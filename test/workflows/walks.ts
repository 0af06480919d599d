import * as z from 'zod';
import type { AslDocument } from '../../local/workflow-runner/runner.ts';
import { instantFromMillis, millisOf } from '../../shared/domain/calendar/instant.ts';
import type { Json, JsonObject } from '../../shared/ports/record-store.ts';
import type { CityReportStanding } from '../../workflows/city-report/signals.ts';
import type { FilingStanding } from '../../workflows/monthly-filing/signals.ts';
import type { CaseStanding } from '../../workflows/release-case/signals.ts';
import type { StateMachineName } from '../../workflows/state-machines.ts';
import {
  answers,
  breaks,
  type FunctionOfTheHouse,
  type Rehearsal,
  rehearse,
  settableClock,
  theCase,
} from './runner/rehearsal.ts';
import type { TaskFound } from './ways.ts';

/** How one execution goes: what its functions answer in turn, what its people decide, and where it ends. */
export type Walk = {
  readonly functions: Readonly<Record<string, readonly Json[]>>;
  /** The answers of the people, by task: given only after the step was looked at in vain once. */
  readonly people?: Readonly<Record<string, CaseStanding | CityReportStanding>>;
  readonly ends: string;
};

const anHour = 3_600_000;
const turnsAtMost = 200;
const asked = z.looseObject({ taskId: z.string(), token: z.string() });

/** One task that cannot be carried out: its function breaks, or answers only when its time is over. */
export type Fault = { readonly at: TaskFound; readonly how: 'breaks' | 'too-slow' };

/** Plays an execution to its end; everybody answers, but nobody before being reminded. */
export const playWalk = async (
  asl: AslDocument,
  input: JsonObject,
  { functions, people = {} }: Walk,
  fault?: Fault,
): Promise<Rehearsal> => {
  const clock = settableClock();
  const later = (millis: number) => instantFromMillis(millisOf(clock.now()) + millis);
  const waiting = new Map<string, string>();
  const reminded = new Set<string>();
  const inTurn = (given: readonly Json[]): FunctionOfTheHouse => {
    const left = [...given];
    return () => answers(left.shift() ?? null);
  };
  const house: Record<string, FunctionOfTheHouse> = {
    'await-step': (payload) => {
      const { taskId, token } = asked.parse(payload);
      waiting.set(taskId, token);
      return answers(null);
    },
    'escalate-step': (payload) => {
      reminded.add(z.looseObject({ taskId: z.string() }).parse(payload).taskId);
      return answers({ wakeAt: later(anHour) });
    },
    ...Object.fromEntries(Object.entries(functions).map(([name, given]) => [name, inTurn(given)])),
  };
  const well = fault === undefined ? undefined : house[fault.at.calls];
  if (fault !== undefined && well !== undefined)
    house[fault.at.calls] = (payload) => {
      const stands = played.runner.describe(theCase)?.states.some(({ name }) => name === fault.at.name);
      if (stands !== true) return well(payload);
      if (fault.how === 'breaks') return breaks('Lambda.ServiceException');
      clock.set(later(((fault.at.timeoutSeconds ?? 0) + 1) * 1000));
      return answers(null);
    };
  const played = rehearse(asl, house, { clock });
  await played.start(input);
  for (let turn = 0; turn < turnsAtMost; turn += 1) {
    if (played.runner.describe(theCase)?.status !== 'running') break;
    const ready = [...reminded].find((taskId) => waiting.has(taskId) && taskId in people);
    if (ready === undefined) {
      await played.passTo(played.runner.nextDueAt() ?? clock.now());
      continue;
    }
    reminded.delete(ready);
    const token = waiting.get(ready) ?? '';
    waiting.delete(ready);
    const answered = people[ready];
    if (
      answered === undefined ||
      answered === null ||
      typeof answered !== 'object' ||
      Array.isArray(answered)
    )
      throw new Error(`${ready} answers with no standing`);
    if ((await played.runner.signals.succeed(token, answered)) === 'delivered')
      await played.runner.runReady();
  }
  return played;
};

const wakeAt = '2022-09-29T00:00:00.000Z';
const open = (taskIds: readonly string[]) => taskIds.map((taskId) => ({ taskId, wakeAt }));
const standing = (
  stage: CaseStanding['stage'],
  tasks: readonly string[] = [],
  waitUntil: string | null = null,
): CaseStanding => ({ stage, tasks: open(tasks), waitUntil });
const month = (stage: FilingStanding['stage'], waitUntil: string | null): FilingStanding => ({
  stage,
  waitUntil,
});
const report = (stage: CityReportStanding['stage'], ...tasks: readonly string[]): CityReportStanding => ({
  stage,
  tasks: open(tasks),
});
const elsewhere = { stage: 'elsewhere', tasks: [], waitUntil: null };

const noticeEnd = '2022-10-08T16:00:00.000Z';

/** Asked for by the household, held by an objection, carried over, filed late, reported late. */
const longWay: Walk = {
  functions: {
    'read-case-standing': [
      standing('request', ['request']),
      // A look at an objection in vain: there may be another one, which has to be looked at earlier.
      standing('notice', ['investigation'], noticeEnd),
      standing('notice', ['decision'], noticeEnd),
    ],
    'conclude-notice': [
      standing('notice', ['investigation'], noticeEnd),
      standing('town-verification', ['town']),
    ],
    'record-filing': [
      standing('filing', [], '2022-11-25T16:06:00.000Z'),
      standing('department-comparison', ['health', 'housing']),
    ],
    'record-city-report': [standing('city-report', [], '2022-12-06T16:00:00.000Z'), standing('reported')],
  },
  people: {
    request: standing('home-visit', ['visit']),
    visit: standing('household-confirmation', ['household']),
    household: standing('appraisal', ['meeting']),
    meeting: standing('notice-posting', ['posting']),
    posting: standing('notice', [], noticeEnd),
    investigation: standing('notice', ['decision'], noticeEnd),
    decision: standing('notice', [], noticeEnd),
    town: standing('filing-confirmation', ['confirmation']),
    confirmation: standing('filing', [], '2022-11-25T16:01:00.000Z'),
    health: standing('department-comparison', ['housing']),
    housing: standing('spot-check', ['check']),
    check: standing('announcement', ['announce']),
    announce: standing('leadership-filing', ['leaders']),
    leaders: standing('system-marking', ['mark']),
    mark: standing('city-report', [], '2022-12-05T16:01:00.000Z'),
  },
  ends: 'Reported',
};

const oneAnswer = (begins: CaseStanding, taskId: string, answer: CaseStanding, ends: string): Walk => ({
  functions: { 'read-case-standing': [begins] },
  people: { [taskId]: answer },
  ends,
});
const nobodyActsOn = (begins: CaseStanding): Walk => ({
  functions: { 'read-case-standing': [begins] },
  ends: 'StageUnknown',
});

/** For each workflow, walks that together leave no way untaken but those that a fault leads to. */
export const walks: Readonly<Record<StateMachineName, Readonly<Record<string, Walk>>>> = {
  'release-case': {
    'the long way': longWay,
    'an objection that was upheld': oneAnswer(
      standing('objection-follow-up', ['follow-up']),
      'follow-up',
      standing('superseded'),
      'RoundOver',
    ),
    'a return, after which the grid leader reports again': {
      functions: { 'read-case-standing': [standing('announcement', ['announce'])] },
      people: {
        announce: standing('adjustment', ['village', 'health']),
        village: standing('adjustment', ['health']),
        health: standing('re-report', ['report']),
        report: standing('superseded'),
      },
      ends: 'RoundOver',
    },
    'a household that has changed': oneAnswer(
      standing('paused', ['pause']),
      'pause',
      standing('closed'),
      'RoundOver',
    ),
    'an attempt that begins at the marking': {
      functions: {
        'read-case-standing': [standing('system-marking', ['mark'])],
        'record-city-report': [standing('reported')],
      },
      people: { mark: standing('city-report', [], '2022-12-05T16:01:00.000Z') },
      ends: 'Reported',
    },
    'a comparison of which none brought the last answer': {
      functions: {
        'read-case-standing': [standing('department-comparison', ['health']), standing('closed')],
      },
      people: { health: standing('department-comparison') },
      ends: 'RoundOver',
    },
    'a comparison that nobody has to answer': nobodyActsOn(standing('department-comparison')),
    'an adjustment that nobody has to make': nobodyActsOn(standing('adjustment')),
  },
  'monthly-filing': {
    'a month in which the town is reminded, and that is closed at the second look': {
      functions: {
        'read-filing-standing': [month('before-reminder', '2022-10-24T01:00:00.000Z')],
        'remind-town': [month('open', '2022-10-25T15:59:59.000Z')],
        'complete-filing': [month('open', '2022-10-25T16:00:00.000Z'), month('completed', null)],
      },
      ends: 'Completed',
    },
    'a month that stands elsewhere': {
      functions: { 'read-filing-standing': [elsewhere] },
      ends: 'StageUnknown',
    },
  },
  'city-report': {
    'a report that is signed late': {
      functions: { 'read-city-report-standing': [report('signature', 'sign')] },
      people: { sign: report('signed') },
      ends: 'Signed',
    },
    'a report that stands elsewhere': {
      functions: { 'read-city-report-standing': [elsewhere] },
      ends: 'StageUnknown',
    },
  },
};
