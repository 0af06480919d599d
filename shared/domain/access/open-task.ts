import type { Instant } from '../calendar/instant.ts';
import type { StepName } from '../calendar/policy.ts';
import type { Assignee } from './actor.ts';

/** What an inbox can hold: a step that somebody decides, or the town's month that will be filed at its cut-off. */
export type TaskName = StepName | 'filing-cut-off';

/** A step that waits for a person 待办: opened, and later closed, by events of its stream. */
export type OpenTask<Id extends string = string> = {
  readonly taskId: Id;
  readonly step: TaskName;
  /** Any one of these may decide it. */
  readonly assignees: readonly Assignee[];
  readonly openedAt: Instant;
  /** 24:00 of the day by which it is due; afterwards it is overdue, never decided by itself. */
  readonly dueAt: Instant;
  /** Not to be decided before this instant. */
  readonly notBefore?: Instant;
  /** When the waiting workflow next looks at it: to remind, at the due time, and ever again after it. */
  readonly wakeAt: Instant;
  /** Whether those who must decide were reminded 提醒 that the last day is near. */
  readonly reminded: boolean;
  /** How often it was escalated 升级督办. */
  readonly escalations: number;
  /** Who was told of it in this way: they see it, and do not decide it. */
  readonly escalatedTo: readonly Assignee[];
};
