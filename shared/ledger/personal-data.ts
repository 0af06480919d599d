import type { KeyVault } from '../ports/key-vault.ts';
import type { Json, RecordStore, RecordWrite } from '../ports/record-store.ts';
import { BoxDoesNotOpen, commitmentTo, openBox, sealBox } from './sealing.ts';

/**
 * What one data key protects: one household, the officers' names of one district, the workflow callbacks.
 * It is also the partition that the sealed items lie in.
 */
export type SealingScope = `HOUSEHOLD#${string}` | `PEOPLE#${string}` | 'CALLBACKS';

export type PersonalData = {
  /** Writes that create the scope's key, to go with the transaction that first needs it; none if it stands already. */
  prepare(scope: SealingScope): Promise<readonly RecordWrite[]>;
  /**
   * Seals `value` under `ref`; the ref must be new, or `rev` that of the item it replaces.
   * @returns the write for the caller's transaction, and the commitment for the chain.
   */
  seal(
    scope: SealingScope,
    ref: string,
    value: Json,
    rev?: number,
  ): Promise<{ readonly write: RecordWrite; readonly commitment: string }>;
  /** Seals `value` for an item of the caller's own; `place` must be the same when it is opened. */
  box(
    scope: SealingScope,
    place: string,
    value: Json,
  ): Promise<{ readonly box: string; readonly commitment: string }>;
  /** @throws BoxDoesNotOpen if the box was tampered with, or sealed for another place. */
  unbox(scope: SealingScope, place: string, box: string): Promise<Json>;
  /**
   * @returns what was sealed under `ref` with its revision; `undefined` if nothing was.
   * @throws BoxDoesNotOpen if it was tampered with, or its key is gone.
   */
  open(scope: SealingScope, ref: string): Promise<{ readonly value: Json; readonly rev: number } | undefined>;
  /** Whether what lies sealed under `ref` is still what the commitment in the chain was made to. */
  check(scope: SealingScope, ref: string, commitment: string): Promise<'holds' | 'missing' | 'altered'>;
};

/** Keys kept open in memory at most: a process serves few households at a time. */
const keysKept = 256;

const sealedKey = (scope: SealingScope, ref: string) => ({ pk: scope, sk: `SEALED#${ref}` });

/** @throws BoxDoesNotOpen also if it opens and holds no value: nobody of ours has sealed that. */
const openValue = (key: Uint8Array, place: string, box: string): Json => {
  const text = openBox(key, place, box);
  try {
    return JSON.parse(text) as Json;
  } catch {
    throw new BoxDoesNotOpen();
  }
};

export const createPersonalData = (store: RecordStore, keys: KeyVault): PersonalData => {
  const opened = new Map<SealingScope, Uint8Array>();
  // One key at most is ever prepared for a scope: of two requests at once, both seal under the one that is committed.
  const prepared = new Map<SealingScope, Promise<{ plaintext: Uint8Array; wrapped: string }>>();

  const keep = (scope: SealingScope, key: Uint8Array): Uint8Array => {
    const oldest = opened.keys().next();
    if (opened.size >= keysKept && oldest.done !== true) opened.delete(oldest.value);
    opened.set(scope, key);
    return key;
  };

  const storedKey = async (scope: SealingScope): Promise<Uint8Array | undefined> => {
    const kept = opened.get(scope);
    if (kept !== undefined) return kept;
    const record = await store.get({ pk: scope, sk: 'KEY' });
    if (record === undefined) return undefined;
    return keep(scope, await keys.openDataKey(scope, String(record.body['wrapped'])));
  };

  const keyOf = async (scope: SealingScope): Promise<Uint8Array | undefined> =>
    (await storedKey(scope)) ?? (await prepared.get(scope))?.plaintext;

  const box: PersonalData['box'] = async (scope, place, value) => {
    const key = await keyOf(scope);
    if (key === undefined) throw new Error('no key was prepared for this scope');
    return { box: sealBox(key, place, JSON.stringify(value)), commitment: commitmentTo(key, place, value) };
  };
  const unbox: PersonalData['unbox'] = async (scope, place, sealed) => {
    const key = await keyOf(scope);
    if (key === undefined) throw new BoxDoesNotOpen();
    return openValue(key, place, sealed);
  };

  return {
    box,
    unbox,
    async prepare(scope) {
      if ((await storedKey(scope)) !== undefined) {
        prepared.delete(scope);
        return [];
      }
      const preparing = prepared.get(scope) ?? keys.createDataKey(scope);
      prepared.set(scope, preparing);
      try {
        const { wrapped } = await preparing;
        return [{ kind: 'put', key: { pk: scope, sk: 'KEY' }, body: { wrapped }, expect: 'absent' }];
      } catch (error) {
        prepared.delete(scope);
        throw error;
      }
    },
    async seal(scope, ref, value, rev) {
      const { box: sealed, commitment } = await box(scope, `${scope}/${ref}`, value);
      const expect = rev === undefined ? 'absent' : { rev };
      return {
        write: { kind: 'put', key: sealedKey(scope, ref), body: { box: sealed }, expect },
        commitment,
      };
    },
    async open(scope, ref) {
      const record = await store.get(sealedKey(scope, ref));
      if (record === undefined) return undefined;
      return { value: await unbox(scope, `${scope}/${ref}`, String(record.body['box'])), rev: record.rev };
    },
    async check(scope, ref, commitment) {
      const record = await store.get(sealedKey(scope, ref));
      const key = await storedKey(scope);
      if (record === undefined || key === undefined) return 'missing';
      const place = `${scope}/${ref}`;
      try {
        const value = openValue(key, place, String(record.body['box']));
        return commitmentTo(key, place, value) === commitment ? 'holds' : 'altered';
      } catch (error) {
        if (error instanceof BoxDoesNotOpen) return 'altered';
        throw error;
      }
    },
  };
};
