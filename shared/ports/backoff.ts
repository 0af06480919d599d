/** Waits a little before the `attempt`-th retry of a contended transaction (1 is the first retry). */
export type Backoff = (attempt: number) => Promise<void>;
