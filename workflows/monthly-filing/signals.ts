import * as z from 'zod/mini';

/** What a `monthly-filing` execution is started with: one town, one month. */
export const monthlyFilingInput = z.strictObject({
  town: z.string(),
  month: z.string(),
  attempt: z.int().check(z.minimum(1)),
});

/** Payload of `read-filing-standing`, `remind-town` and `complete-filing`. */
export const townMonth = z.strictObject({ town: z.string(), month: z.string() });

/** Answer of all. Until the town was reminded: when to remind it; then, while the month is open: the cut-off to wait for. */
export const filingStanding = z.strictObject({
  stage: z.enum(['before-reminder', 'open', 'completed']),
  waitUntil: z.nullable(z.string()),
});
export type FilingStanding = z.infer<typeof filingStanding>;
