import type { Decision } from '../access/decision.ts';
import type { ReleaseEvent } from './events.ts';

/** Every reason for which a command on a release case can be refused. */
export type ReleaseRefusalCode =
  | 'case-already-open'
  | 'case-not-open'
  | 'household-not-monitored'
  | 'release-standards-not-met'
  | 'task-not-open'
  | 'task-not-yours'
  | 'round-superseded'
  | 'wrong-decision-for-step'
  | 'too-early'
  | 'own-household'
  | 'two-levels'
  | 'evidence-required'
  | 'appraisal-date-invalid'
  | 'votes-exceed-attendance'
  | 'attendance-exceeds-eligible'
  | 'votes-do-not-carry'
  | 'text-required'
  | 'notice-not-running'
  | 'objection-period-over'
  | 'objections-full'
  | 'case-not-in-filing'
  | 'case-not-in-report'
  | 'already-released'
  | 'round-not-running'
  | 'occurred-date-invalid'
  | 'votes-carry'
  | 'measure-unknown'
  | 'measure-of-another-department'
  | 'measure-required'
  | 'measure-date-invalid';

export type ReleaseDecision = Decision<ReleaseEvent, ReleaseRefusalCode>;
