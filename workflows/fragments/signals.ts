import * as z from 'zod';

/** Payload of `await-step`: stored, and answered much later through the token. */
export const awaitStep = z.strictObject({ taskId: z.string(), token: z.string() });
export type AwaitStep = z.infer<typeof awaitStep>;

/** Payload of `escalate-step`. */
export const escalateStep = z.strictObject({ taskId: z.string() });
export type EscalateStep = z.infer<typeof escalateStep>;

/** Answer of `escalate-step`: strictly later than the time at which it was asked. */
export const stepEscalated = z.strictObject({ wakeAt: z.string() });
export type StepEscalated = z.infer<typeof stepEscalated>;
