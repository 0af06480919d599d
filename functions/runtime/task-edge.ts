import type { Context } from 'aws-lambda';
import type * as z from 'zod';
import type { FunctionName } from '../manifest.ts';
import { log, traceOf } from './log.ts';

/** What a workflow, a timer or the embedded machine calls. */
export type TaskHandler<Result> = (payload: unknown, context: Context) => Promise<Result>;

/**
 * A defect on its way to whoever called: by name only. The caller keeps errors in histories, where nothing personal
 * may stand; the name is what its retries go by.
 */
const withoutMessage = (error: unknown): Error => {
  const bare = new Error('see the log of the function');
  bare.name = error instanceof Error ? error.name : 'UnknownError';
  bare.stack = `${bare.name}: ${bare.message}`;
  return bare;
};

/** Logs a defect without personal data. @throws the error without its message. */
export const guarded = async <Result>(
  name: FunctionName,
  requestId: string,
  work: () => Promise<Result>,
): Promise<Result> => {
  try {
    return await work();
  } catch (error) {
    log.error('task-failed', { function: name, requestId, ...traceOf(error) });
    throw withoutMessage(error);
  }
};

/**
 * A task of a workflow: the payload is checked against the signal, and what `run` answers goes back as it is.
 * @throws on a payload of another shape and on any defect: the workflow retries, then ends where an operator sees it.
 */
export const createTaskHandler =
  <Payload, Result>(
    name: FunctionName,
    payloadSchema: z.ZodType<Payload>,
    run: (payload: Payload) => Promise<Result>,
  ): TaskHandler<Result> =>
  async (payload, context) =>
    guarded(name, context.awsRequestId, async () => run(payloadSchema.parse(payload)));

/** What a schedule calls; it says nothing but that it is time. */
export const createTimerHandler =
  <Result>(name: FunctionName, run: () => Promise<Result>): TaskHandler<Result> =>
  async (_event, context) =>
    guarded(name, context.awsRequestId, run);
