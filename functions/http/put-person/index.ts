import { clock } from '../../runtime/aws/clock.ts';
import { house } from '../../runtime/aws/house.ts';
import { personalData } from '../../runtime/aws/personal-data.ts';
import { backoff, store } from '../../runtime/aws/records.ts';
import { createHandler } from './handler.ts';

export const handler = createHandler({ store, backoff, clock, personalData, house });
