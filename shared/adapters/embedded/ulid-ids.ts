import { randomBytes } from 'node:crypto';
import { monotonicFactory } from 'ulid';
import type { Ids } from '../../ports/ids.ts';

/** Within one process a later id sorts after an earlier one, even in the same millisecond. */
const nextUlid = monotonicFactory();

export const ulidIds: Ids = {
  newId: () => nextUlid(),
  newSeed: () => randomBytes(32).toString('hex'),
};
