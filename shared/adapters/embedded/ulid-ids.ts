import { randomBytes, randomInt } from 'node:crypto';
import { monotonicFactory } from 'ulid';
import type { Ids } from '../../ports/ids.ts';

const steps = 2 ** 32;

/**
 * Within one process a later id sorts after an earlier one, even in the same millisecond. Chance comes from Node's pool:
 * left to itself the package asks the system once for each of 16 digits.
 */
const nextUlid = monotonicFactory(() => randomInt(steps) / steps);

export const ulidIds: Ids = {
  newId: () => nextUlid(),
  newSeed: () => randomBytes(32).toString('hex'),
};
