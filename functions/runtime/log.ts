import { Logger } from '@aws-lambda-powertools/logger';

/** One JSON line per entry; `LOG_LEVEL` sets how much is said. */
export const log = new Logger({ serviceName: 'shouxian' });

/**
 * What may be written down of an error: its name and where it arose. Never its message, which may quote what somebody
 * sent or what the store holds.
 */
export const traceOf = (
  error: unknown,
): { readonly errorName: string; readonly frames: readonly string[] } => {
  if (!(error instanceof Error)) return { errorName: typeof error, frames: [] };
  const frames = (error.stack ?? '')
    .split('\n')
    .map((frame) => frame.trim())
    .filter((frame) => /^at .*:\d+:\d+\)?$/.test(frame));
  return { errorName: error.name, frames };
};
