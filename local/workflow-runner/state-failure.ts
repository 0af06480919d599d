/** A state reported an error, as Amazon States Language means it: it may be retried or caught by the definition. */
export class StateFailure extends Error {
  override readonly name = 'StateFailure';
  readonly error: string;
  override readonly cause: string;
  /** The field whose JSONata expression failed; absent for every other error. */
  readonly location?: string;
  constructor(error: string, cause: string, location?: string) {
    super(`${error}: ${cause}`);
    this.error = error;
    this.cause = cause;
    if (location !== undefined) this.location = location;
  }
}

export const queryEvaluationError = 'States.QueryEvaluationError';
export const timeoutError = 'States.Timeout';
export const runtimeError = 'States.Runtime';
export const dataLimitError = 'States.DataLimitExceeded';
