import { describe, expect, test } from 'vitest';
import { taskId } from '../../shared/contracts/codes.ts';
import { getReleaseCaseContract } from '../../shared/contracts/release-case.ts';
import { assignee, stageName } from '../../shared/contracts/task.ts';
import type { StageName } from '../../shared/domain/release/state.ts';
import { asJson } from '../../shared/ledger/as-json.ts';
import { villager } from '../support/release-people.ts';
import {
  answered,
  approvedLate,
  goodAnswers,
  objectedTo,
  stateOf,
  straightTo,
} from '../support/release-story.ts';

type Events = ReturnType<typeof straightTo>;

const straight: readonly StageName[] = [
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
  'leadership-filing',
  'system-marking',
  'city-report',
  'reported',
];
const afterUpheld = (outcome: 'start-next-round' | 'close-case'): Events =>
  answered(
    objectedTo('upheld'),
    { ...goodAnswers['objection-follow-up'], outcome },
    villager,
    '2022-10-03 10:00',
  );
const places: readonly (readonly [string, Events])[] = [
  ...straight.map((stage) => [stage, straightTo(stage)] as const),
  ['notice with an objection', objectedTo('filed')],
  ['notice with an objection dismissed', objectedTo('dismissed')],
  ['objection-follow-up', objectedTo('upheld')],
  ['filing-confirmation', approvedLate()],
  ['second round', afterUpheld('start-next-round')],
  ['closed', afterUpheld('close-case')],
];

const { standing, endedRounds, findings, timeline } = getReleaseCaseContract.success.body.shape;

/** What leaves the house is held to its contract: a stage that did not fit would make the case unreadable. */
describe('a case can be shown wherever it stands', () => {
  test.each(places)('%s', (_place, events) => {
    const state = stateOf(events);
    expect(standing.parse(asJson(state.stage))).toEqual(asJson(state.stage));
    expect(endedRounds.safeParse(state.endedRounds).success).toBe(true);
    for (const task of state.tasks) {
      expect(taskId.safeParse(task.taskId).success).toBe(true);
      for (const one of task.assignees) expect(assignee.safeParse(one).success).toBe(true);
    }
    for (const { type, data, actor } of events) {
      expect(timeline.element.shape.actor.safeParse(actor).success).toBe(true);
      if (type === 'release-round-started') expect(findings.safeParse(data.findings).success).toBe(true);
    }
  });

  test('every stage was looked at', () => {
    const seen = new Set(places.map(([, events]) => stateOf(events).stage.name));
    expect([...seen].toSorted()).toEqual(stageName.options.toSorted());
  });
});
