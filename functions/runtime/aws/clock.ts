import { systemClock } from '../../../shared/adapters/aws/system-clock.ts';
import type { Clock } from '../../../shared/ports/clock.ts';

export const clock: Clock = systemClock;
