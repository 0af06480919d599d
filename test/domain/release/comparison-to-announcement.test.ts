import { describe, expect, test } from 'vitest';
import type { RecordedReleaseEvent } from '../../../shared/domain/release/recorded.ts';
import {
  askedDepartments,
  bureau,
  checker,
  day,
  departmentOfficer,
  goodFacts,
} from '../../support/release-people.ts';
import {
  after,
  answered,
  answering,
  contextOf,
  filed,
  given,
  goodAnswers,
  photo,
  stateOf,
  straightTo,
  timer,
} from '../../support/release-story.ts';

const comparedBy = (
  departments: readonly string[],
  past: readonly RecordedReleaseEvent[] = straightTo('department-comparison'),
): RecordedReleaseEvent[] =>
  departments.reduce<RecordedReleaseEvent[]>(
    (before, department) =>
      answered(
        before,
        goodAnswers['department-comparison'],
        departmentOfficer(department),
        '2022-10-27 11:00',
        `.${department}`,
      ),
    [...past],
  );

const drawnAt = (draw: number): RecordedReleaseEvent[] =>
  comparedBy(
    askedDepartments,
    after(straightTo('filing'), filed(1, '2022-10', draw), { by: timer, at: '2022-10-26 00:05' }),
  );

describe('the comparison by the departments', () => {
  test('waits until the last of those who were asked has answered, in whatever order', () => {
    const [first = '', ...others] = askedDepartments;
    const oneMissing = comparedBy(others.toReversed());
    expect(stateOf(oneMissing)).toMatchObject({
      stage: { name: 'department-comparison', answered: others.toReversed() },
      tasks: [{ step: 'department-comparison' }],
    });
    given(oneMissing)
      .when(
        answering(oneMissing, goodAnswers['department-comparison'], `.${first}`),
        contextOf({ by: departmentOfficer(first), at: '2022-10-28 11:00' }),
      )
      .then([
        { type: 'comparison-answered', data: { department: first } },
        {
          type: 'spot-check-drawn',
          data: {
            sampled: false,
            rate: 0.3,
            draw: 0.9,
            seed: 'c'.repeat(64),
            opens: [{ step: 'spot-check' }],
          },
        },
      ]);
  });

  test('a department that was not asked, or asked about something else, has no say', () => {
    const past = straightTo('department-comparison');
    const answerAs = (department: string, task: string) =>
      given(past).when(
        answering(past, goodAnswers['department-comparison'], `.${task}`),
        contextOf({ by: departmentOfficer(department), at: '2022-10-27 11:00' }),
      );
    answerAs('education', 'health').then({ code: 'task-not-yours' });
    answerAs('housing', 'health').then({ code: 'task-not-yours' });
    given(past)
      .when(
        {
          ...answering(past, goodAnswers['department-comparison'], '.health'),
          taskId: `${stateOf(past).caseNumber}.r1.department-comparison.education` as ReturnType<
            typeof answering
          >['taskId'],
        },
        contextOf({ by: departmentOfficer('education'), at: '2022-10-27 11:00' }),
      )
      .then({ code: 'task-not-open' });
  });

  test('nobody answers twice', () => {
    const past = comparedBy(['health']);
    const asked = straightTo('department-comparison');
    given(past)
      .when(
        answering(asked, goodAnswers['department-comparison'], '.health'),
        contextOf({ by: departmentOfficer('health'), at: '2022-10-27 12:00' }),
      )
      .then({ code: 'task-not-open' });
  });
});

describe('the spot check', () => {
  test.each([
    [0, true],
    [0.2999, true],
    // The rate is 0.3: a draw that meets it exactly is not below it.
    [0.3, false],
    [0.9999, false],
  ])('draw %d: visited on site %s', (draw, sampled) => {
    expect(stateOf(drawnAt(draw)).stage).toEqual({ name: 'spot-check', filingMonth: '2022-10', sampled });
  });

  test('a drawn case is visited, with evidence of the visit', () => {
    const past = drawnAt(0.1);
    const check = (evidence: readonly (typeof photo)[]) =>
      given(past).when(
        answering(past, { ...goodAnswers['spot-check'], evidence }),
        contextOf({ by: checker, at: '2022-10-28 14:00' }),
      );
    check([]).then({ code: 'evidence-required', field: 'evidence' });
    check([photo]).then([{ type: 'assessment-confirmed', data: { visited: true, evidence: [photo] } }]);
  });
});

describe('the announcement', () => {
  const past = straightTo('announcement');
  const announce = (facts: typeof goodFacts) =>
    given(past).when(
      answering(past, goodAnswers.announcement),
      contextOf({ by: bureau, at: '2022-10-31 09:00', facts }),
    );

  test('is not made while a standard is known not to be met: not released, and said why', () => {
    announce({ ...goodFacts, housing: { assured: false, asOf: day('2022-10-30') } }).then({
      code: 'release-standards-not-met',
      because: ['housing-assured'],
    });
    const [first, ...measures] = goodFacts.measures ?? [];
    const { implementedOn: _never, ...planned } = first ?? {
      measureId: '',
      kind: 'industry',
      leadDepartment: '',
    };
    announce({
      ...goodFacts,
      measures: [planned, ...measures] as NonNullable<typeof goodFacts.measures>,
    }).then({
      code: 'release-standards-not-met',
      because: ['measures-implemented'],
    });
  });

  test('records how each of the nine standards stood on the day', () => {
    announce(goodFacts).then([
      {
        type: 'release-announced',
        data: { findings: Array.from({ length: 9 }, () => ({ outcome: 'passed' })) },
      },
    ]);
  });
});

describe('references that others gave', () => {
  test.each(['', ' ', '\u3000'])('“%s” is none', (blank) => {
    const filing = straightTo('leadership-filing');
    given(filing)
      .when(
        answering(filing, { step: 'leadership-filing', receipt: blank }),
        contextOf({ by: bureau, at: '2022-11-01 09:00' }),
      )
      .then({ code: 'text-required', field: 'receipt' });
    const marking = straightTo('system-marking');
    given(marking)
      .when(
        answering(marking, { step: 'system-marking', outsideReference: blank }),
        contextOf({ by: bureau, at: '2022-11-02 09:00' }),
      )
      .then({ code: 'text-required', field: 'outsideReference' });
  });
});
