import { describe, expect, test } from 'vitest';
import type { RecordedReleaseEvent } from '../../../shared/domain/release/recorded.ts';
import { bureau, goodFacts, home, townOfficer, villager } from '../../support/release-people.ts';
import {
  after,
  answered,
  answering,
  caseNumber,
  contextOf,
  given,
  goodAnswers,
  objectedTo,
  objection,
  openTask,
  photo,
  sealed,
  stateOf,
  straightTo,
  timer,
} from '../../support/release-story.ts';
import { shanghai } from '../../support/shanghai.ts';

const anyone = { anonymous: true } as const;
const conclude = { type: 'conclude-notice', round: 1 } as const;
const upheld = { ...goodAnswers['objection-decision'], outcome: 'upheld' } as const;

const objected = (times: number): RecordedReleaseEvent[] => {
  let events = straightTo('notice');
  for (let count = 0; count < times; count += 1)
    events = after(events, objection, { by: anyone, at: '2022-09-30 20:00' });
  return events;
};

describe('an objection', () => {
  test('may be filed by anyone until the notice ends, not from its end on', () => {
    const object = (at: string) => given(straightTo('notice')).when(objection, contextOf({ by: anyone, at }));
    object('2022-10-08 23:59:59.999').then([
      {
        type: 'objection-filed',
        data: {
          objectionId: 'o1',
          ground: 'risk-not-lifted',
          statement: sealed,
          opens: [{ taskId: `${caseNumber}.r1.objection-investigation.o1`, step: 'objection-investigation' }],
        },
      },
    ]);
    object('2022-10-09 00:00').then({ code: 'objection-period-over', because: ['2022-10-08'] });
  });

  test('is taken two hundred times of one notice, and not once more', () => {
    const crowd = objected(199);
    given(crowd)
      .when(objection, contextOf({ by: anyone, at: '2022-09-30 20:00' }))
      .then([{ type: 'objection-filed', data: { objectionId: 'o200', opens: [] } }]);
    given(after(crowd, objection, { by: anyone, at: '2022-09-30 20:00' }))
      .when(objection, contextOf({ by: anyone, at: '2022-09-30 20:00' }))
      .then({ code: 'objections-full', because: ['200'] });
  });

  test('against a notice that does not run there is none', () => {
    given(straightTo('notice-posting'))
      .when(objection, contextOf({ by: anyone, at: '2022-09-28 10:00' }))
      .then({ code: 'notice-not-running' });
    given(objectedTo('upheld'))
      .when(objection, contextOf({ by: anyone, at: '2022-10-03 10:00' }))
      .then({ code: 'notice-not-running' });
  });

  test('is investigated by the village, with evidence, and then decided by the town', () => {
    const past = objectedTo('filed');
    const investigate = (evidence: readonly (typeof photo)[]) =>
      given(past).when(
        answering(past, { ...goodAnswers['objection-investigation'], evidence }),
        contextOf({ by: villager, at: '2022-10-01 10:00' }),
      );
    investigate([]).then({ code: 'evidence-required', field: 'evidence' });
    investigate([photo]).then([
      {
        type: 'objection-investigated',
        data: {
          objectionId: 'o1',
          finding: 'not-substantiated',
          opens: [
            {
              taskId: `${caseNumber}.r1.objection-decision.o1`,
              assignees: [{ role: 'town-officer', division: '610302101' }],
            },
          ],
        },
      },
    ]);
  });

  test.each(['filed', 'investigated'] as const)('that is %s holds the notice beyond its end', (status) => {
    given(objectedTo(status))
      .when(conclude, contextOf({ by: timer, at: '2022-10-20 00:00' }))
      .then({ code: 'too-early', because: ['o1'] });
  });

  test('dismissed before the end, the notice goes on to its original end', () => {
    const past = objectedTo('dismissed');
    given(past)
      .when(conclude, contextOf({ by: timer, at: '2022-10-08 23:59:59.999' }))
      .then({ code: 'too-early', because: [shanghai('2022-10-09 00:00')] });
    given(past)
      .when(conclude, contextOf({ by: timer, at: '2022-10-09 00:00' }))
      .then([{ type: 'notice-passed' }]);
  });

  test('dismissed after the end, the notice passes at once', () => {
    const late = answered(
      objectedTo('investigated'),
      goodAnswers['objection-decision'],
      townOfficer,
      '2022-10-12 10:00',
    );
    given(late)
      .when(conclude, contextOf({ by: timer, at: '2022-10-12 10:00' }))
      .then([{ type: 'notice-passed' }]);
  });

  test('upheld, it stops the notice at once and ends the round; the village must say how it goes on', () => {
    const past = objectedTo('investigated');
    given(past)
      .when(answering(past, upheld), contextOf({ by: townOfficer, at: '2022-10-02 10:00' }))
      .then([
        {
          type: 'objection-upheld',
          data: { objectionId: 'o1', reasons: sealed, opens: [] },
        },
        {
          type: 'release-round-ended',
          data: {
            round: 1,
            reason: 'objection-upheld',
            failed: [],
            opens: [{ taskId: `${caseNumber}.r1.objection-follow-up` }],
          },
        },
      ]);
    expect(stateOf(objectedTo('upheld'))).toMatchObject({
      stage: { name: 'objection-follow-up', objectionId: 'o1' },
      tasks: [{ step: 'objection-follow-up' }],
      endedRounds: [{ round: 1, reason: 'objection-upheld', endedAt: shanghai('2022-10-02 10:00') }],
    });
    given(objectedTo('upheld'))
      .when(conclude, contextOf({ by: timer, at: '2022-10-09 00:00' }))
      .then({ code: 'notice-not-running' });
  });

  test('upheld, it ends every other objection of the round with it', () => {
    const two = answered(
      objected(2),
      goodAnswers['objection-investigation'],
      villager,
      '2022-10-01 10:00',
      '.o1',
    );
    expect(stateOf(two).tasks.map(({ taskId }) => taskId)).toEqual([
      `${caseNumber}.r1.objection-investigation.o2`,
      `${caseNumber}.r1.objection-decision.o1`,
    ]);
    const over = answered(two, upheld, townOfficer, '2022-10-02 10:00', '.o1');
    expect(stateOf(over).tasks.map(({ step }) => step)).toEqual(['objection-follow-up']);
  });

  test('two objections are both decided before the notice passes', () => {
    let events = objected(2);
    for (const part of ['.o1', '.o2']) {
      given(events)
        .when(conclude, contextOf({ by: timer, at: '2022-10-09 00:00' }))
        .thenRefused('too-early');
      events = answered(events, goodAnswers['objection-investigation'], villager, '2022-10-01 10:00', part);
      events = answered(events, goodAnswers['objection-decision'], townOfficer, '2022-10-02 10:00', part);
    }
    given(events)
      .when(conclude, contextOf({ by: timer, at: '2022-10-09 00:00' }))
      .then([{ type: 'notice-passed' }]);
  });

  test('of very many, sixteen are in work at once; each decision takes the longest waiting one up', () => {
    const flooded = objected(25);
    expect(stateOf(flooded).tasks).toHaveLength(16);
    given(flooded)
      .when(conclude, contextOf({ by: timer, at: '2022-10-09 00:00' }))
      .thenRefused('too-early');
    const investigated = answered(
      flooded,
      goodAnswers['objection-investigation'],
      villager,
      '2022-10-01 10:00',
      '.o3',
    );
    given(investigated)
      .when(
        answering(investigated, goodAnswers['objection-decision'], '.o3'),
        contextOf({ by: townOfficer, at: '2022-10-02 10:00' }),
      )
      .then([
        {
          type: 'objection-dismissed',
          data: { opens: [{ taskId: `${caseNumber}.r1.objection-investigation.o17` }] },
        },
      ]);
  });
});

describe('after an upheld objection', () => {
  const past = objectedTo('upheld');
  const nextRound = () => answered(past, goodAnswers['objection-follow-up'], villager, '2022-10-10 09:00');

  test('the village closes the case, and monitoring goes on', () => {
    given(past)
      .when(
        answering(past, { ...goodAnswers['objection-follow-up'], outcome: 'close-case' }),
        contextOf({ by: villager, at: '2022-10-10 09:00' }),
      )
      .then([
        { type: 'closing-decided', data: { round: 1, record: sealed, opens: [] } },
        { type: 'release-case-closed', data: { round: 1, reason: 'monitoring-continues' } },
      ]);
    const closed = answered(
      past,
      { ...goodAnswers['objection-follow-up'], outcome: 'close-case' },
      villager,
      '2022-10-10 09:00',
    );
    expect(stateOf(closed)).toMatchObject({ stage: { name: 'closed' }, tasks: [] });
  });

  test('or starts the next round at the home visit, under today’s facts', () => {
    given(past)
      .when(
        answering(past, goodAnswers['objection-follow-up']),
        contextOf({ by: villager, at: '2022-10-10 09:00', facts: { ...goodFacts, measures: [] } }),
      )
      .then([
        { type: 'next-round-decided', data: { round: 1, record: sealed, opens: [] } },
        {
          type: 'release-round-started',
          data: {
            round: 2,
            cause: 'objection-upheld',
            measures: [],
            opens: [{ taskId: `${caseNumber}.r2.home-visit` }],
          },
        },
      ]);
  });

  test('and does everything anew, with a full new notice of its own', () => {
    let events = nextRound();
    events = answered(events, goodAnswers['home-visit'], villager, '2022-10-11 09:00');
    events = answered(events, goodAnswers['household-confirmation'], home, '2022-10-11 10:00');
    const heldOn = '2022-10-12' as (typeof goodAnswers)['appraisal']['heldOn'];
    events = answered(events, { ...goodAnswers.appraisal, heldOn }, villager, '2022-10-12 10:00');
    events = answered(events, goodAnswers['notice-posting'], villager, '2022-10-13 10:00');
    expect(stateOf(events)).toMatchObject({
      round: 2,
      stage: { name: 'notice', endsAt: shanghai('2022-10-19 00:00'), objections: [] },
    });
    given(events)
      .when({ type: 'conclude-notice', round: 2 }, contextOf({ by: timer, at: '2022-10-18 23:59:59.999' }))
      .thenRefused('too-early');
    given(events)
      .when({ type: 'conclude-notice', round: 1 }, contextOf({ by: timer, at: '2022-10-19 00:00' }))
      .then({ code: 'round-superseded' });
    given(events)
      .when({ type: 'conclude-notice', round: 2 }, contextOf({ by: timer, at: '2022-10-19 00:00' }))
      .then([{ type: 'notice-passed', data: { round: 2 } }]);
  });

  test('whoever is late with a task of the old round is told that it was superseded', () => {
    given(nextRound())
      .when(
        {
          ...answering(past, goodAnswers['objection-follow-up']),
          taskId: openTask(past, 'objection-follow-up').taskId,
        },
        contextOf({ by: villager, at: '2022-10-10 10:00' }),
      )
      .then({ code: 'round-superseded' });
  });

  test('the old round’s deciders stay on record: the bureau may still not act for the village', () => {
    const seconded = {
      ...bureau,
      personId: townOfficer.personId,
      offices: villager.offices,
    };
    given(nextRound())
      .when(
        answering(nextRound(), goodAnswers['home-visit']),
        contextOf({ by: seconded, at: '2022-10-11 09:00' }),
      )
      .then({ code: 'two-levels', because: ['village'] });
  });
});
