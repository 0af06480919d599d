import { expect, test } from 'vitest';
import type { ReleaseCommand, StepDecision } from '../../../shared/domain/release/commands.ts';
import { decide } from '../../../shared/domain/release/decide.ts';
import type { RecordedReleaseEvent } from '../../../shared/domain/release/recorded.ts';
import type { ReleaseRefusalCode } from '../../../shared/domain/release/refusals.ts';
import {
  otherAnswers,
  pausedBy,
  reportedAgain,
  requested,
  returned,
  withdrawal,
} from '../../support/release-exits.ts';
import {
  bureau,
  day,
  departmentOfficer,
  goodFacts,
  household,
  leader,
  month,
  townOfficer,
  villager,
} from '../../support/release-people.ts';
import {
  after,
  answering,
  contextOf,
  filed,
  goodAnswers,
  objectedTo,
  objection,
  report,
  stateOf,
  straightTo,
  timer,
  type When,
} from '../../support/release-story.ts';

const late = '2022-12-01 09:00';
const anyone = { anonymous: true } as const;
const byTimer = { by: timer, at: late };
const byVillage = { by: villager, at: late };
const duringNotice = { by: anyone, at: '2022-09-30 20:00' };

const visit = straightTo('home-visit');
const meeting = straightTo('appraisal');
const comparing = straightTo('department-comparison');
const leadership = straightTo('leadership-filing');

type Refused = readonly [past: readonly RecordedReleaseEvent[], command: ReleaseCommand, when: When];

const appraised = (change: Partial<typeof goodAnswers.appraisal>): Refused => [
  meeting,
  answering(meeting, { ...goodAnswers.appraisal, ...change }),
  { by: villager, at: '2022-09-27 16:00' },
];
const answeredWith = (
  past: readonly RecordedReleaseEvent[],
  decision: StepDecision,
  when: When,
  part = '',
): Refused => [past, answering(past, decision, part), when];
const agriculture = (decision: StepDecision, past = comparing): Refused =>
  answeredWith(
    past,
    decision,
    { by: departmentOfficer('agriculture'), at: '2022-10-27 11:00' },
    '.agriculture',
  );

/** One way to each code of refusal. */
const refusals = {
  'case-already-open': [visit, report, { by: leader, at: late }],
  'case-not-open': [[], filed(1, '2022-10'), byTimer],
  'household-not-monitored': [[], { ...report, monitored: false }, { by: leader, at: late }],
  'release-standards-not-met': answeredWith(requested(), goodAnswers['request-answer'], {
    by: leader,
    at: '2022-09-21 09:00',
    facts: { ...goodFacts, measures: [] },
  }),
  'task-not-open': [straightTo('filing'), answering(visit, goodAnswers['home-visit']), byVillage],
  'task-not-yours': answeredWith(visit, goodAnswers['home-visit'], { by: bureau, at: late }),
  'round-superseded': [reportedAgain(), answering(visit, goodAnswers['home-visit']), byVillage],
  'wrong-decision-for-step': [
    visit,
    { ...answering(visit, goodAnswers['home-visit']), decision: goodAnswers.appraisal },
    byVillage,
  ],
  'too-early': [straightTo('notice'), { type: 'conclude-notice', round: 1 }, { ...duringNotice, by: timer }],
  'own-household': answeredWith(visit, goodAnswers['home-visit'], {
    by: { ...villager, ownHousehold: household },
    at: late,
  }),
  'two-levels': answeredWith(visit, goodAnswers['home-visit'], {
    by: { ...villager, personId: leader.personId },
    at: late,
  }),
  'evidence-required': answeredWith(visit, { ...goodAnswers['home-visit'], evidence: [] }, byVillage),
  'appraisal-date-invalid': appraised({ heldOn: day('2022-09-21') }),
  'votes-exceed-attendance': appraised({ votes: { inFavour: 18, against: 2, abstained: 1 } }),
  'attendance-exceeds-eligible': appraised({ attendance: { eligible: 19, present: 20 } }),
  'votes-do-not-carry': appraised({ votes: { inFavour: 10, against: 9, abstained: 1 } }),
  'votes-carry': appraised({ outcome: 'not-passed' }),
  'text-required': answeredWith(
    leadership,
    { step: 'leadership-filing', receipt: '' },
    { by: bureau, at: late },
  ),
  'notice-not-running': [visit, { type: 'conclude-notice', round: 1 }, byTimer],
  'objection-period-over': [straightTo('notice'), objection, { by: anyone, at: late }],
  'objections-full': [
    Array.from({ length: 200 }).reduce<RecordedReleaseEvent[]>(
      (past) => after(past, objection, duringNotice),
      straightTo('notice'),
    ),
    objection,
    duringNotice,
  ],
  'case-not-in-filing': [visit, filed(1, '2022-10'), byTimer],
  'case-not-in-report': [visit, { type: 'record-city-report', round: 1, month: month('2022-10') }, byTimer],
  'already-released': [leadership, withdrawal('district'), { by: bureau, at: late }],
  'round-not-running': [objectedTo('upheld'), pausedBy('death'), byVillage],
  'occurred-date-invalid': [visit, pausedBy('death', '2022-12-02'), byVillage],
  'measure-unknown': answeredWith(
    straightTo('town-verification'),
    { ...otherAnswers.returnedByTown, measureIds: ['m-9'] },
    { by: townOfficer, at: late },
  ),
  'measure-of-another-department': agriculture({ ...otherAnswers.notImplemented, measureIds: ['m-2'] }),
  'measure-required': agriculture({ ...otherAnswers.notImplemented, measureIds: [] }),
  'measure-date-invalid': agriculture(goodAnswers['measure-adjustment'], returned()),
} satisfies Record<ReleaseRefusalCode, Refused>;

test.each(Object.entries<Refused>(refusals))('%s', (code, [past, command, when]) => {
  const state = past.length === 0 ? undefined : stateOf(past);
  expect(decide(state, command, contextOf(when))).toMatchObject({ refusal: { code } });
});
