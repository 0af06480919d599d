import { ulidIds } from '../../../shared/adapters/aws/ulid-ids.ts';
import type { Ids } from '../../../shared/ports/ids.ts';

export const ids: Ids = ulidIds;
