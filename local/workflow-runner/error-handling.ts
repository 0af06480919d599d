import type { Catcher, Retrier } from './definition.ts';
import { dataLimitError, runtimeError, timeoutError } from './state-failure.ts';

/**
 * Whether an `ErrorEquals` names an error. `States.Runtime` is terminal; `States.DataLimitExceeded` is caught only by
 * its name; `States.TaskFailed` is every other error but `States.Timeout` (Step Functions, "Handling errors").
 */
const names = (errorEquals: readonly string[], error: string): boolean => {
  if (error === runtimeError) return false;
  if (errorEquals.includes(error)) return true;
  if (error === dataLimitError) return false;
  if (errorEquals.includes('States.ALL')) return true;
  return errorEquals.includes('States.TaskFailed') && error !== timeoutError;
};

export const catcherFor = (catchers: readonly Catcher[], error: string): Catcher | undefined =>
  catchers.find((catcher) => names(catcher.errorEquals, error));

/**
 * The first retrier that names the error decides, and it counts its own attempts.
 * @param chance a number in [0, 1), used only by a retrier with full jitter
 * @returns the seconds to wait and the counts after it; `undefined` when the error is not to be retried (any more)
 */
export const nextRetry = (
  retriers: readonly Retrier[],
  counts: readonly number[],
  error: string,
  chance: () => number,
): { readonly delaySeconds: number; readonly counts: readonly number[] } | undefined => {
  const index = retriers.findIndex((candidate) => names(candidate.errorEquals, error));
  const retrier = retriers[index];
  const done = counts[index] ?? 0;
  if (retrier === undefined || done >= retrier.maxAttempts) return undefined;
  const grown = retrier.intervalSeconds * retrier.backoffRate ** done;
  const delay = Math.min(grown, retrier.maxDelaySeconds ?? 99_999_999);
  return {
    delaySeconds: retrier.fullJitter ? delay * chance() : delay,
    counts: retriers.map((_, at) => (counts[at] ?? 0) + (at === index ? 1 : 0)),
  };
};
