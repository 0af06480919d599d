import { describe, expect, test } from 'vitest';
import type { StepDecision } from '../../../shared/domain/release/commands.ts';
import type { RecordedReleaseEvent } from '../../../shared/domain/release/recorded.ts';
import { comparedByTheRest, goingOn, otherAnswers } from '../../support/release-exits.ts';
import { askedDepartments, departmentOfficer } from '../../support/release-people.ts';
import {
  answering,
  caseNumber,
  contextOf,
  given,
  goodAnswers,
  sealed,
  stateOf,
  straightTo,
} from '../../support/release-story.ts';

const asked = straightTo('department-comparison');
const at = '2022-10-27 11:00';

const compares = (past: readonly RecordedReleaseEvent[], department: string, decision: StepDecision) =>
  given(past).when(
    answering(past, decision, `.${department}`),
    contextOf({ by: departmentOfficer(department), at }),
  );
const compared = (past: readonly RecordedReleaseEvent[], department: string, decision: StepDecision) =>
  goingOn(past, [decision, departmentOfficer(department), at, `.${department}`]);

describe('a department says that its measure is not implemented', () => {
  test('the others are still heard: whoever adjusts the help must know all that fails', () => {
    compares(asked, 'agriculture', otherAnswers.notImplemented).then([
      {
        type: 'comparison-answered',
        data: {
          department: 'agriculture',
          outcome: 'not-implemented',
          reason: 'measure-not-implemented',
          measureIds: ['m-1'],
          record: sealed,
        },
      },
    ]);
    expect(stateOf(compared(asked, 'agriculture', otherAnswers.notImplemented))).toMatchObject({
      stage: {
        name: 'department-comparison',
        answered: ['agriculture'],
        refused: ['agriculture'],
        failedMeasureIds: ['m-1'],
      },
      tasks: askedDepartments.slice(1).map(() => ({ step: 'department-comparison' })),
    });
  });

  test('with the last answer the case goes back, even though that one is good, and is not drawn', () => {
    const oneLeft = askedDepartments
      .slice(1, -1)
      .reduce(
        (past, department) => compared(past, department, goodAnswers['department-comparison']),
        compared(asked, 'agriculture', otherAnswers.notImplemented),
      );
    compares(oneLeft, 'public-security', goodAnswers['department-comparison']).then([
      { type: 'comparison-answered', data: { department: 'public-security', outcome: 'implemented' } },
      {
        type: 'release-round-ended',
        data: {
          reason: 'measures-not-implemented',
          failed: [{ measureId: 'm-1', leadDepartment: 'agriculture', failedOn: '2022-10-27' }],
          opens: [
            { taskId: `${caseNumber}.r1.adjustment` },
            { taskId: `${caseNumber}.r1.measure-adjustment.agriculture` },
          ],
        },
      },
    ]);
  });

  test('as the last to answer, it ends the round itself', () => {
    const others = comparedByTheRest(
      compared(asked, 'medical-insurance', { ...otherAnswers.notImplemented, measureIds: ['m-3'] }),
      at,
    );
    expect(stateOf(others)).toMatchObject({
      stage: { name: 'adjustment', reason: 'measures-not-implemented' },
    });
    const [last = '', ...rest] = askedDepartments;
    const waiting = rest.reduce(
      (past, department) => compared(past, department, goodAnswers['department-comparison']),
      asked,
    );
    compares(waiting, last, otherAnswers.notImplemented).then([
      { type: 'comparison-answered', data: { department: 'agriculture', outcome: 'not-implemented' } },
      { type: 'release-round-ended', data: { reason: 'measures-not-implemented' } },
    ]);
  });

  test('two say so: each gets a task on what it leads', () => {
    const both = compared(compared(asked, 'agriculture', otherAnswers.notImplemented), 'human-resources', {
      ...otherAnswers.notImplemented,
      measureIds: ['m-2'],
    });
    const back = stateOf(comparedByTheRest(both, at));
    expect(back.tasks.map(({ taskId }) => taskId)).toEqual([
      `${caseNumber}.r1.adjustment`,
      `${caseNumber}.r1.measure-adjustment.agriculture`,
      `${caseNumber}.r1.measure-adjustment.human-resources`,
    ]);
    expect(back.failedMeasures.map(({ measureId }) => measureId)).toEqual(['m-1', 'm-2']);
  });

  test('it names which measure, one of the plan, and one that it leads', () => {
    const name = (department: string, measureIds: readonly string[]) =>
      compares(asked, department, { ...otherAnswers.notImplemented, measureIds });
    name('agriculture', []).then({ code: 'measure-required', field: 'measureIds', because: ['m-1'] });
    name('agriculture', ['m-1', 'm-9']).then({ code: 'measure-unknown', field: 'measureIds.1' });
    name('agriculture', ['m-2']).then({ code: 'measure-of-another-department', field: 'measureIds.0' });
    // Health leads none: there is nothing of its own that could fail.
    name('health', []).then({ code: 'measure-required', field: 'measureIds', because: [] });
    name('health', ['m-1']).then({ code: 'measure-of-another-department', field: 'measureIds.0' });
  });
});

describe('a department’s data contradict the release', () => {
  test('also those of one that leads no measure; then only the village has work', () => {
    compares(asked, 'public-security', otherAnswers.dataContradict).then([
      { type: 'comparison-answered', data: { reason: 'data-contradicts', measureIds: [] } },
    ]);
    const back = comparedByTheRest(compared(asked, 'public-security', otherAnswers.dataContradict), at);
    expect(stateOf(back)).toMatchObject({
      stage: { name: 'adjustment', reason: 'measures-not-implemented' },
      failedMeasures: [],
      tasks: [{ step: 'adjustment' }],
    });
  });

  test('a good answer carries no reason and all of the department’s measures', () => {
    const [answer] = compared(asked, 'agriculture', goodAnswers['department-comparison']).slice(-1);
    expect(answer?.data).toMatchObject({ outcome: 'implemented', measureIds: ['m-1'] });
    expect(answer?.data).not.toHaveProperty('reason');
  });
});

describe('a department that does not answer', () => {
  test('is waited for: neither a no nor a yes of the others ends the comparison', () => {
    for (const decision of [goodAnswers['department-comparison'], otherAnswers.notImplemented]) {
      const past = askedDepartments
        .slice(1, -1)
        .reduce(
          (before, department) => compared(before, department, goodAnswers['department-comparison']),
          compared(asked, 'agriculture', decision),
        );
      expect(stateOf(past)).toMatchObject({
        stage: { name: 'department-comparison' },
        tasks: [{ taskId: `${caseNumber}.r1.department-comparison.public-security` }],
      });
    }
  });
});
