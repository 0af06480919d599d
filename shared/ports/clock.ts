import type { Instant } from '../domain/calendar/instant.ts';

/** The only source of "now". */
export type Clock = { now(): Instant };
