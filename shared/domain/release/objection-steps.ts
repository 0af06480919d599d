import { unreachable } from '../access/decision.ts';
import type { ReleaseTask } from './events.ts';
import type { ObjectionId } from './identifiers.ts';
import { isEarliest, nextInvestigation } from './notice.ts';
import { releaseTask } from './open-task.ts';
import type { ReleaseDecision } from './refusals.ts';
import { type Answered, answer, next, one, roundEnded, type StepContext, without } from './step-context.ts';

/** The objection that an open task is about; its id is the last part of the task's. */
const objectionOf = (task: ReleaseTask): ObjectionId => (task.taskId.split('.').at(-1) ?? '') as ObjectionId;

/** 异议调查 by the village; with it the town's task to decide opens. */
export const objectionInvestigation = (
  step: StepContext,
  decision: Answered<'objection-investigation'>,
): ReleaseDecision => {
  const objectionId = objectionOf(step.task);
  const { state, task, now, policy } = step;
  const opened = releaseTask(state, {
    round: state.round,
    step: 'objection-decision',
    objectionId,
    openedAt: now,
    policy,
  });
  const others = state.tasks.filter(({ taskId }) => taskId !== task.taskId);
  // Whoever waits for this very task hears of the answer by itself.
  const earliest = others.length > 0 && isEarliest(opened, others);
  const { finding, evidence, record } = decision;
  return (
    without(evidence, 'evidence') ??
    one({
      type: 'objection-investigated',
      data: { ...answer(step, [opened]), objectionId, earliest, finding, evidence, record },
    })
  );
};

/** 异议裁定 by the town officer, with reasons; upheld, it takes effect at once. */
export const objectionDecision = (
  step: StepContext,
  decision: Answered<'objection-decision'>,
): ReleaseDecision => {
  const objectionId = objectionOf(step.task);
  const { outcome, reasons } = decision;
  switch (outcome) {
    case 'dismissed':
      return one({
        type: 'objection-dismissed',
        data: { ...answer(step, nextInvestigation(step.state, step)), objectionId, reasons },
      });
    case 'upheld':
      return {
        events: [
          { type: 'objection-upheld', data: { ...answer(step, []), objectionId, reasons } },
          roundEnded(step.state, 'objection-upheld', [next(step, 'objection-follow-up')]),
        ],
      };
    default:
      return unreachable(outcome);
  }
};
