import type { CivilDate } from '../../shared/domain/calendar/instant.ts';
import { addDays, isWorkingDay } from '../../shared/domain/calendar/legal-time.ts';

/** @returns every day from `from` to `to`, both included, and whether people work on it. */
export const daysBetween = (
  from: string,
  to: string,
): readonly { readonly day: string; readonly working: boolean }[] => {
  const days: { day: string; working: boolean }[] = [];
  for (let day = from as CivilDate; day <= to; day = addDays(day, 1))
    days.push({ day, working: isWorkingDay(day).working });
  return days;
};
