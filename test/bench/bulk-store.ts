import type { DatabaseSync } from 'node:sqlite';
import { prepared, withTransaction } from '../../shared/adapters/embedded/database.ts';
import { createSqliteRecordStore } from '../../shared/adapters/embedded/sqlite-record-store.ts';
import type { RecordStore, StoredRecord } from '../../shared/ports/record-store.ts';

/**
 * A store for seeding only: it keeps what is written and brings it to the file in one transaction, without a line in
 * the feed. What it writes is what the use cases planned, at the revisions that they expected.
 */
export const createBulkStore = (
  db: DatabaseSync,
): { readonly store: RecordStore; readonly flush: (along: () => void) => void } => {
  const sqlite = createSqliteRecordStore(db);
  const kept = new Map<string, StoredRecord | undefined>();
  const placeOf = ({ pk, sk }: { readonly pk: string; readonly sk: string }): string => `${pk}\n${sk}`;
  const store: RecordStore = {
    get: async (key) => (kept.has(placeOf(key)) ? kept.get(placeOf(key)) : sqlite.get(key)),
    query: () => {
      throw new Error('nothing is listed while seeding');
    },
    transact: async (writes) => {
      for (const { key, ...write } of writes) {
        if (write.kind === 'delete') kept.set(placeOf(key), undefined);
        if (write.kind !== 'put') continue;
        const rev = write.expect === 'absent' ? 1 : write.expect.rev + 1;
        kept.set(placeOf(key), { ...key, rev, body: write.body });
      }
      return { committed: true };
    },
  };
  const flush = (along: () => void): void => {
    withTransaction(db, () => {
      for (const record of kept.values()) {
        if (record === undefined) continue;
        prepared(db, 'INSERT OR REPLACE INTO items (pk, sk, rev, body) VALUES (?, ?, ?, ?)').run(
          record.pk,
          record.sk,
          record.rev,
          JSON.stringify(record.body),
        );
      }
      along();
    });
    kept.clear();
  };
  return { store, flush };
};
