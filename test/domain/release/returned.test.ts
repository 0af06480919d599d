import { describe, expect, test } from 'vitest';
import type { RecordedReleaseEvent } from '../../../shared/domain/release/recorded.ts';
import {
  adjusted,
  goingOn,
  otherAnswers,
  posted,
  reportedAgain,
  returned,
} from '../../support/release-exits.ts';
import { bureau, departmentOfficer, leader, townOfficer, villager } from '../../support/release-people.ts';
import {
  after,
  answering,
  approvedLate,
  caseNumber,
  contextOf,
  given,
  goodAnswers,
  photo,
  sealed,
  stateOf,
  straightTo,
  timer,
} from '../../support/release-story.ts';
import { shanghai } from '../../support/shanghai.ts';

const withoutMeasures = {
  ...otherAnswers.returnedByTown,
  reason: 'risk-not-lifted',
  measureIds: [],
} as const;

const returnBy = (past: readonly RecordedReleaseEvent[], measureIds: readonly string[]) =>
  given(past).when(
    answering(past, { ...otherAnswers.returnedByTown, measureIds }),
    contextOf({ by: townOfficer, at: '2022-10-12 15:00' }),
  );

describe('the town returns a case', () => {
  const past = straightTo('town-verification');

  test('help is not in place: the village adjusts it, and the measure’s own department puts it in place', () => {
    returnBy(past, ['m-1']).then([
      {
        type: 'case-returned',
        data: {
          by: 'town',
          step: 'town-verification',
          reason: 'help-not-in-place',
          measureIds: ['m-1'],
          reasons: sealed,
          evidence: [photo],
          opens: [],
        },
      },
      {
        type: 'release-round-ended',
        data: {
          round: 1,
          reason: 'returned-by-town',
          failed: [{ measureId: 'm-1', leadDepartment: 'agriculture', failedOn: '2022-10-12' }],
          opens: [
            {
              taskId: `${caseNumber}.r1.adjustment`,
              assignees: [{ role: 'village-officer', division: '610302101201' }],
              // Ten working days after Wednesday 12 October.
              dueAt: shanghai('2022-10-27 00:00'),
            },
            {
              taskId: `${caseNumber}.r1.measure-adjustment.agriculture`,
              assignees: [{ role: 'department-officer', division: '610302', department: 'agriculture' }],
            },
          ],
        },
      },
    ]);
    expect(stateOf(returned())).toMatchObject({
      round: 1,
      stage: { name: 'adjustment', reason: 'returned-by-town' },
      endedRounds: [{ round: 1, reason: 'returned-by-town' }],
      failedMeasures: [{ measureId: 'm-1', failedOn: '2022-10-12' }],
    });
  });

  test('two measures of two departments: each department gets its own task', () => {
    returnBy(past, ['m-3', 'm-1']).then([
      { type: 'case-returned' },
      {
        type: 'release-round-ended',
        data: {
          opens: [
            { step: 'adjustment' },
            { taskId: `${caseNumber}.r1.measure-adjustment.agriculture` },
            { taskId: `${caseNumber}.r1.measure-adjustment.medical-insurance` },
          ],
        },
      },
    ]);
  });

  test('the risk is not lifted although every measure stands: only the village has work', () => {
    given(past)
      .when(answering(past, withoutMeasures), contextOf({ by: townOfficer, at: '2022-10-12 15:00' }))
      .then([
        { type: 'case-returned', data: { reason: 'risk-not-lifted', measureIds: [] } },
        { type: 'release-round-ended', data: { failed: [], opens: [{ step: 'adjustment' }] } },
      ]);
  });

  test('a measure that the plan does not hold cannot have failed', () => {
    returnBy(past, ['m-1', 'm-9']).then({ code: 'measure-unknown', field: 'measureIds.1' });
  });

  test('somebody was on site, or it is no verification', () => {
    given(past)
      .when(
        answering(past, { ...otherAnswers.returnedByTown, evidence: [] }),
        contextOf({ by: townOfficer, at: '2022-10-12 15:00' }),
      )
      .then({ code: 'evidence-required', field: 'evidence' });
  });

  test('a department that was never asked sees the case from now on', () => {
    expect(stateOf(past).departments).toEqual([]);
    expect(stateOf(returned()).departments).toEqual(['agriculture']);
  });
});

describe('after the return', () => {
  test('without a failed measure, the household may be reported again once the village has adjusted', () => {
    const past = returned(withoutMeasures);
    given(past)
      .when(answering(past, goodAnswers.adjustment), contextOf({ by: villager, at: '2022-10-14 10:00' }))
      .then([
        { type: 'help-adjusted', data: { record: sealed, opens: [] } },
        {
          type: 're-report-opened',
          data: {
            round: 1,
            opens: [
              {
                taskId: `${caseNumber}.r1.re-report`,
                assignees: [{ role: 'grid-leader', division: '610302101201001' }],
                // Thirty days, and no day before which it would be too early.
                dueAt: shanghai('2022-11-14 00:00'),
              },
            ],
          },
        },
      ]);
    const open = goingOn(past, [goodAnswers.adjustment, villager, '2022-10-14 10:00']);
    expect(stateOf(open).tasks[0]).not.toHaveProperty('notBefore');
    given(open)
      .when(answering(open, goodAnswers['re-report']), contextOf({ by: leader, at: '2022-10-14 11:00' }))
      .then([
        { type: 'candidate-reported-again', data: { round: 1, opens: [] } },
        {
          type: 'release-round-started',
          data: { round: 2, cause: 'reported-again', opens: [{ taskId: `${caseNumber}.r2.home-visit` }] },
        },
      ]);
  });

  test('with a failed measure, village and department must both be done, in whatever order', () => {
    const village = [goodAnswers.adjustment, villager, '2022-11-11 10:00'] as const;
    const department = [
      goodAnswers['measure-adjustment'],
      departmentOfficer('agriculture'),
      '2022-11-11 10:00',
    ] as const;
    for (const [first, second] of [
      [village, department],
      [department, village],
    ] as const) {
      const half = goingOn(returned(), first);
      expect(stateOf(half)).toMatchObject({ stage: { name: 'adjustment' }, tasks: [{}] });
      expect(stateOf(goingOn(half, second))).toMatchObject({
        stage: { name: 're-report' },
        tasks: [{ step: 're-report' }],
      });
    }
  });

  test('it keeps its number and its history, and everything else is done anew with a full new notice', () => {
    const second = reportedAgain();
    expect(stateOf(second)).toMatchObject({
      caseNumber,
      round: 2,
      stage: { name: 'home-visit' },
      endedRounds: [{ round: 1, reason: 'returned-by-town' }],
    });
    const noticed = posted(second, '2023-05-11');
    // Five days from Thursday the 11th end on Tuesday the 16th.
    expect(stateOf(noticed).stage).toMatchObject({ name: 'notice', endsAt: shanghai('2023-05-17 00:00') });
    given(noticed)
      .when({ type: 'conclude-notice', round: 2 }, contextOf({ by: timer, at: '2023-05-16 23:59:59.999' }))
      .thenRefused('too-early');
  });

  test('it may be returned again and again, each time as the next round of the same case', () => {
    let past = straightTo('town-verification');
    for (const round of [1, 2, 3, 4]) {
      const month = String(round + 1).padStart(2, '0');
      expect(stateOf(past)).toMatchObject({ caseNumber, round, stage: { name: 'town-verification' } });
      const back = goingOn(
        past,
        [withoutMeasures, townOfficer, `2023-${month}-16 10:00`],
        [goodAnswers.adjustment, villager, `2023-${month}-17 10:00`],
        [goodAnswers['re-report'], leader, `2023-${month}-18 10:00`],
      );
      expect(stateOf(back).endedRounds.map((ended) => ended.round)).toEqual(
        Array.from({ length: round }, (_, index) => index + 1),
      );
      const noticed = posted(back, `2023-${month}-19`);
      const command = { type: 'conclude-notice', round: round + 1 } as const;
      past = after(noticed, command, { by: timer, at: `2023-${month}-28 00:00` });
    }
  });

  test('the grid leader may close it instead, at any time, and monitoring goes on', () => {
    const past = adjusted();
    const close = answering(past, otherAnswers.closedInsteadOfReport);
    given(past)
      .when(close, contextOf({ by: leader, at: '2022-11-12 09:00' }))
      .then([
        { type: 'closing-decided', data: { round: 1, record: sealed, opens: [] } },
        { type: 'release-case-closed', data: { round: 1, reason: 'monitoring-continues' } },
      ]);
  });

  test('a late answer of the returned round is told that the round is over', () => {
    const past = straightTo('town-verification');
    given(reportedAgain())
      .when(
        answering(past, goodAnswers['town-verification']),
        contextOf({ by: townOfficer, at: '2023-05-10 10:00' }),
      )
      .then({ code: 'round-superseded' });
  });
});

describe('a case is returned later on', () => {
  test('by the town that must confirm it before the filing, with evidence', () => {
    const past = approvedLate();
    const confirm = (evidence: readonly (typeof photo)[]) =>
      given(past).when(
        answering(past, { ...otherAnswers.notConfirmed, evidence }),
        contextOf({ by: townOfficer, at: '2022-11-02 10:00' }),
      );
    confirm([]).then({ code: 'evidence-required', field: 'evidence' });
    confirm([photo]).then([
      { type: 'case-returned', data: { by: 'town', step: 'filing-confirmation', evidence: [photo] } },
      {
        type: 'release-round-ended',
        data: { reason: 'returned-by-town', failed: [], opens: [{ step: 'adjustment' }] },
      },
    ]);
  });

  test('by the bureau instead of the announcement, which is then not made', () => {
    const past = straightTo('announcement');
    given(past)
      .when(
        answering(past, { ...otherAnswers.returnedByBureau, measureIds: ['m-2'] }),
        contextOf({ by: bureau, at: '2022-10-31 09:00' }),
      )
      .then([
        { type: 'case-returned', data: { by: 'district', step: 'announcement', evidence: [] } },
        {
          type: 'release-round-ended',
          data: {
            reason: 'returned-by-district',
            failed: [{ measureId: 'm-2', leadDepartment: 'human-resources', failedOn: '2022-10-31' }],
            opens: [
              { step: 'adjustment' },
              { taskId: `${caseNumber}.r1.measure-adjustment.human-resources` },
            ],
          },
        },
      ]);
    const back = goingOn(past, [otherAnswers.returnedByBureau, bureau, '2022-10-31 09:00']);
    expect(stateOf(back)).toMatchObject({ stage: { name: 'adjustment', reason: 'returned-by-district' } });
    expect(stateOf(back).releasedAt).toBeUndefined();
  });

  test('but not over a measure that is not its own', () => {
    const past = straightTo('announcement');
    given(past)
      .when(
        answering(past, { ...otherAnswers.returnedByBureau, measureIds: ['m-9'] }),
        contextOf({ by: bureau, at: '2022-10-31 09:00' }),
      )
      .then({ code: 'measure-unknown', field: 'measureIds.0' });
  });
});
