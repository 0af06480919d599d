import { describe, expect, test } from 'vitest';
import { endOfDay } from '../../../shared/domain/calendar/legal-time.ts';
import { goingOn, otherAnswers, request, requested } from '../../support/release-exits.ts';
import { day, goodFacts, household, leader, villager } from '../../support/release-people.ts';
import {
  after,
  answering,
  caseNumber,
  contextOf,
  given,
  goodAnswers,
  report,
  sealed,
  stateOf,
} from '../../support/release-story.ts';
import { shanghai } from '../../support/shanghai.ts';

const answer = goodAnswers['request-answer'];
const poor = { ...goodFacts, housing: { assured: false, asOf: day('2022-09-01') } };

describe('a household asks for its release', () => {
  test('a case stands at once, and the grid leader’s list of the month must answer', () => {
    given([])
      .when(request, contextOf({ by: villager, at: '2022-09-20 09:00' }))
      .then([
        { type: 'release-case-opened', data: { caseNumber, householdId: household, people: 3 } },
        {
          type: 'release-requested',
          data: {
            round: 1,
            policyVersion: '2022-1',
            opens: [
              {
                taskId: `${caseNumber}.r1.request-answer`,
                assignees: [{ role: 'grid-leader', division: '610302101201001' }],
              },
            ],
          },
        },
      ]);
    expect(stateOf(requested())).toMatchObject({ round: 1, stage: { name: 'request' }, deciders: [] });
  });

  test('whatever the standards say: to hold them against the facts is the grid leader’s work', () => {
    given([])
      .when(request, contextOf({ by: villager, at: '2022-09-20 09:00', facts: poor }))
      .then([{ type: 'release-case-opened' }, { type: 'release-requested' }]);
  });

  test('a household that nobody monitors has nothing to be released from', () => {
    given([])
      .when({ ...request, monitored: false }, contextOf({ by: villager, at: '2022-09-20 09:00' }))
      .then({ code: 'household-not-monitored', field: 'householdId' });
  });

  test('once asked, it is neither asked nor reported beside', () => {
    for (const command of [request, report])
      given(requested())
        .when(command, contextOf({ by: leader, at: '2022-09-21 09:00' }))
        .then({ code: 'case-already-open', because: [caseNumber] });
  });

  test.each([
    // Asked, the last day of the list that answers, reminded at 9:00 of the last working day before it.
    ['2022-10-10 09:00', '2022-10-31', '2022-10-28'],
    ['2022-09-01 00:00', '2022-09-30', '2022-09-29'],
    // Wednesday 26 October: the third working day after it is Monday the 31st itself.
    ['2022-10-26 23:59:59.999', '2022-10-31', '2022-10-28'],
    // From the 27th on the three days end in November.
    ['2022-10-27 00:00', '2022-11-30', '2022-11-29'],
    ['2022-10-31 12:00', '2022-11-30', '2022-11-29'],
    // The three days end after the holiday of the first week of October.
    ['2022-09-29 12:00', '2022-10-31', '2022-10-28'],
    ['2022-12-29 12:00', '2023-01-31', '2023-01-30'],
  ])('asked at %s, it is due with the list that closes on %s', (at, lastDay, remindedOn) => {
    expect(stateOf(requested(at)).tasks).toMatchObject([
      {
        dueAt: endOfDay(day(lastDay)),
        wakeAt: shanghai(`${remindedOn} 09:00`),
      },
    ]);
  });
});

describe('the grid leader', () => {
  const at = '2022-09-28 09:00';
  const past = requested();

  test('takes the request into the list: round 1 begins at the home visit', () => {
    given(past)
      .when(answering(past, answer), contextOf({ by: leader, at }))
      .then([
        { type: 'request-taken-up', data: { round: 1, opens: [] } },
        {
          type: 'release-round-started',
          data: {
            round: 1,
            cause: 'request-taken-up',
            measures: goodFacts.measures,
            opens: [{ taskId: `${caseNumber}.r1.home-visit` }],
          },
        },
      ]);
    expect(stateOf(goingOn(past, [answer, leader, at]))).toMatchObject({
      stage: { name: 'home-visit' },
      deciders: [{ personId: leader.personId, level: 'group' }],
    });
  });

  test('does not take up what is known not to meet a standard, and is told which', () => {
    given(past)
      .when(answering(past, answer), contextOf({ by: leader, at, facts: poor }))
      .then({ code: 'release-standards-not-met', because: ['housing-assured'] });
  });

  test('declines with a reason, and the case ends; another may be asked for', () => {
    const decline = answering(past, otherAnswers.declined);
    given(past)
      .when(decline, contextOf({ by: leader, at }))
      .then([
        { type: 'request-declined', data: { reason: 'help-still-needed', reasons: sealed, opens: [] } },
        { type: 'release-case-closed', data: { round: 1, reason: 'request-declined' } },
      ]);
    expect(stateOf(after(past, decline, { by: leader, at }))).toMatchObject({
      stage: { name: 'closed', reason: 'request-declined' },
      tasks: [],
      endedRounds: [],
    });
  });

  test('alone answers it, not the village', () => {
    given(past)
      .when(answering(past, answer), contextOf({ by: villager, at }))
      .then({ code: 'task-not-yours' });
  });
});
