import { describe, expect, test } from 'vitest';
import type { DepartmentId } from '../../../shared/domain/access/identifiers.ts';
import type { HouseholdFacts } from '../../../shared/domain/release/facts.ts';
import type { RecordedReleaseEvent } from '../../../shared/domain/release/recorded.ts';
import {
  adjusted,
  comparedByTheRest,
  factsAfterReturn,
  goingOn,
  otherAnswers,
  posted,
  reportedAgain,
  returned,
} from '../../support/release-exits.ts';
import {
  bureau,
  checker,
  day,
  departmentOfficer,
  goodFacts,
  leader,
  townOfficer,
  villager,
} from '../../support/release-people.ts';
import {
  after,
  answering,
  contextOf,
  filed,
  given,
  goodAnswers,
  sealed,
  stateOf,
  timer,
} from '../../support/release-story.ts';
import { shanghai } from '../../support/shanghai.ts';

const withNewMeasure = (implementedOn: string): HouseholdFacts => ({
  ...goodFacts,
  measures: [
    ...(goodFacts.measures ?? []),
    {
      measureId: 'm-4',
      kind: 'motivation',
      leadDepartment: 'education' as DepartmentId,
      implementedOn: day(implementedOn),
    },
  ],
});

/** The second round of the returned case, up to its announcement. */
const announcedInRoundTwo = (): RecordedReleaseEvent[] => {
  const noticed = posted(reportedAgain(), '2023-05-11');
  const passed = after(noticed, { type: 'conclude-notice', round: 2 }, { by: timer, at: '2023-05-17 00:00' });
  const approved = goingOn(passed, [goodAnswers['town-verification'], townOfficer, '2023-05-18 10:00']);
  const asked = after(approved, filed(2, '2023-05'), { by: timer, at: '2023-05-26 00:05' });
  return goingOn(comparedByTheRest(asked, '2023-05-29 10:00'), [
    goodAnswers['spot-check'],
    checker,
    '2023-05-30 10:00',
  ]);
};

const reportAgain = (past: readonly RecordedReleaseEvent[], at: string, facts: HouseholdFacts) =>
  given(past).when(answering(past, goodAnswers['re-report']), contextOf({ by: leader, at, facts }));

describe('a department puts its failed measure in place', () => {
  const past = returned();
  const adjust = (implementedOn: string, change: object = {}) =>
    given(past).when(
      answering(past, {
        ...goodAnswers['measure-adjustment'],
        measures: [{ measureId: 'm-1', implementedOn: day(implementedOn) }],
        ...change,
      }),
      contextOf({ by: departmentOfficer('agriculture'), at: '2022-11-11 10:00' }),
    );

  test('and says since when, with evidence', () => {
    adjust('2022-11-10').then([
      {
        type: 'measures-adjusted',
        data: {
          department: 'agriculture',
          measures: [{ measureId: 'm-1', implementedOn: '2022-11-10' }],
          record: sealed,
          opens: [],
        },
      },
    ]);
    adjust('2022-11-10', { evidence: [] }).then({ code: 'evidence-required', field: 'evidence' });
  });

  test('neither before it failed nor on a day that is still to come', () => {
    adjust('2022-10-12').then([{ type: 'measures-adjusted' }]);
    adjust('2022-11-11').then([{ type: 'measures-adjusted' }]);
    for (const misdated of ['2022-10-11', '2022-11-12'])
      adjust(misdated).then({
        code: 'measure-date-invalid',
        field: 'measures.0.implementedOn',
        because: ['2022-11-11'],
      });
  });

  test('all of its failed measures, and no others', () => {
    adjust('', { measures: [] }).then({ code: 'measure-required', field: 'measures', because: ['m-1'] });
    const other = { measureId: 'm-2', implementedOn: day('2022-11-10') };
    adjust('', { measures: [...goodAnswers['measure-adjustment'].measures, other] }).then({
      code: 'measure-unknown',
      field: 'measures.1.measureId',
    });
  });

  test('for itself only: another department does not answer for it', () => {
    given(past)
      .when(
        answering(past, goodAnswers['measure-adjustment']),
        contextOf({ by: departmentOfficer('health'), at: '2022-11-11 10:00' }),
      )
      .then({ code: 'task-not-yours' });
  });
});

describe('the six months after a return', () => {
  test('count from the day on which the failed measure was put in place', () => {
    expect(stateOf(adjusted()).tasks).toMatchObject([
      {
        step: 're-report',
        notBefore: shanghai('2023-05-10 00:00'),
        // Thirty days from the day on which it is possible.
        dueAt: shanghai('2023-06-10 00:00'),
      },
    ]);
    reportAgain(adjusted(), '2023-05-09 23:59:59.999', factsAfterReturn()).then({
      code: 'too-early',
      because: [shanghai('2023-05-10 00:00')],
    });
    reportAgain(adjusted(), '2023-05-10 00:00', factsAfterReturn()).then([
      { type: 'candidate-reported-again' },
      { type: 'release-round-started', data: { round: 2 } },
    ]);
  });

  test('the town verifies it later than the department said: its day counts', () => {
    reportAgain(adjusted(), '2023-05-10 00:00', factsAfterReturn('2022-11-20')).then({
      code: 'release-standards-not-met',
      because: ['helped-long-enough'],
    });
    reportAgain(adjusted(), '2023-05-20 00:00', factsAfterReturn('2022-11-20')).then([
      { type: 'candidate-reported-again' },
      { type: 'release-round-started' },
    ]);
  });

  test('what was in place before it failed counts for nothing until the town verifies it anew', () => {
    reportAgain(adjusted(), '2023-06-01 00:00', goodFacts).then({
      code: 'release-standards-not-met',
      because: ['helped-long-enough'],
    });
  });

  test('do not count for measures that neither failed nor are new', () => {
    const past = goingOn(returned({ ...otherAnswers.returnedByTown, reason: 'procedure', measureIds: [] }), [
      goodAnswers.adjustment,
      villager,
      '2022-10-14 10:00',
    ]);
    reportAgain(past, '2022-10-14 10:00', goodFacts).then([
      { type: 'candidate-reported-again' },
      { type: 'release-round-started' },
    ]);
  });

  test('count for a measure that is new in the plan, from its own day', () => {
    const back = returned({ ...otherAnswers.returnedByTown, reason: 'risk-not-lifted', measureIds: [] });
    const facts = withNewMeasure('2022-10-13');
    const past = after(back, answering(back, goodAnswers.adjustment), {
      by: villager,
      at: '2022-10-14 10:00',
      facts,
    });
    expect(stateOf(past).tasks).toMatchObject([{ notBefore: shanghai('2023-04-13 00:00') }]);
    reportAgain(past, '2023-04-12 23:59:59.999', facts).thenRefused('too-early');
    reportAgain(past, '2023-04-13 00:00', facts).then([
      { type: 'candidate-reported-again' },
      { type: 'release-round-started' },
    ]);
  });

  test('count for a new measure that was entered only after the way was open', () => {
    const past = goingOn(
      returned({ ...otherAnswers.returnedByTown, reason: 'risk-not-lifted', measureIds: [] }),
      [goodAnswers.adjustment, villager, '2022-10-14 10:00'],
    );
    reportAgain(past, '2022-11-01 10:00', withNewMeasure('2022-10-20')).then({
      code: 'release-standards-not-met',
      because: ['helped-long-enough'],
    });
  });

  test('the latest of several days counts', () => {
    const back = returned({ ...otherAnswers.returnedByTown, measureIds: ['m-1', 'm-2'] });
    const past = goingOn(
      back,
      [goodAnswers.adjustment, villager, '2022-10-14 10:00'],
      [
        goodAnswers['measure-adjustment'],
        departmentOfficer('agriculture'),
        '2022-11-11 10:00',
        '.agriculture',
      ],
      [
        {
          ...goodAnswers['measure-adjustment'],
          measures: [{ measureId: 'm-2', implementedOn: day('2022-10-31') }],
        },
        departmentOfficer('human-resources'),
        '2022-11-11 11:00',
        '.human-resources',
      ],
    );
    expect(stateOf(past).tasks).toMatchObject([{ notBefore: shanghai('2023-05-10 00:00') }]);
  });

  test('six months from the 31st of August end with February', () => {
    const back = returned();
    const past = goingOn(
      back,
      [goodAnswers.adjustment, villager, '2022-10-14 10:00'],
      [
        {
          ...goodAnswers['measure-adjustment'],
          measures: [{ measureId: 'm-1', implementedOn: day('2023-08-31') }],
        },
        departmentOfficer('agriculture'),
        '2023-09-01 10:00',
      ],
    );
    expect(stateOf(past).tasks).toMatchObject([{ notBefore: shanghai('2024-02-29 00:00') }]);
  });

  test('are over by themselves where the adjustment came in late', () => {
    const past = goingOn(
      returned(),
      [goodAnswers['measure-adjustment'], departmentOfficer('agriculture'), '2022-11-11 10:00'],
      [goodAnswers.adjustment, villager, '2023-05-10 00:00'],
    );
    expect(stateOf(past).tasks[0]).not.toHaveProperty('notBefore');
  });

  test('are held against the facts once more at the announcement', () => {
    const past = announcedInRoundTwo();
    const announce = (facts: HouseholdFacts) =>
      given(past).when(
        answering(past, goodAnswers.announcement),
        contextOf({ by: bureau, at: '2023-05-31 09:00', facts }),
      );
    announce(goodFacts).then({ code: 'release-standards-not-met', because: ['helped-long-enough'] });
    announce(factsAfterReturn('2022-12-01')).thenRefused('release-standards-not-met');
    announce(factsAfterReturn('2022-11-30')).then([{ type: 'release-announced' }]);
  });
});
