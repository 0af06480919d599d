import { recordBytes } from './record-size.ts';
import { type RecordPage, type RecordQuery, type StoredRecord, storeLimits } from './record-store.ts';

const { keyLengthAtMost } = storeLimits;

/**
 * Where a query begins: `after` is named only if it lies among the keys with the prefix and some of them follow it,
 * since DynamoDB refuses a starting key outside of the range that is asked for, or at its very end.
 * @returns `undefined` when `after` lies behind everything that the query could give.
 */
export const rangeOf = ({
  prefix = '',
  after,
  descending = false,
}: RecordQuery): { readonly prefix: string; readonly after?: string } | undefined => {
  if (after === undefined) return { prefix };
  // Nothing comes before the prefix itself, and nothing with it after the longest of keys.
  if (after === prefix && (descending || prefix.length === keyLengthAtMost)) return undefined;
  if (after.startsWith(prefix)) return { prefix, after };
  return after < prefix === descending ? undefined : { prefix };
};

/** Gathers one page: up to `limit` records or 1 MB, whichever comes first, the same in every store. */
export const gatherPage = (limit: number) => {
  const records: StoredRecord[] = [];
  let bytes = 0;
  let next: string | undefined;
  return {
    /** @returns false once a record no longer fits: the page is full, and more follows. */
    take(record: StoredRecord): boolean {
      bytes += recordBytes(record);
      const last = records.at(-1);
      if (last !== undefined && (records.length === limit || bytes > storeLimits.bytesPerPage)) {
        next = last.sk;
        return false;
      }
      records.push(record);
      return true;
    },
    page: (): RecordPage => (next === undefined ? { records } : { records, next }),
  };
};
