import {
  type RecordKey,
  type RecordStore,
  type RecordWrite,
  type StoredRecord,
  StoreLimitExceeded,
} from '../../shared/ports/record-store.ts';

/** The record store in the plainest words: a map, and one page cut out of a sorted list. It knows no megabytes. */
export const createModelStore = (): RecordStore => {
  const records = new Map<string, StoredRecord>();
  const nameOf = ({ pk, sk }: RecordKey): string => JSON.stringify([pk, sk]);
  const revOf = (at: RecordKey): number | undefined => records.get(nameOf(at))?.rev;

  const holds = ({ key, expect }: RecordWrite): boolean =>
    revOf(key) === (expect === 'absent' ? undefined : expect.rev);

  return {
    async get(key) {
      return records.get(nameOf(key));
    },
    async query({ pk, prefix = '', after, descending = false, limit }) {
      const rows = [...records.values()]
        .filter((record) => record.pk === pk && record.sk.startsWith(prefix))
        .toSorted((a, b) => (a.sk < b.sk ? -1 : 1));
      if (descending) rows.reverse();
      const rest = rows.filter(({ sk }) => after === undefined || (descending ? sk < after : sk > after));
      const page = rest.slice(0, limit);
      const last = page.at(-1);
      return rest.length > limit && last !== undefined ? { records: page, next: last.sk } : { records: page };
    },
    async transact(writes) {
      const twice = writes.find(({ key }, index) =>
        writes.some((other, place) => place < index && nameOf(other.key) === nameOf(key)),
      );
      if (twice !== undefined)
        throw new StoreLimitExceeded('item-twice', `${twice.key.pk} / ${twice.key.sk}`);
      const indexes = writes.flatMap((write, index) => (holds(write) ? [] : [index]));
      if (indexes.length > 0) return { committed: false, reason: 'unmet', indexes };
      for (const write of writes) {
        if (write.kind === 'delete') records.delete(nameOf(write.key));
        if (write.kind === 'put') {
          const rev = (revOf(write.key) ?? 0) + 1;
          records.set(nameOf(write.key), { ...write.key, rev, body: write.body });
        }
      }
      return { committed: true };
    },
  };
};
