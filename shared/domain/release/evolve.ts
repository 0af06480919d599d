import { levelOf } from '../access/actor.ts';
import { escalatedTask, remindedTask } from '../access/escalation.ts';
import type { ReleaseEvent, ReleaseTask } from './events.ts';
import type { TaskId } from './identifiers.ts';
import type { RecordedReleaseEvent } from './recorded.ts';
import { stageAfter } from './stage-after.ts';
import { type ReleaseCase, withImplemented } from './state.ts';

const stillOpen = (tasks: readonly ReleaseTask[], event: ReleaseEvent): readonly ReleaseTask[] => {
  const { data } = event;
  const kept =
    'taskId' in data && event.type !== 'step-escalated' && event.type !== 'step-reminded'
      ? tasks.filter((task) => task.taskId !== data.taskId)
      : tasks;
  return 'opens' in data ? [...kept, ...data.opens] : kept;
};

/** Asking, objecting and telling of a death; and what only follows from a decision beside it. */
const noDecisions: ReadonlySet<string> = new Set<ReleaseEvent['type']>([
  'release-case-opened',
  'release-requested',
  'objection-filed',
  'case-paused',
  'release-round-ended',
  'release-case-closed',
]);

/** Attending is not deciding, and neither is being told or telling: only answers to tasks and reports count. */
const withDecider = (state: ReleaseCase, event: RecordedReleaseEvent): ReleaseCase['deciders'] => {
  if (!('personId' in event.actor)) return state.deciders;
  if (noDecisions.has(event.type)) return state.deciders;
  const { personId } = event.actor;
  const level = levelOf[event.actor.role];
  const known = state.deciders.some((decider) => decider.personId === personId && decider.level === level);
  return known ? state.deciders : [...state.deciders, { personId, level }];
};

const opened = (event: RecordedReleaseEvent): ReleaseCase => {
  if (event.type !== 'release-case-opened')
    throw new Error(`the ledger is damaged: ${event.type} stands first`);
  const { caseNumber, householdId, group, people } = event.data;
  return {
    caseNumber,
    householdId,
    group,
    people,
    openedAt: event.at,
    round: 0,
    policyVersion: '',
    measures: [],
    failedMeasures: [],
    stage: { name: 'home-visit' },
    tasks: [],
    departments: [],
    deciders: [],
    endedRounds: [],
  };
};

const withTask = (
  state: ReleaseCase,
  taskId: TaskId,
  change: (task: ReleaseTask) => ReleaseTask,
): ReleaseCase => ({
  ...state,
  tasks: state.tasks.map((task) => (task.taskId === taskId ? change(task) : task)),
});

const withRound = (state: ReleaseCase, event: RecordedReleaseEvent): ReleaseCase => {
  switch (event.type) {
    case 'release-requested': {
      const { round, policyVersion } = event.data;
      return { ...state, round, policyVersion };
    }
    case 'release-round-started': {
      const { round, policyVersion, measures } = event.data;
      return { ...state, round, policyVersion, measures };
    }
    case 'release-round-ended': {
      const { round, reason, failed } = event.data;
      const ended = { round, reason, endedAt: event.at };
      const before = state.failedMeasures.filter(
        ({ measureId }) => !failed.some((again) => again.measureId === measureId),
      );
      return {
        ...state,
        endedRounds: [...state.endedRounds, ended],
        failedMeasures: [...before, ...failed],
        // Its departments see a case from now on, whether or not they were asked before.
        departments: [
          ...new Set([...state.departments, ...failed.map(({ leadDepartment }) => leadDepartment)]),
        ].toSorted(),
        // Whatever was open in the round ends with it; only what its end opens goes on.
        tasks: [],
      };
    }
    case 'measures-adjusted':
      return { ...state, failedMeasures: withImplemented(state.failedMeasures, event.data.measures) };
    case 'release-case-closed':
      return { ...state, tasks: [] };
    case 'filed-with-district':
      return {
        ...state,
        departments: [...new Set([...state.departments, ...event.data.asked])].toSorted(),
        lastFiledMonth: event.data.month,
      };
    case 'release-announced':
      return { ...state, releasedAt: event.at };
    case 'step-reminded': {
      const { taskId, wakeAt } = event.data;
      return withTask(state, taskId, (task) => remindedTask(task, wakeAt));
    }
    case 'step-escalated': {
      const { taskId, wakeAt, to } = event.data;
      return withTask(state, taskId, (task) => escalatedTask(task, wakeAt, to));
    }
    default:
      return state;
  }
};

/** Folds one recorded event into the case. Pure; @throws only when the ledger is damaged. */
export const evolve = (state: ReleaseCase | undefined, event: RecordedReleaseEvent): ReleaseCase => {
  const before = withRound(state ?? opened(event), event);
  return {
    ...before,
    stage: stageAfter(before, event),
    tasks: stillOpen(before.tasks, event),
    deciders: withDecider(before, event),
  };
};
