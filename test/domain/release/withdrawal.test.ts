import { describe, expect, test } from 'vitest';
import type { PersonActor } from '../../../shared/domain/access/actor.ts';
import type { RecordedReleaseEvent } from '../../../shared/domain/release/recorded.ts';
import type { StageName } from '../../../shared/domain/release/state.ts';
import {
  adjusted,
  goingOn,
  otherAnswers,
  paused,
  requested,
  returned,
  withdrawal,
} from '../../support/release-exits.ts';
import { bureau, home, household, villager } from '../../support/release-people.ts';
import {
  after,
  approvedLate,
  contextOf,
  given,
  objectedTo,
  photo,
  sealed,
  stateOf,
  straightTo,
} from '../../support/release-story.ts';

/** The three who may withdraw, as they do it. */
const withdrawing = [
  ['household', home],
  ['signed-form', villager],
  ['district', bureau],
] as const;

const late = '2022-12-01 10:00';

const withdrawn = (
  past: readonly RecordedReleaseEvent[],
  by: 'household' | 'signed-form' | 'district',
  person: PersonActor,
): RecordedReleaseEvent[] => after(past, withdrawal(by), { by: person, at: late });

const running: readonly (readonly [string, readonly RecordedReleaseEvent[]])[] = [
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
  ).map((stage) => [stage, straightTo(stage)] as const),
  ['notice with an objection filed', objectedTo('filed')],
  ['notice with an objection investigated', objectedTo('investigated')],
  ['filing-confirmation', approvedLate()],
];
const between: readonly (readonly [string, readonly RecordedReleaseEvent[]])[] = [
  ['request', requested()],
  ['objection-follow-up', objectedTo('upheld')],
  ['adjustment', returned()],
  ['re-report', adjusted()],
  ['paused', paused()],
];

describe.each(withdrawing)('withdrawn by the %s', (by, person) => {
  test.each(running)('while the round runs at %s: the round ends, and the case with it', (_stage, past) => {
    given(past)
      .when(withdrawal(by, 'risk-returned'), contextOf({ by: person, at: late }))
      .then([
        {
          type: 'case-withdrawn',
          data: {
            round: 1,
            by,
            reason: 'risk-returned',
            reasons: sealed,
            evidence: by === 'signed-form' ? [photo] : [],
          },
        },
        { type: 'release-round-ended', data: { round: 1, reason: 'withdrawn', failed: [], opens: [] } },
        { type: 'release-case-closed', data: { round: 1, reason: 'withdrawn' } },
      ]);
    expect(stateOf(withdrawn(past, by, person))).toMatchObject({
      stage: { name: 'closed', reason: 'withdrawn' },
      tasks: [],
    });
  });

  test.each(between)('while no round runs at %s: the case ends', (_stage, past) => {
    const ended = stateOf(past).endedRounds;
    given(past)
      .when(withdrawal(by), contextOf({ by: person, at: late }))
      .then([
        { type: 'case-withdrawn', data: { by, reason: 'not-wanted' } },
        { type: 'release-case-closed', data: { reason: 'withdrawn' } },
      ]);
    // What ended before ended for its own reason, and only once.
    expect(stateOf(withdrawn(past, by, person)).endedRounds).toEqual(ended);
  });

  test.each(['leadership-filing', 'system-marking', 'city-report', 'reported'] satisfies StageName[])(
    'is refused at %s: the household is released already',
    (stage) => {
      given(straightTo(stage))
        .when(withdrawal(by), contextOf({ by: person, at: late }))
        .then({ code: 'already-released' });
    },
  );

  test('is refused once the case is over, or before there is any', () => {
    const closed = goingOn(straightTo('home-visit'), [
      otherAnswers.notEligible,
      villager,
      '2022-09-21 10:00',
    ]);
    given(closed)
      .when(withdrawal(by), contextOf({ by: person, at: late }))
      .then({ code: 'case-not-open' });
    given([])
      .when(withdrawal(by), contextOf({ by: person, at: late }))
      .then({ code: 'case-not-open' });
  });
});

describe('a withdrawal', () => {
  test('on a form shows the form that the household signed', () => {
    given(straightTo('appraisal'))
      .when({ ...withdrawal('signed-form'), evidence: [] }, contextOf({ by: villager, at: late }))
      .then({ code: 'evidence-required', field: 'evidence' });
  });

  test('in an office is never about one’s own household, which the household itself may withdraw', () => {
    const past = straightTo('appraisal');
    for (const [by, person] of withdrawing.slice(1))
      given(past)
        .when(withdrawal(by), contextOf({ by: { ...person, ownHousehold: household }, at: late }))
        .then({ code: 'own-household' });
  });

  test('is a decision: nobody makes it at another level than they have decided at before', () => {
    const past = straightTo('town-verification');
    given(past)
      .when(withdrawal('district'), contextOf({ by: { ...bureau, personId: villager.personId }, at: late }))
      .then({ code: 'two-levels', because: ['district'] });
    const announced = straightTo('announcement');
    const checkedBefore = {
      ...villager,
      personId: stateOf(announced).deciders.at(-1)?.personId ?? villager.personId,
    };
    given(announced)
      .when(withdrawal('signed-form'), contextOf({ by: checkedBefore, at: late }))
      .then({ code: 'two-levels', because: ['village'] });
  });
});
