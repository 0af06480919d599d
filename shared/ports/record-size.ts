import {
  type Json,
  type RecordKey,
  type RecordWrite,
  StoreLimitExceeded,
  storeLimits,
} from './record-store.ts';

const utf8 = new TextEncoder();
const bytesOf = (text: string): number => utf8.encode(text).length;

/** DynamoDB's arithmetic: text in UTF-8, up to 21 bytes a number, 3 bytes a list or map and 1 for each member. */
const valueBytes = (value: Json): number => {
  if (value === null || typeof value === 'boolean') return 1;
  if (typeof value === 'string') return bytesOf(value);
  if (typeof value === 'number') return Math.min(21, Math.ceil(String(Math.abs(value)).length / 2) + 2);
  const members = Array.isArray(value)
    ? value.map((member: Json) => valueBytes(member))
    : memberBytes(value as { readonly [name: string]: Json });
  return 3 + members.reduce((sum, bytes) => sum + bytes + 1, 0);
};

const memberBytes = (map: { readonly [name: string]: Json }): number[] =>
  Object.entries(map).map(([name, value]) => bytesOf(name) + valueBytes(value));

/** @returns the size in bytes that the store counts for an item: names and values of `pk`, `sk`, `rev` and `body`. */
export const recordBytes = ({ pk, sk, body }: RecordKey & { readonly body: Json }): number =>
  'pk'.length +
  bytesOf(pk) +
  'sk'.length +
  bytesOf(sk) +
  'rev'.length +
  21 +
  'body'.length +
  valueBytes(body);

/** @throws StoreLimitExceeded for a key that is not 1 to 1,024 printable ASCII characters. */
export const checkKey = ({ pk, sk }: RecordKey): void => {
  for (const part of [pk, sk]) {
    if (!/^[\x20-\x7e]{1,1024}$/.test(part))
      throw new StoreLimitExceeded('key', 'not 1 to 1,024 printable ASCII characters');
  }
};

/** @throws StoreLimitExceeded for a transaction that DynamoDB would refuse, before anything is sent. */
export const checkTransaction = (writes: readonly RecordWrite[]): void => {
  const { itemsPerTransaction, bytesPerTransaction, bytesPerItem } = storeLimits;
  if (writes.length === 0 || writes.length > itemsPerTransaction) {
    throw new StoreLimitExceeded('items', `${writes.length} of 1 to ${itemsPerTransaction}`);
  }
  const seen = new Set<string>();
  let total = 0;
  for (const write of writes) {
    checkKey(write.key);
    const identity = `${write.key.pk}\n${write.key.sk}`;
    if (seen.has(identity)) throw new StoreLimitExceeded('item-twice', `${write.key.pk} / ${write.key.sk}`);
    seen.add(identity);
    if (write.kind !== 'put') continue;
    const bytes = recordBytes({ ...write.key, body: write.body });
    if (bytes > bytesPerItem) throw new StoreLimitExceeded('item-bytes', `${bytes} of ${bytesPerItem}`);
    total += bytes;
  }
  if (total > bytesPerTransaction)
    throw new StoreLimitExceeded('bytes', `${total} of ${bytesPerTransaction}`);
};
