import type { RecordedActor } from '../domain/access/actor.ts';
import type { Instant } from '../domain/calendar/instant.ts';
import type { JsonObject } from '../ports/record-store.ts';
import { fingerprintOf } from './canonical.ts';

/** One fact of one stream, as it is kept. `hash` covers every other member, and through `prev` all facts before it. */
export type ChainedEvent = {
  readonly stream: string;
  /** 1, 2, 3, … without a gap. */
  readonly seq: number;
  readonly type: string;
  readonly data: JsonObject;
  readonly at: Instant;
  readonly actor: RecordedActor;
  /** The hash of the event before; 64 zeros for the first. */
  readonly prev: string;
  readonly hash: string;
};

export const chainStart = '0'.repeat(64);

/** @returns the event with its place in the chain. */
export const chained = (event: Omit<ChainedEvent, 'hash'>): ChainedEvent => {
  const { stream, seq, type, data, at, actor, prev } = event;
  return { ...event, hash: fingerprintOf({ stream, seq, type, data, at, actor, prev }) };
};

/**
 * Walks a whole stream in order.
 * @returns what is wrong, as codes with the sequence number; empty when every link holds.
 */
export const chainProblems = (stream: string, events: readonly ChainedEvent[]): string[] => {
  const problems: string[] = [];
  let prev = chainStart;
  let at = '';
  for (const [index, event] of events.entries()) {
    if (event.seq !== index + 1) problems.push(`sequence-broken:${index + 1}`);
    if (event.stream !== stream) problems.push(`foreign-event:${event.seq}`);
    if (event.prev !== prev) problems.push(`link-broken:${event.seq}`);
    if (chained(event).hash !== event.hash) problems.push(`content-altered:${event.seq}`);
    if (event.at < at) problems.push(`time-runs-back:${event.seq}`);
    prev = event.hash;
    at = event.at;
  }
  return problems;
};
