import type { Instant } from '../calendar/instant.ts';
import type { StepName } from '../calendar/policy.ts';
import type { Assignee } from './actor.ts';

/** A step that waits for a person 待办: opened, and later closed, by events of its stream. */
export type OpenTask<Id extends string = string> = {
  readonly taskId: Id;
  readonly step: StepName;
  /** Any one of these may decide it. */
  readonly assignees: readonly Assignee[];
  readonly openedAt: Instant;
  /** 24:00 of the day by which it is due; afterwards it is overdue, never decided by itself. */
  readonly dueAt: Instant;
  /** Not to be decided before this instant. */
  readonly notBefore?: Instant;
  /** When the waiting workflow next looks at it: the due time at first, later after every escalation. */
  readonly wakeAt: Instant;
  /** How often it was escalated 升级督办. */
  readonly escalations: number;
};
