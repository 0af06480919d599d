import { clock } from '../../runtime/aws/clock.ts';
import { store } from '../../runtime/aws/records.ts';
import { createHandler } from './handler.ts';

export const handler = createHandler({ store, clock });
