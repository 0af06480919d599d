import { describe, expect, test } from 'vitest';
import { isOpen } from '../../../shared/domain/release/state.ts';
import {
  askedDepartments,
  bureau,
  checker,
  departmentOfficer,
  goodFacts,
  home,
  household,
  leader,
  month,
  townOfficer,
  villager,
} from '../../support/release-people.ts';
import {
  answering,
  caseNumber,
  contextOf,
  filed,
  given,
  goodAnswers,
  noticeId,
  photo,
  report,
  sealed,
  stateOf,
  straightTo,
  timer,
} from '../../support/release-story.ts';
import { shanghai } from '../../support/shanghai.ts';

const opens = (step: string, part = '') => [{ step, taskId: `${caseNumber}.r1.${step}${part}` }];

describe('a straight case, step by step', () => {
  test('the grid leader reports a candidate: a case opens, and with it round 1 at the home visit', () => {
    given([])
      .when(report, contextOf({ by: leader, at: '2022-09-20 09:00' }))
      .then([
        { type: 'release-case-opened', data: { caseNumber, householdId: household, people: 3 } },
        {
          type: 'release-round-started',
          data: {
            round: 1,
            cause: 'candidate-reported',
            policyVersion: '2022-1',
            measures: goodFacts.measures,
            opens: [
              {
                taskId: `${caseNumber}.r1.home-visit`,
                assignees: [{ role: 'village-officer', division: '610302101201' }],
                // Five working days after Tuesday 20 September 2022.
                dueAt: shanghai('2022-09-28 00:00'),
              },
            ],
          },
        },
      ]);
  });

  test('what is not known yet stands in the findings and does not keep anybody from reporting', () => {
    given([])
      .when(report, contextOf({ by: leader, at: '2022-09-20 09:00', facts: { monthlyIncome: [] } }))
      .then([
        { type: 'release-case-opened' },
        {
          type: 'release-round-started',
          data: { measures: [], findings: Array.from({ length: 9 }, () => ({ outcome: 'unknown' })) },
        },
      ]);
  });

  test('the village visits the home; then household or village may confirm', () => {
    const past = straightTo('home-visit');
    given(past)
      .when(answering(past, goodAnswers['home-visit']), contextOf({ by: villager, at: '2022-09-21 10:00' }))
      .then([
        {
          type: 'home-visit-recorded',
          data: {
            round: 1,
            evidence: [photo],
            record: sealed,
            opens: [
              {
                step: 'household-confirmation',
                assignees: [
                  { role: 'household', household },
                  { role: 'village-officer', division: '610302101201' },
                ],
              },
            ],
          },
        },
      ]);
  });

  test('the household confirms by itself, without a form', () => {
    const past = straightTo('household-confirmation');
    given(past)
      .when(
        answering(past, goodAnswers['household-confirmation']),
        contextOf({ by: home, at: '2022-09-22 19:00' }),
      )
      .then([
        { type: 'household-confirmed', data: { by: 'household', evidence: [], opens: opens('appraisal') } },
      ]);
  });

  test('for a household without a phone the village uploads the signed form', () => {
    const past = straightTo('household-confirmation');
    const confirm = (evidence: readonly (typeof photo)[]) =>
      given(past).when(
        answering(past, { ...goodAnswers['household-confirmation'], evidence }),
        contextOf({ by: villager, at: '2022-09-22 19:00' }),
      );
    confirm([]).then({ code: 'evidence-required', field: 'evidence' });
    confirm([photo]).then([{ type: 'household-confirmed', data: { by: 'signed-form', evidence: [photo] } }]);
  });

  test('the appraisal passes, and a notice is to be posted', () => {
    const past = straightTo('appraisal');
    given(past)
      .when(answering(past, goodAnswers.appraisal), contextOf({ by: villager, at: '2022-09-27 16:00' }))
      .then([{ type: 'appraisal-passed', data: { heldOn: '2022-09-27', opens: opens('notice-posting') } }]);
  });

  test('posted on 28 September 2022, the notice ends at 24:00 on 8 October; no task is open meanwhile', () => {
    const past = straightTo('notice-posting');
    given(past)
      .when(
        answering(past, goodAnswers['notice-posting']),
        contextOf({ by: villager, at: '2022-09-28 10:00' }),
      )
      .then([
        {
          type: 'notice-posted',
          data: {
            noticeId,
            photo,
            postedAt: shanghai('2022-09-28 10:00'),
            lastDay: '2022-10-08',
            endsAt: shanghai('2022-10-09 00:00'),
            missingHolidayTables: [],
            opens: [],
          },
        },
      ]);
    expect(stateOf(straightTo('notice')).tasks).toEqual([]);
  });

  test('at the first moment after its last day the notice passes, not one millisecond before', () => {
    const conclude = (at: string) =>
      given(straightTo('notice')).when({ type: 'conclude-notice', round: 1 }, contextOf({ by: timer, at }));
    conclude('2022-10-08 23:59:59.999').then({ code: 'too-early', because: [shanghai('2022-10-09 00:00')] });
    conclude('2022-10-09 00:00').then([
      { type: 'notice-passed', data: { noticeId, opens: opens('town-verification') } },
    ]);
  });

  test('the town verifies on site; approved before the cut-off it waits for this month’s filing', () => {
    const past = straightTo('town-verification');
    given(past)
      .when(
        answering(past, goodAnswers['town-verification']),
        contextOf({ by: townOfficer, at: '2022-10-12 15:00' }),
      )
      .then([
        {
          type: 'town-verification-approved',
          data: {
            filingMonth: '2022-10',
            cutOffAt: shanghai('2022-10-26 00:00'),
            confirmationNeeded: false,
            opens: [],
          },
        },
      ]);
  });

  test('filed with the district: the policy’s departments and every lead of a measure are asked', () => {
    given(straightTo('filing'))
      .when(filed(1, '2022-10'), contextOf({ by: timer, at: '2022-10-26 00:05' }))
      .then([
        {
          type: 'filed-with-district',
          data: {
            month: '2022-10',
            filingNumber: 1,
            spotCheckDraw: 0.9,
            asked: askedDepartments,
            opens: askedDepartments.map((department) => ({
              taskId: `${caseNumber}.r1.department-comparison.${department}`,
              assignees: [{ role: 'department-officer', division: '610302', department }],
            })),
          },
        },
      ]);
  });

  test('a department answers for its own measures', () => {
    const past = straightTo('department-comparison');
    given(past)
      .when(
        answering(past, goodAnswers['department-comparison'], '.agriculture'),
        contextOf({ by: departmentOfficer('agriculture'), at: '2022-10-27 11:00' }),
      )
      .then([
        {
          type: 'comparison-answered',
          data: { department: 'agriculture', measureIds: ['m-1'], record: sealed, opens: [] },
        },
      ]);
  });

  test('every case is assessed; what was not drawn needs no visit', () => {
    const past = straightTo('spot-check');
    given(past)
      .when(
        answering(past, { ...goodAnswers['spot-check'], evidence: [] }),
        contextOf({ by: checker, at: '2022-10-28 14:00' }),
      )
      .then([{ type: 'assessment-confirmed', data: { visited: false, opens: opens('announcement') } }]);
  });

  test('the bureau announces: released from this instant, to be reported by 24:00 on 5 November', () => {
    const past = straightTo('announcement');
    given(past)
      .when(
        answering(past, goodAnswers.announcement),
        contextOf({ by: bureau, at: '2022-10-31 23:59:59.999' }),
      )
      .then([
        {
          type: 'release-announced',
          data: {
            cityReportMonth: '2022-10',
            cityReportDueAt: shanghai('2022-11-06 00:00'),
            opens: opens('leadership-filing'),
          },
        },
      ]);
    expect(stateOf(straightTo('leadership-filing')).releasedAt).toBe(shanghai('2022-10-31 09:00'));
    expect(stateOf(straightTo('announcement')).releasedAt).toBeUndefined();
  });

  test('announced a millisecond later, it belongs to the next month’s report', () => {
    const past = straightTo('announcement');
    given(past)
      .when(answering(past, goodAnswers.announcement), contextOf({ by: bureau, at: '2022-11-01 00:00' }))
      .then([{ type: 'release-announced', data: { cityReportMonth: '2022-11' } }]);
  });

  test('filed with the leadership group, marked in the national system, and listed in the city report', () => {
    const filing = straightTo('leadership-filing');
    given(filing)
      .when(
        answering(filing, goodAnswers['leadership-filing']),
        contextOf({ by: bureau, at: '2022-11-01 09:00' }),
      )
      .then([
        { type: 'leadership-filed', data: { receipt: '备案〔2022〕7号', opens: opens('system-marking') } },
      ]);
    const marking = straightTo('system-marking');
    given(marking)
      .when(
        answering(marking, goodAnswers['system-marking']),
        contextOf({ by: bureau, at: '2022-11-02 09:00' }),
      )
      .then([{ type: 'national-system-marked', data: { outsideReference: 'NS-2022-11-0007', opens: [] } }]);
    given(straightTo('city-report'))
      .when(
        { type: 'record-city-report', round: 1, month: month('2022-10') },
        contextOf({ by: timer, at: '2022-11-06 00:05' }),
      )
      .then([{ type: 'reported-to-city', data: { month: '2022-10' } }]);
  });

  test('at its end the case is over, with everybody on record who decided, each at one level', () => {
    const state = stateOf(straightTo('reported'));
    expect(isOpen(state)).toBe(false);
    expect(state).toMatchObject({ stage: { name: 'reported', month: '2022-10' }, tasks: [], round: 1 });
    const levels = Object.groupBy(state.deciders, ({ personId }) => personId);
    expect(Object.values(levels).every((decided) => decided?.length === 1)).toBe(true);
    expect(state.deciders).toHaveLength(6 + askedDepartments.length);
  });
});
