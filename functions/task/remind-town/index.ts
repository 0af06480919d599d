import { clock } from '../../runtime/aws/clock.ts';
import { backoff, store } from '../../runtime/aws/records.ts';
import { createHandler } from './handler.ts';

export const handler = createHandler({ store, backoff, clock });
