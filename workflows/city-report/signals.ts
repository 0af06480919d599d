import * as z from 'zod/mini';

/** What a `city-report` execution is started with: one district, the month that is reported on. */
export const cityReportInput = z.strictObject({
  district: z.string(),
  month: z.string(),
  attempt: z.int().check(z.minimum(1)),
});

/** Payload of `read-city-report-standing`. */
export const districtMonth = z.strictObject({ district: z.string(), month: z.string() });

/** Answer of `read-city-report-standing`, and of the human step that signs. */
export const cityReportStanding = z.strictObject({
  stage: z.enum(['signature', 'signed']),
  tasks: z.array(z.strictObject({ taskId: z.string(), wakeAt: z.string() })),
});
export type CityReportStanding = z.infer<typeof cityReportStanding>;
