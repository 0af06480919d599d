import { clock } from '../../runtime/aws/clock.ts';
import { executions } from '../../runtime/aws/executions.ts';
import { house } from '../../runtime/aws/house.ts';
import { store } from '../../runtime/aws/records.ts';
import { createHandler } from './handler.ts';

export const handler = createHandler({ store, clock, house, executions });
