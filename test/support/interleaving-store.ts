import type { RecordStore, RecordWrite } from '../../shared/ports/record-store.ts';

/** A store whose next matching transaction waits until something else has happened, then goes on. */
export type InterleavingStore = {
  readonly around: (store: RecordStore) => RecordStore;
  /** Before the next transaction that writes a key with this beginning of its partition, `meanwhile` happens. */
  readonly before: (partition: string, meanwhile: () => Promise<unknown>) => void;
};

export const createInterleavingStore = (): InterleavingStore => {
  let armed: { readonly partition: string; readonly meanwhile: () => Promise<unknown> } | undefined;
  return {
    before: (partition, meanwhile) => {
      armed = { partition, meanwhile };
    },
    around: (store) => ({
      ...store,
      transact: async (writes: readonly RecordWrite[]) => {
        const now = armed;
        if (now !== undefined && writes.some(({ key }) => key.pk.startsWith(now.partition))) {
          armed = undefined;
          await now.meanwhile();
        }
        return store.transact(writes);
      },
    }),
  };
};
