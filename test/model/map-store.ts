import type {
  Expectation,
  JsonObject,
  RecordKey,
  RecordWrite,
  StoredRecord,
} from '../../shared/ports/record-store.ts';

/** A partition of the store: its items by their sort key. */
type Partition = Map<string, StoredRecord>;

/** A store of maps whose transaction is all or nothing, for sequences by the ten thousand: nothing in it waits. */
export type MapStore = {
  readonly get: (key: RecordKey) => StoredRecord | undefined;
  readonly partitions: ReadonlyMap<string, Partition>;
  /** @returns whether every expectation held; if not, nothing was written. */
  readonly transact: (writes: readonly RecordWrite[]) => boolean;
};

export const createMapStore = (): MapStore => {
  const partitions = new Map<string, Partition>();
  const get = ({ pk, sk }: RecordKey): StoredRecord | undefined => partitions.get(pk)?.get(sk);
  const holds = (key: RecordKey, expect: Expectation): boolean =>
    get(key)?.rev === (expect === 'absent' ? undefined : expect.rev);
  const put = ({ pk, sk }: RecordKey, body: JsonObject): void => {
    const partition = partitions.get(pk) ?? new Map<string, StoredRecord>();
    partitions.set(pk, partition);
    partition.set(sk, { pk, sk, rev: (partition.get(sk)?.rev ?? 0) + 1, body });
  };
  return {
    get,
    partitions,
    transact: (writes) => {
      if (new Set(writes.map(({ key }) => `${key.pk} ${key.sk}`)).size < writes.length)
        throw new Error('one item twice in one transaction');
      if (!writes.every(({ key, expect }) => holds(key, expect))) return false;
      for (const write of writes) {
        if (write.kind === 'put') put(write.key, write.body);
        if (write.kind === 'delete') partitions.get(write.key.pk)?.delete(write.key.sk);
      }
      return true;
    },
  };
};
