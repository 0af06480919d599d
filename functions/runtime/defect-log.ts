import { Logger } from '@aws-lambda-powertools/logger';
import { errorNameOf } from '../../shared/use-cases/error-name.ts';

export const logger = new Logger({ serviceName: 'shouxian' });

/** What may be told of a defect: its name and where it happened. Its message may quote what it choked on. */
export type DefectTrace = { readonly name: string; readonly frames: readonly string[] };

const framesAtMost = 12;
const causesAtMost = 3;

/** The stack begins with the message, which may hold several lines, even such that look like frames. */
const framesOf = (error: Error): readonly string[] => {
  const { stack = '', message } = error;
  const begin = stack.indexOf(message);
  if (begin < 0) return [];
  return stack
    .slice(begin + message.length)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => /^at [^\n]+:\d+:\d+\)?$/.test(line))
    .slice(0, framesAtMost);
};

/** @returns names and stack frames of an error and of what caused it; never a message. */
export const defectTraces = (thrown: unknown): readonly DefectTrace[] => {
  const traces: DefectTrace[] = [];
  let next = thrown;
  while (next !== undefined && traces.length < causesAtMost) {
    if (!(next instanceof Error)) return [...traces, { name: typeof next, frames: [] }];
    traces.push({ name: errorNameOf(next), frames: framesOf(next) });
    next = next.cause;
  }
  return traces;
};

/** Writes a defect to the log without anything that came from outside. */
export const logDefect = (requestId: string, thrown: unknown): void =>
  logger.error('defect', { requestId, defect: defectTraces(thrown) });

/**
 * The same error without its message, to be thrown on to a service that keeps what it is told (the history of an
 * execution, the log of the runtime).
 */
export const withoutMessage = (thrown: unknown): Error => {
  const bare = new Error('see the log of the function');
  bare.name = errorNameOf(thrown);
  bare.stack = bare.name;
  return bare;
};
