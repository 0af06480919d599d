import { describe, expect, test } from 'vitest';
import type { RecordedReleaseEvent } from '../../../shared/domain/release/recorded.ts';
import { isOpen } from '../../../shared/domain/release/state.ts';
import { goingOn, otherAnswers } from '../../support/release-exits.ts';
import { home, villager } from '../../support/release-people.ts';
import {
  answering,
  contextOf,
  given,
  goodAnswers,
  photo,
  sealed,
  stateOf,
  straightTo,
} from '../../support/release-story.ts';
import { shanghai } from '../../support/shanghai.ts';

/** The round and the case end for the same reason, nothing is left to do, and the household is not released. */
const isOver = (events: readonly RecordedReleaseEvent[], reason: string, at: string): void => {
  const state = stateOf(events);
  expect(state).toMatchObject({
    stage: { name: 'closed', reason },
    tasks: [],
    endedRounds: [{ round: 1, reason, endedAt: shanghai(at) }],
  });
  expect(state.releasedAt).toBeUndefined();
  expect(isOpen(state)).toBe(false);
};
const ends = (reason: string) =>
  [
    { type: 'release-round-ended', data: { round: 1, reason, failed: [], opens: [] } },
    { type: 'release-case-closed', data: { round: 1, reason } },
  ] as const;

describe('the home visit finds no candidate', () => {
  const past = straightTo('home-visit');
  const at = '2022-09-21 10:00';

  test('the case ends with what was found', () => {
    given(past)
      .when(answering(past, otherAnswers.notEligible), contextOf({ by: villager, at }))
      .then([
        {
          type: 'candidate-not-eligible',
          data: { reason: 'income-not-stable', evidence: [photo], record: sealed },
        },
        ...ends('not-eligible'),
      ]);
    isOver(goingOn(past, [otherAnswers.notEligible, villager, at]), 'not-eligible', at);
  });

  test('the visit is on record with its evidence, as one that finds a candidate is', () => {
    given(past)
      .when(answering(past, { ...otherAnswers.notEligible, evidence: [] }), contextOf({ by: villager, at }))
      .then({ code: 'evidence-required', field: 'evidence' });
  });
});

describe('the household refuses', () => {
  const past = straightTo('household-confirmation');
  const at = '2022-09-22 19:00';

  test('by itself, with nothing but its word', () => {
    given(past)
      .when(answering(past, otherAnswers.refused), contextOf({ by: home, at }))
      .then([
        {
          type: 'household-refused',
          data: { by: 'household', reason: 'help-still-needed', reasons: sealed, evidence: [] },
        },
        ...ends('household-refused'),
      ]);
    isOver(goingOn(past, [otherAnswers.refused, home, at]), 'household-refused', at);
  });

  test('on the form that it signed, which the village must show', () => {
    const refuse = (evidence: readonly (typeof photo)[]) =>
      given(past).when(
        answering(past, { ...otherAnswers.refused, evidence }),
        contextOf({ by: villager, at }),
      );
    refuse([]).then({ code: 'evidence-required', field: 'evidence' });
    refuse([photo]).then([
      { type: 'household-refused', data: { by: 'signed-form', evidence: [photo] } },
      ...ends('household-refused'),
    ]);
  });
});

describe('the appraisal does not carry', () => {
  const past = straightTo('appraisal');
  const at = '2022-09-27 16:00';
  const appraise = (change: Partial<typeof goodAnswers.appraisal>) =>
    given(past).when(
      answering(past, { ...goodAnswers.appraisal, ...change }),
      contextOf({ by: villager, at }),
    );
  const half = { inFavour: 10, against: 9, abstained: 1 };
  const more = { inFavour: 11, against: 8, abstained: 1 };

  test('half of those present is not enough: the case ends with the votes and the minutes', () => {
    appraise({ outcome: 'not-passed', votes: half }).then([
      { type: 'appraisal-not-passed', data: { votes: half, minutes: [photo], heldOn: '2022-09-27' } },
      ...ends('appraisal-not-passed'),
    ]);
    isOver(goingOn(past, [otherAnswers.notPassed, villager, at]), 'appraisal-not-passed', at);
  });

  test('the outcome that is said must be the outcome of the votes, either way', () => {
    appraise({ outcome: 'passed', votes: half }).then({
      code: 'votes-do-not-carry',
      field: 'votes.inFavour',
    });
    appraise({ outcome: 'not-passed', votes: more }).then({ code: 'votes-carry', field: 'outcome' });
  });

  test('a meeting that nobody came to passes nothing', () => {
    const empty = {
      attendance: { eligible: 30, present: 0 },
      votes: { inFavour: 0, against: 0, abstained: 0 },
    };
    appraise({ outcome: 'passed', ...empty }).thenRefused('votes-do-not-carry');
    appraise({ outcome: 'not-passed', ...empty }).then([
      { type: 'appraisal-not-passed' },
      ...ends('appraisal-not-passed'),
    ]);
  });
});

describe('what an appraisal says must hold in itself: it', () => {
  const appraise = (change: Partial<(typeof goodAnswers)['appraisal']>, at = '2022-09-27 16:00') => {
    const past = straightTo('appraisal');
    return given(past).when(
      answering(past, { ...goodAnswers.appraisal, ...change }),
      contextOf({ by: villager, at }),
    );
  };
  const on = (text: string) => ({ heldOn: text as (typeof goodAnswers)['appraisal']['heldOn'] });

  test('was held between the confirmation and today', () => {
    appraise(on('2022-09-22')).then([{ type: 'appraisal-passed' }]);
    appraise(on('2022-09-21')).thenRefused('appraisal-date-invalid');
    appraise(on('2022-09-28')).then({
      code: 'appraisal-date-invalid',
      field: 'heldOn',
      because: ['2022-09-22', '2022-09-27'],
    });
  });

  test('counts no more votes than people, and no more people than are eligible', () => {
    appraise({ votes: { inFavour: 18, against: 1, abstained: 2 } }).then({
      code: 'votes-exceed-attendance',
      field: 'votes',
    });
    appraise({ attendance: { eligible: 19, present: 20 } }).then({
      code: 'attendance-exceeds-eligible',
      field: 'attendance.present',
    });
    appraise({ minutes: [] }).then({ code: 'evidence-required', field: 'minutes' });
  });
});
