import type { Instant } from '../../shared/domain/calendar/instant.ts';
import type { JsonObject } from '../../shared/ports/record-store.ts';

/** The words of Step Functions' GetExecutionHistory that the runner speaks. */
export type HistoryEventType =
  | 'ExecutionStarted'
  | 'ExecutionSucceeded'
  | 'ExecutionFailed'
  | 'ExecutionAborted'
  | 'ExecutionTimedOut'
  | `${'Task' | 'Pass' | 'Choice' | 'Wait' | 'Succeed' | 'Fail' | 'Map'}StateEntered`
  | `${'Task' | 'Pass' | 'Choice' | 'Wait' | 'Succeed' | 'Map'}StateExited`
  | `${'Task' | 'Wait' | 'Map'}StateAborted`
  | 'TaskScheduled'
  | 'TaskStarted'
  | 'TaskSubmitted'
  | 'TaskSucceeded'
  | 'TaskFailed'
  | 'TaskTimedOut'
  | 'MapStateStarted'
  | 'MapStateSucceeded'
  | 'MapStateFailed'
  | 'MapIterationStarted'
  | 'MapIterationSucceeded'
  | 'MapIterationFailed'
  | 'MapIterationAborted'
  | 'EvaluationFailed';

/**
 * One event of an execution. `details` is what GetExecutionHistory puts into the event's `…EventDetails`, with JSON
 * values where Step Functions writes JSON as text. A task token never stands in it.
 */
export type HistoryEvent = {
  readonly id: number;
  readonly previousEventId: number;
  readonly timestamp: Instant;
  readonly type: HistoryEventType;
  readonly details: JsonObject;
};
