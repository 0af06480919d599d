import { describe, expect, test } from 'vitest';
import type { PauseCause } from '../../../shared/domain/release/events.ts';
import type { RecordedReleaseEvent } from '../../../shared/domain/release/recorded.ts';
import type { StageName } from '../../../shared/domain/release/state.ts';
import {
  adjusted,
  goingOn,
  otherAnswers,
  paused,
  pausedBy,
  requested,
  returned,
} from '../../support/release-exits.ts';
import { bureau, goodFacts, household, townOfficer, villager } from '../../support/release-people.ts';
import {
  answering,
  approvedLate,
  caseNumber,
  contextOf,
  given,
  goodAnswers,
  objectedTo,
  sealed,
  stateOf,
  straightTo,
  timer,
} from '../../support/release-story.ts';
import { shanghai } from '../../support/shanghai.ts';

const late = '2022-12-01 09:00';

describe('a death, a split, a move or a merge in mid-case', () => {
  test.each(['death', 'split', 'moved', 'merged'] satisfies PauseCause[])(
    '%s: the round ends, and the village must say how it goes on',
    (cause) => {
      given(straightTo('filing'))
        .when(pausedBy(cause), contextOf({ by: villager, at: '2022-10-20 09:00' }))
        .then([
          { type: 'case-paused', data: { round: 1, cause, occurredOn: '2022-09-20', record: sealed } },
          {
            type: 'release-round-ended',
            data: {
              round: 1,
              reason: 'household-changed',
              failed: [],
              opens: [
                {
                  taskId: `${caseNumber}.r1.pause-follow-up`,
                  assignees: [{ role: 'village-officer', division: '610302101201' }],
                  // Ten working days after Thursday 20 October.
                  dueAt: shanghai('2022-11-04 00:00'),
                },
              ],
            },
          },
        ]);
    },
  );

  test.each<[string, readonly RecordedReleaseEvent[]]>([
    ...(
      [
        'home-visit',
        'household-confirmation',
        'appraisal',
        'notice-posting',
        'notice',
        'town-verification',
        'filing',
        'department-comparison',
        'spot-check',
        'announcement',
      ] satisfies StageName[]
    ).map((stage): [string, RecordedReleaseEvent[]] => [stage, straightTo(stage)]),
    ['notice with an objection', objectedTo('filed')],
    ['filing-confirmation', approvedLate()],
  ])('stops the round at %s, whatever was open in it', (_stage, past) => {
    expect(stateOf(paused(past))).toMatchObject({
      round: 1,
      stage: { name: 'paused', cause: 'moved' },
      tasks: [{ step: 'pause-follow-up' }],
      endedRounds: [{ round: 1, reason: 'household-changed' }],
    });
  });

  test.each<[string, readonly RecordedReleaseEvent[]]>([
    ['request', requested()],
    ['objection-follow-up', objectedTo('upheld')],
    ['adjustment', returned()],
    ['re-report', adjusted()],
    ['paused', paused()],
  ])('pauses nothing at %s, where no round runs', (_stage, past) => {
    given(past)
      .when(pausedBy('death'), contextOf({ by: villager, at: late }))
      .then({ code: 'round-not-running' });
  });

  test('comes too late once the household is released, or the case is over', () => {
    for (const stage of ['leadership-filing', 'reported'] satisfies StageName[])
      given(straightTo(stage))
        .when(pausedBy('death'), contextOf({ by: villager, at: late }))
        .then({ code: 'already-released' });
    const closed = goingOn(straightTo('home-visit'), [
      otherAnswers.notEligible,
      villager,
      '2022-09-21 10:00',
    ]);
    given(closed)
      .when(pausedBy('death'), contextOf({ by: villager, at: late }))
      .then({ code: 'case-not-open' });
  });

  test('happened today or before, never on a day to come', () => {
    const pause = (occurredOn: string) =>
      given(straightTo('filing')).when(
        pausedBy('death', occurredOn),
        contextOf({ by: townOfficer, at: '2022-10-20 23:59:59.999' }),
      );
    pause('2022-10-20').then([{ type: 'case-paused' }, { type: 'release-round-ended' }]);
    pause('2022-10-21').then({ code: 'occurred-date-invalid', field: 'occurredOn', because: ['2022-10-20'] });
  });

  test('may be told by town and bureau as well; to tell is not to decide', () => {
    const past = straightTo('announcement');
    for (const by of [townOfficer, bureau])
      given(past)
        .when(pausedBy('death'), contextOf({ by, at: late }))
        .then([{ type: 'case-paused' }, { type: 'release-round-ended' }]);
    expect(stateOf(paused(past)).deciders).toEqual(stateOf(past).deciders);
  });

  test('is not told in an office about one’s own household', () => {
    given(straightTo('filing'))
      .when(pausedBy('split'), contextOf({ by: { ...villager, ownHousehold: household }, at: late }))
      .then({ code: 'own-household' });
  });

  test('a notice that was running does not pass', () => {
    given(paused(straightTo('notice')))
      .when({ type: 'conclude-notice', round: 1 }, contextOf({ by: timer, at: late }))
      .then({ code: 'notice-not-running' });
  });
});

describe('after the pause', () => {
  const past = paused(straightTo('department-comparison'));

  test('the village starts again at the visit, with the household as it is now', () => {
    given(past)
      .when(
        answering(past, goodAnswers['pause-follow-up']),
        contextOf({ by: villager, at: '2022-12-05 09:00', facts: { ...goodFacts, measures: [] } }),
      )
      .then([
        { type: 'next-round-decided', data: { round: 1, record: sealed, opens: [] } },
        {
          type: 'release-round-started',
          data: {
            round: 2,
            cause: 'household-changed',
            measures: [],
            opens: [{ taskId: `${caseNumber}.r2.home-visit` }],
          },
        },
      ]);
  });

  test('or closes the case, because there is no household any more that could be released', () => {
    given(past)
      .when(
        answering(past, otherAnswers.closedAfterPause),
        contextOf({ by: villager, at: '2022-12-05 09:00' }),
      )
      .then([
        { type: 'closing-decided', data: { round: 1, record: sealed, opens: [] } },
        { type: 'release-case-closed', data: { round: 1, reason: 'household-changed' } },
      ]);
  });

  test('it may be paused again in the next round', () => {
    const again = goingOn(past, [goodAnswers['pause-follow-up'], villager, '2022-12-01 10:00']);
    given(again)
      .when(pausedBy('death'), contextOf({ by: villager, at: '2022-12-02 09:00' }))
      .then([
        { type: 'case-paused', data: { round: 2 } },
        {
          type: 'release-round-ended',
          data: { round: 2, opens: [{ taskId: `${caseNumber}.r2.pause-follow-up` }] },
        },
      ]);
  });
});
