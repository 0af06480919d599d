/** Text, numbers, booleans, null, and lists and maps of them: what both stores keep unchanged. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };
export type JsonObject = { readonly [name: string]: Json };

/** Partition and sort key: printable ASCII, 1 to 1,024 bytes each. Keys never hold personal data: the feed shows them. */
export type RecordKey = { readonly pk: string; readonly sk: string };

/** A stored item. `rev` is 1 when the item is first written and grows by one with every overwrite. */
export type StoredRecord = RecordKey & { readonly rev: number; readonly body: JsonObject };

/** What must hold of an item at the moment the transaction commits. There is no unconditional write. */
export type Expectation = 'absent' | { readonly rev: number };

export type RecordWrite =
  | { readonly kind: 'put'; readonly key: RecordKey; readonly body: JsonObject; readonly expect: Expectation }
  | { readonly kind: 'delete'; readonly key: RecordKey; readonly expect: { readonly rev: number } }
  | { readonly kind: 'check'; readonly key: RecordKey; readonly expect: Expectation };

/** `unmet`: these writes (by index) found their expectation false. `contended`: another transaction was in the way; read again and retry. */
export type TransactionResult =
  | { readonly committed: true }
  | { readonly committed: false; readonly reason: 'unmet'; readonly indexes: readonly number[] }
  | { readonly committed: false; readonly reason: 'contended' };

export type RecordQuery = {
  readonly pk: string;
  /** Only sort keys that begin with this text. */
  readonly prefix?: string;
  /** Sort keys strictly after this one (before it, when `descending`). */
  readonly after?: string;
  readonly descending?: boolean;
  /** Items at most in this page, 1 to 1,000. A page also ends at 1 MB. */
  readonly limit: number;
};

/** `next` is the sort key to pass as `after`; absent when nothing follows. */
export type RecordPage = { readonly records: readonly StoredRecord[]; readonly next?: string };

/**
 * The small store that the ledger and the registers are written above. Every read is consistent.
 * Both adapters refuse what DynamoDB refuses (see {@link storeLimits}) by throwing {@link StoreLimitExceeded}.
 */
export type RecordStore = {
  get(key: RecordKey): Promise<StoredRecord | undefined>;
  query(query: RecordQuery): Promise<RecordPage>;
  /** All of the writes or none. @throws StoreLimitExceeded before anything is sent. */
  transact(writes: readonly RecordWrite[]): Promise<TransactionResult>;
};

export const storeLimits = {
  itemsPerTransaction: 100,
  bytesPerTransaction: 4 * 1024 * 1024,
  bytesPerItem: 400 * 1024,
  itemsPerPage: 1000,
  keyLengthAtMost: 1024,
  bytesPerPage: 1024 * 1024,
  /** Lists and maps within each other, the body itself being the first. (DynamoDB: 32 with the item around them.) */
  nestingLevels: 31,
  /** The range of DynamoDB's numbers, which is narrower than that of JavaScript's; 0 beside it. */
  smallestNumber: 1e-130,
  largestNumber: 9.9999999999999e125,
} as const;

/** A defect of the caller, never of the user: a transaction that no store may take. */
export class StoreLimitExceeded extends Error {
  override readonly name = 'StoreLimitExceeded';
  readonly limit: 'items' | 'bytes' | 'item-bytes' | 'item-twice' | 'key' | 'value' | 'page';
  constructor(limit: StoreLimitExceeded['limit'], detail: string) {
    super(`${limit}: ${detail}`);
    this.limit = limit;
  }
}
