import { describe, expect, test } from 'vitest';
import { taskId } from '../../shared/contracts/codes.ts';
import { getReleaseCaseContract } from '../../shared/contracts/release-case.ts';
import { assignee, stageName } from '../../shared/contracts/task.ts';
import { asJson } from '../../shared/ledger/as-json.ts';
import { everyStage } from '../support/every-stage.ts';
import { stateOf } from '../support/release-story.ts';

const places = Object.entries(everyStage).filter(([, events]) => events.length > 0);

const { standing, endedRounds, failedMeasures, findings, timeline } =
  getReleaseCaseContract.success.body.shape;

/** What leaves the house is held to its contract: a stage that did not fit would make the case unreadable. */
describe('a case can be shown wherever it stands', () => {
  test.each(places)('%s', (_place, events) => {
    const state = stateOf(events);
    expect(standing.parse(asJson(state.stage))).toEqual(asJson(state.stage));
    expect(endedRounds.safeParse(state.endedRounds).success).toBe(true);
    expect(failedMeasures.safeParse(state.failedMeasures).success).toBe(true);
    for (const task of state.tasks) {
      expect(taskId.safeParse(task.taskId).success).toBe(true);
      for (const one of task.assignees) expect(assignee.safeParse(one).success).toBe(true);
    }
    for (const { type, data, actor } of events) {
      expect(timeline.def.element.shape.actor.safeParse(actor).success).toBe(true);
      if (type === 'release-round-started') expect(findings.safeParse(data.findings).success).toBe(true);
    }
  });

  test('every stage was looked at', () => {
    const seen = new Set(places.map(([, events]) => stateOf(events).stage.name));
    expect([...seen].toSorted()).toEqual(stageName.options.toSorted());
  });
});
