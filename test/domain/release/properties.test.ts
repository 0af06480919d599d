import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { PersonActor } from '../../../shared/domain/access/actor.ts';
import { instantFromMillis, millisOf } from '../../../shared/domain/calendar/instant.ts';
import { civilDateOf } from '../../../shared/domain/calendar/legal-time.ts';
import type { ReleaseCommand, StepDecision } from '../../../shared/domain/release/commands.ts';
import { decide } from '../../../shared/domain/release/decide.ts';
import type { ReleaseEvent } from '../../../shared/domain/release/events.ts';
import { evolve } from '../../../shared/domain/release/evolve.ts';
import type { TaskId } from '../../../shared/domain/release/identifiers.ts';
import type { RecordedReleaseEvent } from '../../../shared/domain/release/recorded.ts';
import { isOpen, type ReleaseCase } from '../../../shared/domain/release/state.ts';
import {
  askedDepartments,
  bureau,
  checker,
  departmentOfficer,
  home,
  leader,
  month,
  townOfficer,
  villager,
} from '../../support/release-people.ts';
import {
  contextOf,
  filed,
  goodAnswers,
  objection,
  photo,
  recorded,
  report,
  someTask,
  straightTo,
  timer,
} from '../../support/release-story.ts';

type Move = {
  /** Which open task, among those there are; `stale` names one that is not open. */
  readonly pick: number;
  readonly kind:
    | 'answer'
    | 'wrong-answer'
    | 'stale'
    | 'object'
    | 'conclude'
    | 'file'
    | 'report'
    | 'escalate'
    | 'again';
  readonly by: 'right' | number;
  readonly hours: number;
  readonly choice: number;
};

const people: readonly PersonActor[] = [
  leader,
  villager,
  home,
  townOfficer,
  checker,
  bureau,
  ...askedDepartments.map(departmentOfficer),
  // Somebody with offices at every level: separation of duties alone stops them.
  {
    ...villager,
    personId: leader.personId,
    offices: [leader, villager, townOfficer, checker, bureau].flatMap(({ offices }) => offices),
  },
];

const move: fc.Arbitrary<Move> = fc.record({
  pick: fc.nat(9),
  kind: fc.oneof(
    { weight: 14, arbitrary: fc.constant('answer' as const) },
    { weight: 6, arbitrary: fc.constantFrom('conclude' as const, 'file' as const, 'report' as const) },
    {
      weight: 5,
      arbitrary: fc.constantFrom(
        'wrong-answer' as const,
        'stale' as const,
        'object' as const,
        'escalate' as const,
        'again' as const,
      ),
    },
  ),
  by: fc.oneof(
    { weight: 9, arbitrary: fc.constant('right' as const) },
    { weight: 1, arbitrary: fc.nat(people.length - 1) },
  ),
  hours: fc.oneof({ weight: 3, arbitrary: fc.nat(30) }, { weight: 1, arbitrary: fc.nat(400) }),
  choice: fc.nat(3),
});

const steps = Object.keys(goodAnswers) as StepDecision['step'][];

const answerFor = (step: StepDecision['step'], now: string, choice: number): StepDecision => {
  const good = goodAnswers[step];
  switch (good.step) {
    case 'appraisal':
      return { ...good, heldOn: civilDateOf(instantFromMillis(Date.parse(now))) };
    case 'household-confirmation':
    case 'spot-check':
      return choice === 0 ? { ...good, evidence: [] } : { ...good, evidence: [photo] };
    case 'objection-decision':
      return { ...good, outcome: choice < 2 ? 'upheld' : 'dismissed' };
    case 'objection-follow-up':
      return { ...good, outcome: choice === 0 ? 'close-case' : 'start-next-round' };
    default:
      return good;
  }
};

const commandOf = (state: ReleaseCase, { kind, pick, choice }: Move, now: string): ReleaseCommand => {
  const { round, stage, tasks } = state;
  const task = tasks[pick % Math.max(1, tasks.length)];
  const step = (task?.step ?? steps[pick % steps.length] ?? 'home-visit') as StepDecision['step'];
  const other = steps[(steps.indexOf(step) + 1 + choice) % steps.length] ?? 'appraisal';
  switch (kind) {
    case 'answer':
    case 'wrong-answer':
      return {
        type: 'decide-step',
        taskId: (task?.taskId ?? someTask) as TaskId,
        decision: answerFor(kind === 'answer' ? step : other, now, choice),
      };
    case 'stale':
      return { type: 'decide-step', taskId: someTask, decision: goodAnswers['home-visit'] };
    case 'object':
      return objection;
    case 'conclude':
      return { type: 'conclude-notice', round: choice === 0 ? round - 1 : round };
    case 'file':
      return filed(round, 'filingMonth' in stage ? stage.filingMonth : '2022-10', pick / 10);
    case 'report':
      return {
        type: 'record-city-report',
        round,
        month: 'cityReportMonth' in stage ? stage.cityReportMonth : month('2022-10'),
      };
    case 'escalate':
      return { type: 'escalate-step', taskId: (task?.taskId ?? someTask) as TaskId, vacant: [] };
    case 'again':
      return report;
    default:
      return kind satisfies never;
  }
};

const personFor = (state: ReleaseCase, command: ReleaseCommand, by: Move['by'], now: string) => {
  if (command.type !== 'decide-step') return timer;
  if (by !== 'right') return people[by] ?? villager;
  return (
    people.find((person) => {
      const decision = decide(state, command, contextOf({ by: person, at: now }));
      return !('refusal' in decision);
    }) ?? villager
  );
};

/** Plays the moves; whatever is refused changes nothing. */
const play = (moves: readonly Move[], look: (state: ReleaseCase, before: ReleaseCase) => void) => {
  let events: RecordedReleaseEvent[] = straightTo('home-visit');
  let state = events.reduce<ReleaseCase | undefined>((before, event) => evolve(before, event), undefined);
  let now = contextOf({ by: timer, at: '2022-09-21 10:00' }).now;
  for (const one of moves) {
    if (state === undefined) throw new Error('a case stands from the beginning');
    now = instantFromMillis(millisOf(now) + one.hours * 3_600_000);
    const command = commandOf(state, one, now);
    const context = contextOf({ by: personFor(state, command, one.by, now), at: now });
    const decision = decide(state, command, context);
    if ('refusal' in decision) continue;
    const facts = recorded(events, command, decision.events, context);
    const before: ReleaseCase = state;
    state = facts.reduce<ReleaseCase>((sofar, event) => evolve(sofar, event), state);
    events = [...events, ...facts];
    look(state, before);
  }
  return events;
};

const story = fc.array(move, { minLength: 20, maxLength: 90 });

const gates: readonly ReleaseEvent['type'][] = [
  'release-round-started',
  'home-visit-recorded',
  'household-confirmed',
  'appraisal-passed',
  'notice-posted',
  'notice-passed',
  'town-verification-approved',
  'filed-with-district',
  'comparison-answered',
  'spot-check-drawn',
  'assessment-confirmed',
];

/** Which steps may be open at a stage. */
const stepsAt: Readonly<Record<ReleaseCase['stage']['name'], readonly string[]>> = {
  request: ['request-answer'],
  'home-visit': ['home-visit'],
  'household-confirmation': ['household-confirmation'],
  appraisal: ['appraisal'],
  'notice-posting': ['notice-posting'],
  notice: ['objection-investigation', 'objection-decision'],
  'objection-follow-up': ['objection-follow-up'],
  'town-verification': ['town-verification'],
  'filing-confirmation': ['filing-confirmation'],
  filing: [],
  'department-comparison': ['department-comparison'],
  'spot-check': ['spot-check'],
  announcement: ['announcement'],
  'leadership-filing': ['leadership-filing'],
  'system-marking': ['system-marking'],
  'city-report': [],
  reported: [],
  adjustment: ['adjustment', 'measure-adjustment'],
  're-report': ['re-report'],
  paused: ['pause-follow-up'],
  closed: [],
};

describe('whatever people and timers do, in whatever order', () => {
  test('no case is announced that has not passed every gate of its running round, in order', () => {
    let announced = 0;
    fc.assert(
      fc.property(story, (moves) => {
        const events = play(moves, () => {});
        const end = events.findIndex(({ type }) => type === 'release-announced');
        if (end < 0) return;
        announced += 1;
        const round = events.findLastIndex(
          ({ type }, index) => index < end && type === 'release-round-started',
        );
        const types = events.slice(round, end).map(({ type }) => type);
        const places = gates.map((gate) => types.indexOf(gate));
        expect(places.every((place) => place >= 0)).toBe(true);
        expect(places).toEqual(places.toSorted((a, b) => a - b));
        const posted = events.findLast(({ type }) => type === 'notice-posted');
        const passed = events.findLast(({ type }) => type === 'notice-passed');
        expect(
          posted?.type === 'notice-posted' && passed !== undefined && passed.at >= posted.data.endsAt,
        ).toBe(true);
        expect(events.slice(0, end).filter(({ type }) => type === 'comparison-answered')).toHaveLength(
          askedDepartments.length,
        );
      }),
      { numRuns: 300, seed: 20221031 },
    );
    // The moves are worth something only if stories do come that far.
    expect(announced).toBeGreaterThan(5);
  });

  test('the open tasks fit the stage, carry the running round, and no id is open twice or opened again', () => {
    fc.assert(
      fc.property(story, (moves) => {
        const everOpen = new Set<string>();
        play(moves, (state, before) => {
          const ids = state.tasks.map(({ taskId }) => taskId);
          expect(new Set(ids).size).toBe(ids.length);
          for (const { step, taskId } of state.tasks) {
            expect(stepsAt[state.stage.name]).toContain(step);
            expect(taskId).toContain(`.r${state.round}.`);
            if (before.tasks.some((task) => task.taskId === taskId)) continue;
            expect(everOpen).not.toContain(taskId);
            everOpen.add(taskId);
          }
          if (!isOpen(state)) expect(ids).toEqual([]);
        });
      }),
      { numRuns: 150 },
    );
  });

  test('round numbers grow by one, and only after the round before has ended', () => {
    fc.assert(
      fc.property(story, (moves) => {
        play(moves, (state, before) => {
          expect([before.round, before.round + 1]).toContain(state.round);
          if (state.round > before.round)
            expect(before.endedRounds.at(-1)).toMatchObject({ round: before.round });
        });
      }),
      { numRuns: 150 },
    );
  });

  test('nobody has ever decided at two levels', () => {
    fc.assert(
      fc.property(story, (moves) => {
        play(moves, ({ deciders }) => {
          const people = deciders.map(({ personId }) => personId);
          expect(new Set(people).size).toBe(people.length);
        });
      }),
      { numRuns: 150 },
    );
  });
});
