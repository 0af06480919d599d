import { describe, expect, test } from 'vitest';
import { currentPolicy } from '../../../shared/domain/calendar/policy.ts';
import type { RecordedReleaseEvent } from '../../../shared/domain/release/recorded.ts';
import { spotCheckRate } from '../../../shared/domain/release/spot-check-rate.ts';
import { goingOn, otherAnswers } from '../../support/release-exits.ts';
import { askedDepartments, checker, departmentOfficer } from '../../support/release-people.ts';
import {
  after,
  answering,
  caseNumber,
  contextOf,
  filed,
  given,
  goodAnswers,
  photo,
  sealed,
  stateOf,
  straightTo,
  timer,
} from '../../support/release-story.ts';
import { shanghai } from '../../support/shanghai.ts';

const at = '2022-10-28 14:00';

/** Filed with a draw, and compared by every department but the last; the draw counts with its answer. */
const answeredButOne = (draw: number): RecordedReleaseEvent[] => {
  const asked = after(straightTo('filing'), filed(1, '2022-10', draw), { by: timer, at: '2022-10-26 00:05' });
  return askedDepartments
    .slice(0, -1)
    .reduce(
      (past, department) =>
        goingOn(past, [
          goodAnswers['department-comparison'],
          departmentOfficer(department),
          '2022-10-27 11:00',
          `.${department}`,
        ]),
      asked,
    );
};
const lastAnswer = (draw: number, failedMonthsBefore: number) => {
  const past = answeredButOne(draw);
  return given(past).when(
    answering(past, goodAnswers['department-comparison']),
    contextOf({
      by: departmentOfficer('public-security'),
      at: '2022-10-27 12:00',
      failedMonthsBefore,
    }),
  );
};

describe('the share of cases that is visited', () => {
  const policy = currentPolicy(shanghai(at));

  test.each([
    [0, 0.3],
    [1, 0.6],
    // 1.2 would be more than every case.
    [2, 1],
    [12, 1],
  ])('after %i failed months in a row it is %d', (failedMonthsBefore, rate) => {
    expect(spotCheckRate(policy, failedMonthsBefore)).toBe(rate);
  });

  test('never rises above the cap of the policy', () => {
    const capped = { spotCheck: { rate: 0.3, doubledRateCap: 0.5 } };
    expect(spotCheckRate(capped, 0)).toBe(0.3);
    expect(spotCheckRate(capped, 1)).toBe(0.5);
  });
});

describe('the draw', () => {
  test.each([
    [0.5, 0, 0.3, false],
    [0.5, 1, 0.6, true],
    [0.6, 1, 0.6, false],
    [0.9999, 2, 1, true],
  ])('%d after %i failed months, at %d: visited %s', (draw, failedMonthsBefore, rate, sampled) => {
    lastAnswer(draw, failedMonthsBefore).then([
      { type: 'comparison-answered' },
      { type: 'spot-check-drawn', data: { round: 1, draw, rate, sampled, seed: 'c'.repeat(64) } },
    ]);
  });

  test('is made with the answer of the last department, not before', () => {
    expect(answeredButOne(0.5).map(({ type }) => type)).not.toContain('spot-check-drawn');
  });
});

describe('a spot check fails', () => {
  const past = straightTo('spot-check');
  const check = (change: object) =>
    given(past).when(
      answering(past, { ...otherAnswers.checkFailed, ...change }),
      contextOf({ by: checker, at }),
    );

  test('the case goes back, and the month says which village’s share doubles next', () => {
    check({}).then([
      {
        type: 'spot-check-failed',
        data: {
          filingMonth: '2022-10',
          reason: 'help-not-in-place',
          measureIds: ['m-2'],
          evidence: [photo],
          record: sealed,
          opens: [],
        },
      },
      {
        type: 'release-round-ended',
        data: {
          reason: 'spot-check-failed',
          failed: [{ measureId: 'm-2', leadDepartment: 'human-resources', failedOn: '2022-10-28' }],
          opens: [
            { taskId: `${caseNumber}.r1.adjustment` },
            { taskId: `${caseNumber}.r1.measure-adjustment.human-resources` },
          ],
        },
      },
    ]);
    expect(stateOf(goingOn(past, [otherAnswers.checkFailed, checker, at]))).toMatchObject({
      stage: { name: 'adjustment', reason: 'spot-check-failed' },
    });
  });

  test('also one that was not drawn: whoever was there saw it', () => {
    expect(stateOf(past).stage).toMatchObject({ name: 'spot-check', sampled: false });
    check({ measureIds: [] }).then([
      { type: 'spot-check-failed' },
      { type: 'release-round-ended', data: { failed: [], opens: [{ step: 'adjustment' }] } },
    ]);
  });

  test('but never without having been there, drawn or not', () => {
    check({ evidence: [] }).then({ code: 'evidence-required', field: 'evidence' });
    const drawn = goingOn(answeredButOne(0.1), [
      goodAnswers['department-comparison'],
      departmentOfficer('public-security'),
      '2022-10-27 12:00',
    ]);
    expect(stateOf(drawn).stage).toMatchObject({ sampled: true });
    given(drawn)
      .when(answering(drawn, { ...otherAnswers.checkFailed, evidence: [] }), contextOf({ by: checker, at }))
      .then({ code: 'evidence-required', field: 'evidence' });
  });

  test('and over no measure but those of the plan', () => {
    check({ measureIds: ['m-2', 'm-9'] }).then({ code: 'measure-unknown', field: 'measureIds.1' });
  });
});
