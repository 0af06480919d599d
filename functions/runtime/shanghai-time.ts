import { type Instant, millisOf } from '../../shared/domain/calendar/instant.ts';

const clock = new Intl.DateTimeFormat('sv-SE', {
  timeZone: 'Asia/Shanghai',
  dateStyle: 'short',
  timeStyle: 'medium',
});

/** @returns the instant as people in the district read it, `YYYY-MM-DDTHH:mm:ss+08:00`; it has had that offset since 1991. */
export const shanghaiTime = (instant: Instant): string =>
  `${clock.format(millisOf(instant)).replace(' ', 'T')}+08:00`;
