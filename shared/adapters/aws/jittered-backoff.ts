import { setTimeout } from 'node:timers/promises';
import type { Backoff } from '../../ports/backoff.ts';

const firstCeilingMillis = 20;
const lastCeilingMillis = 500;

/**
 * "Full jitter": anything from 0 up to a ceiling that doubles from 20 to 500 ms, so that the writers of one busy item
 * drift apart. The forty attempts of a commit then stay well below a function's timeout of 30 s.
 * @param chance from 0 up to 1.
 * @returns milliseconds to wait before the `attempt`-th retry.
 */
export const jitteredMillis = (attempt: number, chance: number): number =>
  Math.floor(chance * Math.min(lastCeilingMillis, firstCeilingMillis * 2 ** (attempt - 1)));

export const jitteredBackoff: Backoff = async (attempt) => {
  await setTimeout(jitteredMillis(attempt, Math.random()));
};
