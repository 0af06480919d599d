import type { RecordKey } from './record-store.ts';

/**
 * One item was written. Only its key is told: whoever is woken reads the store.
 * At least once, ordered per item only; the items of one transaction may arrive apart and interleaved.
 */
export type ChangeRecord = RecordKey & { readonly change: 'insert' | 'modify' | 'remove' };

/** The pulled form of the feed, as the embedded machine has it. (On AWS the table's stream pushes.) */
export type ChangeFeed = {
  /** @returns up to `limit` records not yet acknowledged; reading again before `acknowledge` gives them again. */
  read(limit: number): Promise<readonly FedChange[]>;
  acknowledge(positions: readonly number[]): Promise<void>;
};

export type FedChange = ChangeRecord & { readonly position: number };
