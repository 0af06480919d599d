import { instantFromMillis } from '../../domain/calendar/instant.ts';
import type { Clock } from '../../ports/clock.ts';

/** The machine's own time. */
export const systemClock: Clock = { now: () => instantFromMillis(Date.now()) };
