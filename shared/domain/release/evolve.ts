import { levelOf, type RecordedActor } from '../access/actor.ts';
import { unreachable } from '../access/decision.ts';
import type { Instant } from '../calendar/instant.ts';
import type { ReleaseEvent, ReleaseTask } from './events.ts';
import type { Objection, ReleaseCase, Stage } from './state.ts';

/** An event with what the ledger adds to it: when it was committed and who stands behind it. */
export type RecordedReleaseEvent = ReleaseEvent & { readonly at: Instant; readonly actor: RecordedActor };

const stillOpen = (tasks: readonly ReleaseTask[], event: ReleaseEvent): readonly ReleaseTask[] => {
  const { data } = event;
  const kept =
    'taskId' in data && event.type !== 'step-escalated'
      ? tasks.filter((task) => task.taskId !== data.taskId)
      : tasks;
  return 'opens' in data ? [...kept, ...data.opens] : kept;
};

/** Attending is not deciding, and neither is being told: only answers to tasks and reports count. */
const withDecider = (state: ReleaseCase, event: RecordedReleaseEvent): ReleaseCase['deciders'] => {
  if (!('personId' in event.actor) || event.type === 'objection-filed') return state.deciders;
  const { personId } = event.actor;
  const level = levelOf[event.actor.role];
  const known = state.deciders.some((decider) => decider.personId === personId && decider.level === level);
  return known ? state.deciders : [...state.deciders, { personId, level }];
};

/** In the order in which they were filed. */
const withObjection = (stage: Stage, changed: Objection): Stage => {
  if (stage.name !== 'notice') return stage;
  const { objections } = stage;
  const known = objections.some(({ objectionId }) => objectionId === changed.objectionId);
  return {
    ...stage,
    objections: known
      ? objections.map((objection) => (objection.objectionId === changed.objectionId ? changed : objection))
      : [...objections, changed],
  };
};

const cityReportOf = (stage: Stage) =>
  stage.name === 'leadership-filing' || stage.name === 'system-marking'
    ? { cityReportMonth: stage.cityReportMonth, cityReportDueAt: stage.cityReportDueAt }
    : undefined;

/** @throws if the event cannot follow the stage: the ledger would be damaged. */
const required = <T>(value: T | undefined, event: RecordedReleaseEvent): T => {
  if (value === undefined)
    throw new Error(`the ledger is damaged: ${event.type} does not follow the stage before it`);
  return value;
};

const stageAfter = (state: ReleaseCase, event: RecordedReleaseEvent): Stage => {
  switch (event.type) {
    case 'release-case-opened':
    case 'step-escalated':
      return state.stage;
    case 'release-round-started':
      return { name: 'home-visit' };
    case 'home-visit-recorded':
      return { name: 'household-confirmation' };
    case 'household-confirmed':
      return { name: 'appraisal' };
    case 'appraisal-passed':
      return { name: 'notice-posting' };
    case 'notice-posted': {
      const { noticeId, postedAt, lastDay, endsAt } = event.data;
      return { name: 'notice', noticeId, postedAt, lastDay, endsAt, objections: [] };
    }
    case 'objection-filed':
      return withObjection(state.stage, { objectionId: event.data.objectionId, status: 'filed' });
    case 'objection-investigated':
      return withObjection(state.stage, { objectionId: event.data.objectionId, status: 'investigated' });
    case 'objection-dismissed':
      return withObjection(state.stage, { objectionId: event.data.objectionId, status: 'dismissed' });
    case 'objection-upheld':
      return { name: 'objection-follow-up', objectionId: event.data.objectionId };
    case 'release-round-ended':
    case 'next-round-decided':
      return state.stage;
    case 'notice-passed':
      return { name: 'town-verification' };
    case 'town-verification-approved':
    case 'unchanged-confirmed': {
      const { filingMonth, cutOffAt, confirmationNeeded } = event.data;
      return { name: confirmationNeeded ? 'filing-confirmation' : 'filing', filingMonth, cutOffAt };
    }
    case 'filed-with-district': {
      const { spotCheckSeed, spotCheckDraw, asked } = event.data;
      return { name: 'department-comparison', spotCheckSeed, spotCheckDraw, asked, answered: [] };
    }
    case 'comparison-answered':
      return state.stage.name === 'department-comparison'
        ? { ...state.stage, answered: [...state.stage.answered, event.data.department] }
        : state.stage;
    case 'spot-check-drawn':
      return { name: 'spot-check', sampled: event.data.sampled };
    case 'assessment-confirmed':
      return { name: 'announcement' };
    case 'release-announced': {
      const { cityReportMonth, cityReportDueAt } = event.data;
      return { name: 'leadership-filing', cityReportMonth, cityReportDueAt };
    }
    case 'leadership-filed':
      return { name: 'system-marking', ...required(cityReportOf(state.stage), event) };
    case 'national-system-marked':
      return { name: 'city-report', ...required(cityReportOf(state.stage), event) };
    case 'reported-to-city':
      return { name: 'reported', month: event.data.month };
    case 'release-case-closed':
      return { name: 'closed', reason: event.data.reason };
    default:
      return unreachable(event);
  }
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
    stage: { name: 'home-visit' },
    tasks: [],
    departments: [],
    deciders: [],
    endedRounds: [],
  };
};

const withRound = (state: ReleaseCase, event: RecordedReleaseEvent): ReleaseCase => {
  switch (event.type) {
    case 'release-round-started': {
      const { round, policyVersion, measures } = event.data;
      return { ...state, round, policyVersion, measures };
    }
    case 'release-round-ended': {
      const ended = { round: event.data.round, reason: event.data.reason, endedAt: event.at };
      return { ...state, endedRounds: [...state.endedRounds, ended] };
    }
    case 'filed-with-district':
      return { ...state, departments: [...new Set([...state.departments, ...event.data.asked])].toSorted() };
    case 'release-announced':
      return { ...state, releasedAt: event.at };
    case 'objection-upheld':
      // Whatever else was open in the round ends with it; only what this decision opens goes on.
      return { ...state, tasks: [] };
    case 'step-escalated': {
      const { taskId, wakeAt } = event.data;
      const tasks = state.tasks.map((task) =>
        task.taskId === taskId ? { ...task, wakeAt, escalations: task.escalations + 1 } : task,
      );
      return { ...state, tasks };
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
