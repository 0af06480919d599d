import * as z from 'zod/mini';

/**
 * Payload of `await-step`: stored, and answered much later through the token. When the state was entered, and how often
 * it was tried again since, tell which of two tokens is the newer one: calls can overtake each other.
 */
export const awaitStep = z.strictObject({
  taskId: z.string(),
  token: z.string(),
  enteredAt: z.string(),
  retry: z.int().check(z.minimum(0)),
});
export type AwaitStep = z.infer<typeof awaitStep>;

/** Payload of `escalate-step`. */
export const escalateStep = z.strictObject({ taskId: z.string() });
export type EscalateStep = z.infer<typeof escalateStep>;

/** Answer of `escalate-step`: strictly later than the time at which it was asked. */
export const stepEscalated = z.strictObject({ wakeAt: z.string() });
export type StepEscalated = z.infer<typeof stepEscalated>;

/** How the cause of an execution that needs an operator goes on after the name of the state. */
export const couldNotBeCarriedOut =
  ' could not be carried out; the execution history and the logs of its function say why';

/** @returns the name of the state in such a cause; `undefined` for any other text. */
export const failedStateIn = (cause: string): string | undefined => {
  const state = cause.slice(0, -couldNotBeCarriedOut.length);
  return cause.endsWith(couldNotBeCarriedOut) && /^\w{1,80}$/.test(state) ? state : undefined;
};
