import { describe, test } from 'vitest';
import type { RecordedReleaseEvent } from '../../../shared/domain/release/recorded.ts';
import { posted } from '../../support/release-exits.ts';
import { villager } from '../../support/release-people.ts';
import {
  after,
  answering,
  contextOf,
  given,
  goodAnswers,
  objection,
  straightTo,
} from '../../support/release-story.ts';

const anyone = { anonymous: true } as const;

describe('the earliest of several objections', () => {
  // Posted on Monday 10 October 2022, with the days after it that need no thought about holidays.
  const noticed = posted(straightTo('home-visit'), '2022-10-10');
  const objectedOn = (past: readonly RecordedReleaseEvent[], at: string) =>
    after(past, objection, { by: anyone, at });
  const first = objectedOn(noticed, '2022-10-11 10:00');
  const both = objectedOn(first, '2022-10-12 10:00');
  const investigates = (past: readonly RecordedReleaseEvent[], part: string, at: string) =>
    given(past).when(
      answering(past, goodAnswers['objection-investigation'], part),
      contextOf({ by: villager, at }),
    );

  test('the first of a notice interrupts the wait for its end', () => {
    given(noticed)
      .when(objection, contextOf({ by: anyone, at: '2022-10-11 10:00' }))
      .then([{ type: 'objection-filed', data: { earliest: true } }]);
  });

  test('one that is looked at later than another, or as late, does not', () => {
    for (const at of ['2022-10-11 10:00', '2022-10-12 10:00'])
      given(first)
        .when(objection, contextOf({ by: anyone, at }))
        .then([{ type: 'objection-filed', data: { earliest: false } }]);
  });

  test('a decision that is looked at before every other interrupts the wait for another', () => {
    // To be decided in two days, which is before the second objection must be investigated.
    investigates(both, '.o1', '2022-10-12 11:00').then([
      { type: 'objection-investigated', data: { objectionId: 'o1', earliest: true } },
    ]);
    // As late as the investigation of the first.
    investigates(both, '.o2', '2022-10-12 11:00').then([
      { type: 'objection-investigated', data: { objectionId: 'o2', earliest: false } },
    ]);
  });

  test('where there is no other, whoever waits for it hears of the answer anyway', () => {
    investigates(first, '.o1', '2022-10-12 11:00').then([
      { type: 'objection-investigated', data: { earliest: false } },
    ]);
  });

  test('one that waits for its turn is not looked at yet', () => {
    const sixteen = Array.from({ length: 16 }).reduce<RecordedReleaseEvent[]>(
      (past) => objectedOn(past, '2022-10-11 10:00'),
      noticed,
    );
    given(sixteen)
      .when(objection, contextOf({ by: anyone, at: '2022-10-11 10:00' }))
      .then([{ type: 'objection-filed', data: { objectionId: 'o17', earliest: false, opens: [] } }]);
  });
});
