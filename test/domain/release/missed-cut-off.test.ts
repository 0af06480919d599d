import { describe, expect, test } from 'vitest';
import { goingOn, pausedBy, posted } from '../../support/release-exits.ts';
import { townOfficer, villager } from '../../support/release-people.ts';
import {
  after,
  answered,
  answering,
  approvedLate,
  caseNumber,
  contextOf,
  filed,
  given,
  goodAnswers,
  stateOf,
  straightTo,
  timer,
} from '../../support/release-story.ts';
import { shanghai } from '../../support/shanghai.ts';

const approve = (at: string) => {
  const past = straightTo('town-verification');
  return given(past).when(
    answering(past, goodAnswers['town-verification']),
    contextOf({ by: townOfficer, at }),
  );
};
const confirm = (at: string) => {
  const past = approvedLate();
  return given(past).when(
    answering(past, goodAnswers['filing-confirmation']),
    contextOf({ by: townOfficer, at }),
  );
};

const filedEarly = after(straightTo('filing'), filed(1, '2022-10'), { by: timer, at: '2022-10-13 09:00' });
const moved = after(filedEarly, pausedBy('moved', '2022-10-13'), { by: villager, at: '2022-10-14 08:00' });
const startedAgain = goingOn(moved, [goodAnswers['pause-follow-up'], villager, '2022-10-14 08:30']);
/** Filed early in October, stopped by a move, and with the town again before October's cut-off. */
const verifiedTwice = after(
  posted(startedAgain, '2022-10-14'),
  { type: 'conclude-notice', round: 2 },
  { by: timer, at: '2022-10-20 00:00' },
);

describe('the cut-off of the monthly filing', () => {
  test('the last millisecond of the 25th is in time', () => {
    approve('2022-10-25 23:59:59.999').then([
      {
        type: 'town-verification-approved',
        data: { filingMonth: '2022-10', confirmationNeeded: false, opens: [] },
      },
    ]);
  });

  test('0:00 of the 26th is next month’s, and the town must confirm first, from the 1st on', () => {
    approve('2022-10-26 00:00').then([
      {
        type: 'town-verification-approved',
        data: {
          filingMonth: '2022-11',
          cutOffAt: shanghai('2022-11-26 00:00'),
          confirmationNeeded: true,
          opens: [
            {
              taskId: `${caseNumber}.r1.filing-confirmation.2022-11`,
              notBefore: shanghai('2022-11-01 00:00'),
              // Two working days after Tuesday 1 November.
              dueAt: shanghai('2022-11-04 00:00'),
            },
          ],
        },
      },
    ]);
  });

  test('nothing is filed or compared while the confirmation is missing', () => {
    given(approvedLate())
      .when(filed(1, '2022-11'), contextOf({ by: timer, at: '2022-11-26 00:05' }))
      .then({ code: 'case-not-in-filing' });
  });

  test('a confirmation before the 1st would confirm nothing', () => {
    confirm('2022-10-31 23:59:59.999').then({ code: 'too-early', because: [shanghai('2022-11-01 00:00')] });
  });

  test('confirmed from the 1st on, it waits for that month’s filing, without a new notice', () => {
    confirm('2022-11-01 00:00').then([
      {
        type: 'unchanged-confirmed',
        data: { filingMonth: '2022-11', confirmationNeeded: false, opens: [] },
      },
    ]);
    const events = answered(
      approvedLate(),
      goodAnswers['filing-confirmation'],
      townOfficer,
      '2022-11-25 23:59:59.999',
    );
    expect(stateOf(events)).toMatchObject({ round: 1, stage: { name: 'filing', filingMonth: '2022-11' } });
  });

  test('confirmed after yet another cut-off, it must be confirmed anew for the month after', () => {
    confirm('2022-11-26 00:00').then([
      {
        type: 'unchanged-confirmed',
        data: {
          filingMonth: '2022-12',
          confirmationNeeded: true,
          opens: [{ taskId: `${caseNumber}.r1.filing-confirmation.2022-12` }],
        },
      },
    ]);
    const late = answered(
      approvedLate(),
      goodAnswers['filing-confirmation'],
      townOfficer,
      '2022-11-26 00:00',
    );
    // A task of its own: the one that was answered is done, and is not open again.
    expect(stateOf(late).tasks).toMatchObject([
      { taskId: `${caseNumber}.r1.filing-confirmation.2022-12`, notBefore: shanghai('2022-12-01 00:00') },
    ]);
    given(late)
      .when(
        answering(late, goodAnswers['filing-confirmation']),
        contextOf({ by: townOfficer, at: '2022-12-05 10:00' }),
      )
      .then([{ type: 'unchanged-confirmed', data: { filingMonth: '2022-12', confirmationNeeded: false } }]);
  });

  test('a case that came back from this month’s filing is filed in the next, and confirmed anew first', () => {
    given(verifiedTwice)
      .when(
        answering(verifiedTwice, goodAnswers['town-verification']),
        contextOf({ by: townOfficer, at: '2022-10-20 10:00' }),
      )
      .then([
        {
          type: 'town-verification-approved',
          data: {
            filingMonth: '2022-11',
            confirmationNeeded: true,
            opens: [{ taskId: `${caseNumber}.r2.filing-confirmation.2022-11` }],
          },
        },
      ]);
  });

  test('approved in the last days of December, it is filed in January of the next year', () => {
    approve('2022-12-26 00:00').then([
      {
        type: 'town-verification-approved',
        data: { filingMonth: '2023-01', cutOffAt: shanghai('2023-01-26 00:00'), confirmationNeeded: true },
      },
    ]);
  });
});
