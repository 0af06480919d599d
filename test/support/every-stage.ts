import type { ReleaseCommand } from '../../shared/domain/release/commands.ts';
import { decide } from '../../shared/domain/release/decide.ts';
import type { RecordedReleaseEvent } from '../../shared/domain/release/recorded.ts';
import type { StageName } from '../../shared/domain/release/state.ts';
import {
  adjusted,
  factsAfterReturn,
  goingOn,
  otherAnswers,
  paused,
  requested,
  returned,
  withdrawal,
} from './release-exits.ts';
import {
  askedDepartments,
  bureau,
  checker,
  departmentOfficer,
  home,
  leader,
  townOfficer,
  villager,
} from './release-people.ts';
import {
  after,
  approvedLate,
  contextOf,
  goodAnswers,
  objectedTo,
  stateOf,
  straightTo,
  timer,
} from './release-story.ts';

const comparing = straightTo('department-comparison');

/** A case at every stage that there is, with every variant of it in which other answers are taken; and no case at all. */
export const everyStage = {
  'no case': [],
  request: requested(),
  'home-visit': straightTo('home-visit'),
  'household-confirmation': straightTo('household-confirmation'),
  appraisal: straightTo('appraisal'),
  'notice-posting': straightTo('notice-posting'),
  notice: straightTo('notice'),
  'notice, objection filed': objectedTo('filed'),
  'notice, objection investigated': objectedTo('investigated'),
  'notice, objection dismissed': objectedTo('dismissed'),
  'objection-follow-up': objectedTo('upheld'),
  'town-verification': straightTo('town-verification'),
  'filing-confirmation': approvedLate(),
  filing: straightTo('filing'),
  'department-comparison': comparing,
  'department-comparison, one said no': goingOn(comparing, [
    otherAnswers.notImplemented,
    departmentOfficer('agriculture'),
    '2022-10-27 11:00',
    '.agriculture',
  ]),
  'spot-check': straightTo('spot-check'),
  announcement: straightTo('announcement'),
  'leadership-filing': straightTo('leadership-filing'),
  'system-marking': straightTo('system-marking'),
  'city-report': straightTo('city-report'),
  reported: straightTo('reported'),
  adjustment: returned(),
  'adjustment, the village is done': goingOn(returned(), [
    goodAnswers.adjustment,
    villager,
    '2022-10-14 10:00',
  ]),
  're-report': adjusted(),
  paused: paused(),
  'closed: monitoring-continues': goingOn(objectedTo('upheld'), [
    otherAnswers.closedAfterObjection,
    villager,
    '2022-10-10 09:00',
  ]),
  'closed: monitoring-continues, not reported again': goingOn(adjusted(), [
    otherAnswers.closedInsteadOfReport,
    leader,
    '2022-11-12 09:00',
  ]),
  'closed: request-declined': goingOn(requested(), [otherAnswers.declined, leader, '2022-09-21 09:00']),
  'closed: not-eligible': goingOn(straightTo('home-visit'), [
    otherAnswers.notEligible,
    villager,
    '2022-09-21 10:00',
  ]),
  'closed: household-refused': goingOn(straightTo('household-confirmation'), [
    otherAnswers.refused,
    home,
    '2022-09-22 19:00',
  ]),
  'closed: appraisal-not-passed': goingOn(straightTo('appraisal'), [
    otherAnswers.notPassed,
    villager,
    '2022-09-27 16:00',
  ]),
  'closed: withdrawn': after(straightTo('notice'), withdrawal('district'), {
    by: bureau,
    at: '2022-10-03 09:00',
  }),
  'closed: household-changed': goingOn(paused(), [
    otherAnswers.closedAfterPause,
    villager,
    '2022-12-05 09:00',
  ]),
} satisfies Readonly<Record<string, readonly RecordedReleaseEvent[]>> &
  Readonly<Record<Exclude<StageName, 'closed'>, readonly RecordedReleaseEvent[]>>;

export type EveryStage = keyof typeof everyStage;

export const stages = Object.entries(everyStage) as [EveryStage, readonly RecordedReleaseEvent[]][];
const everyone = [
  home,
  leader,
  villager,
  townOfficer,
  checker,
  bureau,
  ...askedDepartments.map(departmentOfficer),
];

/** An hour at which every wait of the stories is over. */
export const late = '2023-06-01 09:00';
/** What came of it: the types of the events, or the code of the refusal. */
export const outcomeOf = (
  past: readonly RecordedReleaseEvent[],
  command: ReleaseCommand,
  at: string,
): string => {
  const state = past.length === 0 ? undefined : stateOf(past);
  const decisionBy = (by: Parameters<typeof contextOf>[0]['by']) =>
    decide(state, command, contextOf({ by, at, facts: factsAfterReturn() }));
  const actor =
    command.type !== 'decide-step'
      ? timer
      : (everyone.find((by) => {
          const decision = decisionBy(by);
          return !('refusal' in decision) || decision.refusal.code !== 'task-not-yours';
        }) ?? villager);
  const decision = decisionBy(actor);
  return 'refusal' in decision ? decision.refusal.code : decision.events.map(({ type }) => type).join(' + ');
};
