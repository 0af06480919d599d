/** @returns the civil day in Shanghai, which has had no summer time since 1991. */
export const shanghaiDay = (instant: string): string =>
  new Date(Date.parse(instant) + 8 * 3_600_000).toISOString().slice(0, 10);

/** @returns the instant of a wall-clock time in Shanghai. */
export const shanghai = (day: string, time = '09:00'): string =>
  new Date(`${day}T${time}:00+08:00`).toISOString();
