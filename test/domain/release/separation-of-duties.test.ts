import { describe, test } from 'vitest';
import type { PersonActor } from '../../../shared/domain/access/actor.ts';
import { bureau, checker, household, leader, townOfficer, villager } from '../../support/release-people.ts';
import {
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
