import { refuse } from '../access/decision.ts';
import type { Instant } from '../calendar/instant.ts';
import type { Policy } from '../calendar/policy.ts';
import type { DecisionContext, ReleaseCommand } from './commands.ts';
import type { ReleaseTask } from './events.ts';
import { type ObjectionId, objectionIdOf } from './identifiers.ts';
import { releaseTask } from './open-task.ts';
import type { ReleaseDecision } from './refusals.ts';
import type { Objection, ReleaseCase } from './state.ts';

/** True while somebody still has to investigate or decide the objection 异议. */
const isUndecided = (objection: Objection): boolean =>
  objection.status === 'filed' || objection.status === 'investigated';

/**
 * So many objections are in work at once; later ones wait on record until one of these is decided. Anyone may object,
 * as often as they like, and what is in work ends in the one transaction in which an objection is upheld.
 */
const objectionsInWorkAtMost = 16;

/**
 * One notice takes so many. Nobody has to say who they are, so a flood must neither fill the case's record nor make it
 * too long to be read; whoever comes later is told where else to report.
 */
const objectionsAtMost = 200;

/** @returns whether the task is looked at before every other: the workflow waits with the earliest of them in view. */
export const isEarliest = (task: ReleaseTask, others: readonly ReleaseTask[]): boolean =>
  others.every(({ wakeAt }) => task.wakeAt < wakeAt);

/** @returns the task of the village to investigate the objection 异议调查. */
const investigationTask = (
  state: ReleaseCase,
  objectionId: ObjectionId,
  { now, policy }: { readonly now: Instant; readonly policy: Policy },
): ReleaseTask =>
  releaseTask(state, {
    round: state.round,
    step: 'objection-investigation',
    objectionId,
    openedAt: now,
    policy,
  });

/** @returns the investigation of the longest waiting objection, now that another one is decided; none if none waits. */
export const nextInvestigation = (
  state: ReleaseCase,
  when: { readonly now: Instant; readonly policy: Policy },
): ReleaseTask[] => {
  if (state.stage.name !== 'notice') return [];
  const waiting = state.stage.objections.find(
    ({ objectionId, status }) =>
      status === 'filed' && !state.tasks.some((task) => task.taskId.endsWith(`.${objectionId}`)),
  );
  return waiting === undefined ? [] : [investigationTask(state, waiting.objectionId, when)];
};

/**
 * Anyone may object while the notice runs (policy default). The instant of commit counts: at `endsAt` itself it is over.
 */
export const fileObjection = (
  state: ReleaseCase,
  command: Extract<ReleaseCommand, { type: 'file-objection' }>,
  { now }: DecisionContext,
  policy: Policy,
): ReleaseDecision => {
  const { stage, round } = state;
  if (stage.name !== 'notice' || stage.noticeId !== command.noticeId) return refuse('notice-not-running');
  if (now >= stage.endsAt) return refuse('objection-period-over', { because: [stage.lastDay] });
  if (stage.objections.length >= objectionsAtMost)
    return refuse('objections-full', { because: [String(objectionsAtMost)] });
  const objectionId = objectionIdOf(stage.objections.length + 1);
  const opens =
    state.tasks.length < objectionsInWorkAtMost
      ? [investigationTask(state, objectionId, { now, policy })]
      : [];
  const { ground, statement } = command;
  const [opened] = opens;
  const earliest = opened !== undefined && isEarliest(opened, state.tasks);
  return {
    events: [{ type: 'objection-filed', data: { round, objectionId, ground, statement, earliest, opens } }],
  };
};

/** The notice 公示 passes only when its period is over and no objection is undecided; then the town verifies. */
export const concludeNotice = (
  state: ReleaseCase,
  command: Extract<ReleaseCommand, { type: 'conclude-notice' }>,
  { now }: DecisionContext,
  policy: Policy,
): ReleaseDecision => {
  const { stage, round } = state;
  if (command.round !== round) return refuse('round-superseded');
  if (stage.name !== 'notice') return refuse('notice-not-running');
  if (now < stage.endsAt) return refuse('too-early', { because: [stage.endsAt] });
  const undecided = stage.objections.filter(isUndecided).map((objection) => objection.objectionId);
  if (undecided.length > 0) return refuse('too-early', { because: undecided });
  const verification = releaseTask(state, { round, step: 'town-verification', openedAt: now, policy });
  return {
    events: [{ type: 'notice-passed', data: { round, noticeId: stage.noticeId, opens: [verification] } }],
  };
};
