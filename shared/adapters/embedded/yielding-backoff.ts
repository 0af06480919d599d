import { setImmediate } from 'node:timers/promises';
import type { Backoff } from '../../ports/backoff.ts';

/** One process, one writer at a time: letting the others finish their turn is all the waiting there is. */
export const yieldingBackoff: Backoff = async () => {
  await setImmediate();
};
