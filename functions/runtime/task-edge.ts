import type * as z from 'zod/mini';
import { logDefect, logger, withoutMessage } from './defect-log.ts';
import type { LambdaContext } from './lambda.ts';

/** What workflows and schedules call. The payload is checked before anything else sees it. */
export type LambdaTaskHandler<Answer> = (payload: unknown, context: LambdaContext) => Promise<Answer>;

/** The caller sent what its signal does not allow: a defect of a state machine, which a retry does not mend. */
class PayloadInvalid extends Error {
  override readonly name = 'PayloadInvalid';
}

/**
 * Logs whatever goes wrong without what it went wrong on, and throws it on by name only: the message of an error ends
 * in the history of the execution and in the log of the runtime.
 */
const reportingDefects = async <Answer>(
  { awsRequestId }: LambdaContext,
  run: () => Promise<Answer>,
): Promise<Answer> => {
  try {
    return await run();
  } catch (error) {
    logDefect(awsRequestId, error);
    throw withoutMessage(error);
  }
};

/** A task of a workflow: checked by its signal, answered by its signal's type. */
export const taskHandler =
  <Payload, Answer>(
    signal: z.ZodMiniType<Payload>,
    run: (payload: Payload) => Promise<Answer>,
  ): LambdaTaskHandler<Answer> =>
  (payload, context) =>
    reportingDefects(context, async () => {
      const parsed = signal.safeParse(payload);
      if (!parsed.success) throw new PayloadInvalid();
      return run(parsed.data);
    });

/** A timer: its event says only that it is time. What was done is logged as numbers and names of executions. */
export const timerHandler =
  <Answer extends object>(run: () => Promise<Answer>): LambdaTaskHandler<Answer> =>
  (_event, context) =>
    reportingDefects(context, async () => {
      const done = await run();
      logger.info('done', { requestId: context.awsRequestId, done });
      return done;
    });
