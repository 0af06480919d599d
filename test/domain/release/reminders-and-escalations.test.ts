import { describe, expect, test } from 'vitest';
import { inboxOf } from '../../../shared/domain/access/actor.ts';
import type { StepName } from '../../../shared/domain/calendar/policy.ts';
import type { ReleaseCommand } from '../../../shared/domain/release/commands.ts';
import type { RecordedReleaseEvent } from '../../../shared/domain/release/recorded.ts';
import { goingOn, requested } from '../../support/release-exits.ts';
import { villager } from '../../support/release-people.ts';
import {
  after,
  approvedLate,
  contextOf,
  given,
  goodAnswers,
  openTask,
  stateOf,
  straightTo,
  timer,
} from '../../support/release-story.ts';
import { shanghai } from '../../support/shanghai.ts';

const village = 'village-officer@610302101201';
const leader = 'village-leader@610302101201';
const town = 'town-officer@610302101';

const look = (
  past: readonly RecordedReleaseEvent[],
  step: StepName,
  vacant: readonly string[] = [],
): ReleaseCommand => ({ type: 'escalate-step', taskId: openTask(past, step).taskId, vacant });

const lookedAt = (past: readonly RecordedReleaseEvent[], at: string, vacant: readonly string[] = []) =>
  given(past).when(look(past, 'home-visit', vacant), contextOf({ by: timer, at }));
const afterLook = (past: readonly RecordedReleaseEvent[], at: string, vacant: readonly string[] = []) =>
  after(past, look(past, 'home-visit', vacant), { by: timer, at });

const escalation = (reason: 'overdue' | 'office-vacant', wakeAt: string, ...to: readonly string[]) => [
  {
    type: 'step-escalated' as const,
    data: {
      reason,
      wakeAt: shanghai(wakeAt),
      to: to.map((inbox) => ({ role: inbox.split('@')[0], division: inbox.split('@')[1] })),
    },
  },
];

// Opened on Tuesday 20 September 2022, due at 24:00 of Tuesday the 27th: the last working day before is Monday.
const visit = straightTo('home-visit');
const reminded = afterLook(visit, '2022-09-26 09:00');
const once = afterLook(reminded, '2022-09-28 00:00');
const twice = afterLook(once, '2022-10-01 00:00');

describe('a step that nobody does', () => {
  test('is looked at first on the morning of the last working day before its last', () => {
    expect(openTask(visit, 'home-visit')).toMatchObject({
      dueAt: shanghai('2022-09-28 00:00'),
      wakeAt: shanghai('2022-09-26 09:00'),
      reminded: false,
      escalations: 0,
      escalatedTo: [],
    });
    lookedAt(visit, '2022-09-26 08:59:59.999').then({
      code: 'too-early',
      because: [shanghai('2022-09-26 09:00')],
    });
  });

  test('before it is due, those who must do it are reminded, and looked at again when it is', () => {
    lookedAt(visit, '2022-09-26 09:00').then([
      { type: 'step-reminded', data: { wakeAt: shanghai('2022-09-28 00:00') } },
    ]);
    expect(openTask(reminded, 'home-visit')).toMatchObject({
      reminded: true,
      escalations: 0,
      escalatedTo: [],
    });
    lookedAt(reminded, '2022-09-27 23:59:59.999').thenRefused('too-early');
  });

  test('when it is due, whoever leads the office is told', () => {
    lookedAt(reminded, '2022-09-28 00:00').then(escalation('overdue', '2022-10-01 00:00', leader));
  });

  test('two working days later the level above is told as well', () => {
    // The two working days after 1 October are the 8th and the 9th, both made up for the holiday.
    lookedAt(once, '2022-10-01 00:00').then(escalation('overdue', '2022-10-10 00:00', town));
    expect(openTask(twice, 'home-visit')).toMatchObject({
      escalations: 2,
      escalatedTo: [{ role: 'village-leader' }, { role: 'town-officer' }],
    });
  });

  test('and again every two working days, to nobody new, until somebody does it', () => {
    lookedAt(twice, '2022-10-10 00:00').then(escalation('overdue', '2022-10-13 00:00'));
    const wakes = ['2022-10-10 00:00', '2022-10-13 00:00', '2022-10-18 00:00'].reduce(
      ({ past, seen }, at) => {
        const more = afterLook(past, at);
        return { past: more, seen: [...seen, openTask(more, 'home-visit').wakeAt] };
      },
      { past: twice, seen: [openTask(twice, 'home-visit').wakeAt] },
    ).seen;
    expect(wakes).toEqual([...new Set(wakes)].toSorted());
  });

  test('is never done by itself, however late', () => {
    expect(stateOf(twice)).toMatchObject({ stage: { name: 'home-visit' }, tasks: [{ step: 'home-visit' }] });
    // Those who must do it still may, and only they.
    const done = goingOn(twice, [goodAnswers['home-visit'], villager, '2022-12-30 09:00']);
    expect(stateOf(done).stage).toEqual({ name: 'household-confirmation' });
  });

  test('is told of at once where the reminder was slept through', () => {
    lookedAt(visit, '2022-09-30 10:00').then(escalation('overdue', '2022-10-10 00:00', leader));
  });

  test('is none any more once it is done', () => {
    const done = goingOn(visit, [goodAnswers['home-visit'], villager, '2022-09-26 09:00']);
    given(done)
      .when(look(visit, 'home-visit'), contextOf({ by: timer, at: '2022-09-28 00:00' }))
      .then({ code: 'task-not-open' });
  });
});

describe('an office that nobody holds', () => {
  test('is told upwards at once, to the leader and the level above', () => {
    lookedAt(visit, '2022-09-20 09:00', [village]).then(
      escalation('office-vacant', '2022-09-26 09:00', leader, town),
    );
  });

  test('once: then the task takes its usual course, and nobody is told twice', () => {
    const vacant = afterLook(visit, '2022-09-20 09:00', [village]);
    lookedAt(vacant, '2022-09-21 09:00', [village]).then({
      code: 'too-early',
      because: [shanghai('2022-09-26 09:00')],
    });
    lookedAt(vacant, '2022-09-26 09:00', [village]).then([{ type: 'step-reminded' }]);
    const due = afterLook(vacant, '2022-09-26 09:00', [village]);
    lookedAt(due, '2022-09-28 00:00', [village]).then(escalation('overdue', '2022-10-01 00:00'));
  });

  test('on the morning of the reminder, it is looked at next when it is due', () => {
    lookedAt(visit, '2022-09-26 09:00', [village]).then(
      escalation('office-vacant', '2022-09-28 00:00', leader, town),
    );
  });

  test('overdue, both are told together', () => {
    lookedAt(visit, '2022-09-28 00:00', [village]).then(
      escalation('overdue', '2022-10-01 00:00', leader, town),
    );
  });

  test('a rung that nobody holds is passed over', () => {
    lookedAt(reminded, '2022-09-28 00:00', [leader]).then(escalation('overdue', '2022-10-01 00:00', town));
    lookedAt(visit, '2022-09-20 09:00', [village, leader]).then(
      escalation('office-vacant', '2022-09-26 09:00', town),
    );
  });

  test('with nobody above either, the case still wakes again and tells whoever comes', () => {
    const nobody = [village, leader, town];
    lookedAt(visit, '2022-09-20 09:00', nobody).then(escalation('office-vacant', '2022-09-26 09:00'));
    const alone = afterLook(afterLook(visit, '2022-09-20 09:00', nobody), '2022-09-26 09:00', nobody);
    lookedAt(alone, '2022-09-28 00:00', [village]).then(escalation('overdue', '2022-10-01 00:00', leader));
  });

  test('is not vacant while the household itself may answer', () => {
    const past = straightTo('household-confirmation');
    const confirm = (vacant: readonly string[]) =>
      given(past).when(
        look(past, 'household-confirmation', vacant),
        contextOf({ by: timer, at: '2022-09-21 11:00' }),
      );
    confirm([village]).thenRefused('too-early');
    confirm([village, 'household@hh-0001']).then([
      { type: 'step-escalated', data: { reason: 'office-vacant' } },
    ]);
  });
});

describe('other steps climb their own ladder', () => {
  const firstTold = (past: readonly RecordedReleaseEvent[], step: StepName) => {
    const { dueAt, taskId } = openTask(past, step);
    const command = { type: 'escalate-step', taskId, vacant: [] } as const;
    const [task] = stateOf(after(past, command, { by: timer, at: dueAt })).tasks.filter(
      (open) => open.taskId === taskId,
    );
    return task?.escalatedTo.map(inboxOf);
  };

  test.each<[StepName, string, readonly RecordedReleaseEvent[]]>([
    ['request-answer', leader, requested()],
    ['town-verification', 'town-leader@610302101', straightTo('town-verification')],
    ['department-comparison', 'department-leader@610302:agriculture', straightTo('department-comparison')],
    ['spot-check', 'bureau-leader@610302', straightTo('spot-check')],
    ['announcement', 'bureau-leader@610302', straightTo('announcement')],
  ])('%s: %s is told first', (step, inbox, past) => {
    expect(firstTold(past, step)).toEqual([inbox]);
  });

  test('a step that may not be done before a day is not called for before it', () => {
    const late = approvedLate();
    // From 1 November on, due by the 3rd, reminded on the 2nd.
    const at = (time: string) =>
      given(late).when(look(late, 'filing-confirmation'), contextOf({ by: timer, at: time }));
    at('2022-11-02 08:59:59.999').then({ code: 'too-early', because: [shanghai('2022-11-02 09:00')] });
    at('2022-11-02 09:00').then([{ type: 'step-reminded' }]);
  });
});
