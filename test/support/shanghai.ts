import { type Instant, parseInstant } from '../../shared/domain/calendar/instant.ts';

/** The instant at which clocks in Shanghai show `2022-09-28 10:00` (seconds and milliseconds may follow); an instant is itself. */
export const shanghai = (text: string): Instant => {
  const instant = parseInstant(text.endsWith('Z') ? text : `${text.replace(' ', 'T')}+08:00`);
  if (instant === undefined) throw new RangeError(`${text} is no time of day`);
  return instant;
};
