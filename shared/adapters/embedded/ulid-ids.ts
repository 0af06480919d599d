import { randomBytes } from 'node:crypto';
import { ulid } from 'ulid';
import type { Ids } from '../../ports/ids.ts';

export const ulidIds: Ids = {
  newId: () => ulid(),
  newSeed: () => randomBytes(32).toString('hex'),
};
