import { vault } from '../../runtime/aws/evidence.ts';
import { house } from '../../runtime/aws/house.ts';
import { store } from '../../runtime/aws/records.ts';
import { createHandler } from './handler.ts';

export const handler = createHandler({ store, vault, house });
