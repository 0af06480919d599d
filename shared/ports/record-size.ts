import {
  type Json,
  type RecordKey,
  type RecordQuery,
  type RecordWrite,
  StoreLimitExceeded,
  storeLimits,
} from './record-store.ts';

const bytesOf = (text: string): number => Buffer.byteLength(text, 'utf8');

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

const refuseValue = (detail: string): never => {
  throw new StoreLimitExceeded('value', detail);
};

const checkText = (text: string): void => {
  if (!text.isWellFormed()) refuseValue('text with half a surrogate pair');
};

const checkNumber = (value: number): void => {
  const { smallestNumber, largestNumber } = storeLimits;
  const size = Math.abs(value);
  if (!(size === 0 || (size >= smallestNumber && size <= largestNumber))) refuseValue(`the number ${value}`);
};

const checkName = (name: string): void => {
  checkText(name);
  if (name === '') refuseValue('a member without a name');
};

/** @throws StoreLimitExceeded for a value that DynamoDB would refuse, or give back changed. */
const checkValue = (value: Json, level: number): void => {
  if (typeof value === 'string') checkText(value);
  if (typeof value === 'number') checkNumber(value);
  if (typeof value !== 'object' || value === null) return;
  if (level > storeLimits.nestingLevels) refuseValue(`nested more than ${storeLimits.nestingLevels} levels`);
  for (const [name, member] of Object.entries(value)) {
    if (!Array.isArray(value)) checkName(name);
    checkValue(member as Json, level + 1);
  }
};

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

/** A write's condition counts too (Amazon's own DynamoDB Local says so): the longest is `rev = :rev` with its number. */
const conditionBytes = 40;

/** @returns the size in bytes that a write adds to its transaction. */
export const writeBytes = (write: RecordWrite): number =>
  conditionBytes +
  (write.kind === 'put'
    ? recordBytes({ ...write.key, body: write.body })
    : 'pk'.length + bytesOf(write.key.pk) + 'sk'.length + bytesOf(write.key.sk));

/** @throws StoreLimitExceeded for a key that is not 1 to 1,024 printable ASCII characters. */
export const checkKey = ({ pk, sk }: RecordKey): void => {
  for (const part of [pk, sk]) {
    if (!/^[\x20-\x7e]{1,1024}$/.test(part))
      throw new StoreLimitExceeded('key', 'not 1 to 1,024 printable ASCII characters');
  }
};

/** @throws StoreLimitExceeded for a query that DynamoDB would refuse. */
export const checkQuery = ({ pk, prefix = '', after, limit }: RecordQuery): void => {
  checkKey({ pk, sk: after ?? 'any' });
  if (prefix !== '') checkKey({ pk, sk: prefix });
  if (!Number.isInteger(limit) || limit < 1 || limit > storeLimits.itemsPerPage) {
    throw new StoreLimitExceeded('page', `${limit} of 1 to ${storeLimits.itemsPerPage}`);
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
    if (write.kind === 'put') checkValue(write.body, 1);
    const bytes = writeBytes(write);
    if (write.kind === 'put' && bytes - conditionBytes > bytesPerItem)
      throw new StoreLimitExceeded('item-bytes', `${bytes - conditionBytes} of ${bytesPerItem}`);
    total += bytes;
  }
  if (total > bytesPerTransaction)
    throw new StoreLimitExceeded('bytes', `${total} of ${bytesPerTransaction}`);
};
