import { describe, expect, test } from 'vitest';
import type { ReleaseCommand } from '../../../shared/domain/release/commands.ts';
import { type EveryStage, late, outcomeOf, stages } from '../../support/every-stage.ts';
import { pausedBy, request, withdrawal } from '../../support/release-exits.ts';
import { month } from '../../support/release-people.ts';
import { caseNumber, filed, objection, report, type someTask, stateOf } from '../../support/release-story.ts';

/** Within the notice of the stories. */
const duringNotice = '2022-10-03 09:00';

const released = ['leadership-filing', 'system-marking', 'city-report', 'reported'] satisfies EveryStage[];
const betweenRounds = [
  'request',
  'objection-follow-up',
  'adjustment',
  'adjustment, the village is done',
  're-report',
  'paused',
] satisfies EveryStage[];
const closed = stages.map(([stage]) => stage).filter((stage) => stage.startsWith('closed'));

type Outcomes = Readonly<Partial<Record<EveryStage, string>>>;
const all = (names: readonly EveryStage[], outcome: string): Outcomes =>
  Object.fromEntries(names.map((name) => [name, outcome]));
const nothing: Outcomes = { 'no case': 'case-not-open' };
const openCase = 'release-case-opened';

const commands: readonly {
  readonly name: string;
  readonly command: ReleaseCommand;
  readonly at: string;
  readonly atStage: Outcomes;
  readonly otherwise: string;
}[] = [
  {
    name: 'report-candidate',
    command: report,
    at: late,
    atStage: { 'no case': `${openCase} + release-round-started` },
    otherwise: 'case-already-open',
  },
  {
    name: 'request-release',
    command: request,
    at: late,
    atStage: { 'no case': `${openCase} + release-requested` },
    otherwise: 'case-already-open',
  },
  {
    name: 'file-objection',
    command: objection,
    at: duringNotice,
    atStage: {
      ...nothing,
      notice: 'objection-filed',
      'notice, objection filed': 'objection-filed',
      'notice, objection investigated': 'objection-filed',
      'notice, objection dismissed': 'objection-filed',
    },
    otherwise: 'notice-not-running',
  },
  {
    name: 'conclude-notice',
    command: { type: 'conclude-notice', round: 1 },
    at: late,
    atStage: {
      ...nothing,
      notice: 'notice-passed',
      'notice, objection filed': 'too-early',
      'notice, objection investigated': 'too-early',
      'notice, objection dismissed': 'notice-passed',
    },
    otherwise: 'notice-not-running',
  },
  {
    name: 'record-filing',
    command: filed(1, '2022-10'),
    at: late,
    atStage: { ...nothing, filing: 'filed-with-district' },
    otherwise: 'case-not-in-filing',
  },
  {
    name: 'record-filing of another month',
    command: filed(1, '2022-11'),
    at: late,
    atStage: nothing,
    otherwise: 'case-not-in-filing',
  },
  {
    name: 'record-city-report',
    command: { type: 'record-city-report', round: 1, month: month('2022-10') },
    at: late,
    atStage: { ...nothing, 'city-report': 'reported-to-city' },
    otherwise: 'case-not-in-report',
  },
  {
    name: 'record-city-report of another month',
    command: { type: 'record-city-report', round: 1, month: month('2022-11') },
    at: late,
    atStage: nothing,
    otherwise: 'case-not-in-report',
  },
  ...(
    [
      { type: 'conclude-notice', round: 2 },
      filed(2, '2022-10'),
      { type: 'record-city-report', round: 2, month: month('2022-10') },
    ] satisfies ReleaseCommand[]
  ).map((command) => ({
    name: `${command.type} of a round that is not the running one`,
    command,
    at: late,
    atStage: nothing,
    otherwise: 'round-superseded',
  })),
  ...(['household', 'signed-form', 'district'] as const).map((by) => ({
    name: `withdraw by ${by}`,
    command: withdrawal(by),
    at: late,
    atStage: {
      ...nothing,
      ...all(betweenRounds, 'case-withdrawn + release-case-closed'),
      ...all(released, 'already-released'),
      ...all(closed, 'case-not-open'),
    },
    otherwise: 'case-withdrawn + release-round-ended + release-case-closed',
  })),
  {
    name: 'pause',
    command: pausedBy('death'),
    at: late,
    atStage: {
      ...nothing,
      ...all(betweenRounds, 'round-not-running'),
      ...all(released, 'already-released'),
      ...all(closed, 'case-not-open'),
    },
    otherwise: 'case-paused + release-round-ended',
  },
];

describe('which other command is taken at which stage', () => {
  const table = commands.flatMap(({ name, command, at, atStage, otherwise }) =>
    stages.map(([stage, past]) => ({
      name,
      command,
      at,
      stage,
      past,
      expected: atStage[stage] ?? otherwise,
    })),
  );

  test.each(table)('$stage ← $name: $expected', ({ past, command, at, expected }) => {
    expect(outcomeOf(past, command, at)).toBe(expected);
  });

  test.each(stages)(
    '%s ← escalate-step: an open step when its time has come, nothing else',
    (_stage, past) => {
      const tasks = past.length === 0 ? [] : stateOf(past).tasks;
      const look = (taskId: typeof someTask): ReleaseCommand => ({
        type: 'escalate-step',
        taskId,
        vacant: [],
      });
      const never = past.length === 0 ? 'case-not-open' : 'task-not-open';
      expect(outcomeOf(past, look(`${caseNumber}.r1.no-step` as typeof someTask), late)).toBe(never);
      for (const { taskId, wakeAt, dueAt, openedAt } of tasks) {
        expect(outcomeOf(past, look(taskId), openedAt)).toBe('too-early');
        expect(outcomeOf(past, look(taskId), wakeAt)).toBe('step-reminded');
        expect(outcomeOf(past, look(taskId), dueAt)).toBe('step-escalated');
      }
    },
  );

  test('every type of command stands in a table', () => {
    const types = {
      'report-candidate': true,
      'request-release': true,
      'file-objection': true,
      'conclude-notice': true,
      'record-filing': true,
      'record-city-report': true,
      withdraw: true,
      pause: true,
      // In the tables of their own.
      'decide-step': true,
      'escalate-step': true,
    } satisfies Record<ReleaseCommand['type'], true>;
    const named = new Set([...commands.map(({ command }) => command.type), 'decide-step', 'escalate-step']);
    expect([...named].toSorted()).toEqual(Object.keys(types).toSorted());
  });
});
