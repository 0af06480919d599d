import { house } from '../../runtime/aws/house.ts';
import { store } from '../../runtime/aws/records.ts';
import { createHandler } from './handler.ts';

export const handler = createHandler({ store, house });
