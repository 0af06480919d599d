import type { RecordedActor } from '../access/actor.ts';
import type { Instant } from '../calendar/instant.ts';
import type { ReleaseEvent } from './events.ts';

/** An event with what the ledger adds to it: when it was committed and who stands behind it. */
export type RecordedReleaseEvent = ReleaseEvent & { readonly at: Instant; readonly actor: RecordedActor };
