import { describe, test } from 'vitest';
import type { PersonActor } from '../../../shared/domain/access/actor.ts';
import type { ReleaseCommand, StepDecision } from '../../../shared/domain/release/commands.ts';
import type { RecordedReleaseEvent } from '../../../shared/domain/release/recorded.ts';
import {
  adjusted,
  factsAfterReturn,
  goingOn,
  otherAnswers,
  paused,
  pausedBy,
  reportedAgain,
  request,
  requested,
  returned,
} from '../../support/release-exits.ts';
import {
  bureau,
  checker,
  departmentOfficer,
  household,
  leader,
  townOfficer,
  villager,
} from '../../support/release-people.ts';
import {
  after,
  answering,
  contextOf,
  given,
  goodAnswers,
  objectedTo,
  photo,
  report,
  straightTo,
} from '../../support/release-story.ts';

/** The same person, who now holds another office as well. */
const also = (actor: PersonActor, other: PersonActor): PersonActor => ({
  ...actor,
  offices: [...actor.offices, ...other.offices],
});
const afterwards = (
  past: readonly RecordedReleaseEvent[],
  command: ReleaseCommand,
  by: PersonActor,
  at: string,
): RecordedReleaseEvent[] => after(past, command, { by, at });
const ofTheHousehold = (actor: PersonActor): PersonActor => ({ ...actor, ownHousehold: household });

describe('nobody decides at two levels of one case', () => {
  test('the grid leader who reported it does not visit for the village', () => {
    const past = straightTo('home-visit');
    given(past)
      .when(
        answering(past, goodAnswers['home-visit']),
        contextOf({ by: also(leader, villager), at: '2022-09-21 10:00' }),
      )
      .then({ code: 'two-levels', because: ['village'] });
  });

  test('the village officer who visited does not verify for the town', () => {
    const past = straightTo('town-verification');
    given(past)
      .when(
        answering(past, goodAnswers['town-verification']),
        contextOf({ by: also(villager, townOfficer), at: '2022-10-12 10:00' }),
      )
      .then({ code: 'two-levels', because: ['town'] });
  });

  test('the town officer who decided an objection does not announce for the district', () => {
    const past = straightTo('announcement');
    given(past)
      .when(
        answering(past, goodAnswers.announcement),
        contextOf({ by: also(townOfficer, bureau), at: '2022-10-31 10:00' }),
      )
      .then({ code: 'two-levels', because: ['district'] });
  });

  test('at one level one person may decide again and again', () => {
    const past = straightTo('announcement');
    given(past)
      .when(
        answering(past, goodAnswers.announcement),
        contextOf({ by: also(checker, bureau), at: '2022-10-31 10:00' }),
      )
      .then([{ type: 'release-announced' }]);
  });

  test('an office of another level that was not used in the case does no harm', () => {
    const past = straightTo('town-verification');
    given(past)
      .when(
        answering(past, goodAnswers['town-verification']),
        contextOf({ by: also(townOfficer, bureau), at: '2022-10-12 10:00' }),
      )
      .then([{ type: 'town-verification-approved' }]);
  });

  test('whoever merely attended, or was only told, has not decided', () => {
    // Twenty people were present at the appraisal; only who entered it has decided. An objector has decided nothing.
    const past = objectedTo('investigated');
    const attended = { ...townOfficer, personId: 'attended' as typeof townOfficer.personId };
    given(past)
      .when(
        answering(past, goodAnswers['objection-decision']),
        contextOf({ by: attended, at: '2022-10-02 10:00' }),
      )
      .then([{ type: 'objection-dismissed' }]);
  });
});

describe('the steps that a case comes back by are decided at their own level as well', () => {
  const refusedAt = (
    past: readonly RecordedReleaseEvent[],
    decision: StepDecision,
    by: PersonActor,
    at: string,
  ) => given(past).when(answering(past, decision), contextOf({ by, at }));

  test('the grid leader who takes up a request does not visit for the village', () => {
    const past = goingOn(requested(), [goodAnswers['request-answer'], leader, '2022-09-21 10:00']);
    refusedAt(past, goodAnswers['home-visit'], also(leader, villager), '2022-09-22 10:00').then({
      code: 'two-levels',
      because: ['village'],
    });
  });

  test('whoever wrote a request down for the household has decided nothing', () => {
    const past = afterwards([], request, villager, '2022-09-20 09:00');
    const both = also(villager, leader);
    refusedAt(past, goodAnswers['request-answer'], both, '2022-09-21 10:00').then([
      { type: 'request-taken-up' },
      { type: 'release-round-started' },
    ]);
  });

  test('the town officer who returned the case does not adjust it for the village', () => {
    refusedAt(returned(), goodAnswers.adjustment, also(townOfficer, villager), '2022-10-14 10:00').then({
      code: 'two-levels',
      because: ['village'],
    });
  });

  test('the village officer who adjusted the help does not report it again as grid leader', () => {
    const facts = factsAfterReturn();
    given(adjusted())
      .when(
        answering(adjusted(), goodAnswers['re-report']),
        contextOf({ by: also(villager, leader), at: '2023-05-10 09:00', facts }),
      )
      .then({ code: 'two-levels', because: ['group'] });
  });

  test('who decided in a round decides at no other level in the next', () => {
    refusedAt(
      reportedAgain(),
      goodAnswers['home-visit'],
      also(townOfficer, villager),
      '2023-05-11 10:00',
    ).then({
      code: 'two-levels',
      because: ['village'],
    });
  });

  test('who told of a death may still follow it up', () => {
    const told = pausedBy('death');
    const past = afterwards(straightTo('town-verification'), told, townOfficer, '2022-10-12 10:00');
    refusedAt(past, goodAnswers['pause-follow-up'], also(townOfficer, villager), '2022-10-13 10:00').then([
      { type: 'next-round-decided' },
      { type: 'release-round-started' },
    ]);
  });

  test.each<[string, readonly RecordedReleaseEvent[], StepDecision, PersonActor]>([
    ['answer a request', requested(), otherAnswers.declined, leader],
    ['adjust the help', returned(), goodAnswers.adjustment, villager],
    [
      'put a measure in place',
      returned(),
      goodAnswers['measure-adjustment'],
      departmentOfficer('agriculture'),
    ],
    ['close what was returned', adjusted(), otherAnswers.closedInsteadOfReport, leader],
    ['follow up a pause', paused(), goodAnswers['pause-follow-up'], villager],
  ])('nobody may %s of their own household', (_what, past, decision, by) => {
    refusedAt(past, decision, ofTheHousehold(by), '2023-05-11 10:00').then({ code: 'own-household' });
  });
});

describe('nobody decides about their own household', () => {
  test('neither by reporting it', () => {
    given([])
      .when(report, contextOf({ by: ofTheHousehold(leader), at: '2022-09-20 09:00' }))
      .then({ code: 'own-household' });
  });

  test('nor in any office', () => {
    const visit = straightTo('home-visit');
    given(visit)
      .when(
        answering(visit, goodAnswers['home-visit']),
        contextOf({ by: ofTheHousehold(villager), at: '2022-09-21 10:00' }),
      )
      .then({ code: 'own-household' });
    const announcement = straightTo('announcement');
    given(announcement)
      .when(
        answering(announcement, goodAnswers.announcement),
        contextOf({ by: ofTheHousehold(bureau), at: '2022-10-31 10:00' }),
      )
      .then({ code: 'own-household' });
  });

  test('but a village officer confirms for their own household as its member', () => {
    const past = straightTo('household-confirmation');
    const member: PersonActor = {
      ...ofTheHousehold(villager),
      personId: 'member' as PersonActor['personId'],
    };
    given(past)
      .when(
        answering(past, { ...goodAnswers['household-confirmation'], evidence: [photo] }),
        contextOf({ by: member, at: '2022-09-22 10:00' }),
      )
      .then([{ type: 'household-confirmed', data: { by: 'household' } }]);
  });
});
