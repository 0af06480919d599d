import * as z from 'zod';

/**
 * Payload of `await-step`: stored, and answered much later through the token. When the state was entered, and how often
 * it was tried again since, tell which of two tokens is the newer one: calls can overtake each other.
 */
export const awaitStep = z.strictObject({
  taskId: z.string(),
  token: z.string(),
  enteredAt: z.string(),
  retry: z.int().min(0),
});
export type AwaitStep = z.infer<typeof awaitStep>;

/** Payload of `escalate-step`. */
export const escalateStep = z.strictObject({ taskId: z.string() });
export type EscalateStep = z.infer<typeof escalateStep>;

/** Answer of `escalate-step`: strictly later than the time at which it was asked. */
export const stepEscalated = z.strictObject({ wakeAt: z.string() });
export type StepEscalated = z.infer<typeof stepEscalated>;
