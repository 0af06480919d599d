import { house } from '../../runtime/aws/house.ts';
import { personalData } from '../../runtime/aws/personal-data.ts';
import { store } from '../../runtime/aws/records.ts';
import { createHandler } from './handler.ts';

export const handler = createHandler({ store, house, personalData });
