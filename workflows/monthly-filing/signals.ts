import * as z from 'zod';

/** What a `monthly-filing` execution is started with: one town, one month. */
export const monthlyFilingInput = z.strictObject({
  town: z.string(),
  month: z.string(),
  attempt: z.int().min(1),
});

/** Payload of `read-filing-standing` and `complete-filing`. */
export const townMonth = z.strictObject({ town: z.string(), month: z.string() });

/** Answer of both. While it is open: the cut-off to wait for. */
export const filingStanding = z.strictObject({
  stage: z.enum(['open', 'completed']),
  waitUntil: z.string().nullable(),
});
export type FilingStanding = z.infer<typeof filingStanding>;
