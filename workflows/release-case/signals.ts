import * as z from 'zod/mini';

/** What a `release-case` execution is started with. Nothing here may tell who the household is. */
export const releaseCaseInput = z.strictObject({
  caseNumber: z.string(),
  round: z.int().check(z.minimum(1)),
  attempt: z.int().check(z.minimum(1)),
});

/** The stages that a workflow can stand at; `superseded`: a later round or attempt goes on instead of this one. */
export const caseStages = [
  'request',
  'home-visit',
  'household-confirmation',
  'appraisal',
  'notice-posting',
  'notice',
  'objection-follow-up',
  'town-verification',
  'filing-confirmation',
  'filing',
  'department-comparison',
  'spot-check',
  'announcement',
  'leadership-filing',
  'system-marking',
  'city-report',
  'reported',
  'adjustment',
  're-report',
  'paused',
  'closed',
  'superseded',
] as const;

/**
 * Where a case stands, as its workflow needs to know it: the answer of `read-case-standing`, of every task that
 * records something, and of every human step (with it the relay resumes the execution).
 */
export const caseStanding = z.strictObject({
  stage: z.enum(caseStages),
  /** The open tasks of the stage; `wakeAt` is when the workflow looks again if nobody decided. */
  tasks: z.array(z.strictObject({ taskId: z.string(), wakeAt: z.string() })),
  /** While the stage waits for a day (notice, filing, city report): until when. Null elsewhere. */
  waitUntil: z.nullable(z.string()),
});
export type CaseStanding = z.infer<typeof caseStanding>;

/** Payload of `read-case-standing`, `conclude-notice`, `record-filing` and `record-city-report`; answer: {@link caseStanding}. */
export const caseRound = z.strictObject({ caseNumber: z.string(), round: z.int().check(z.minimum(1)) });
export type CaseRound = z.infer<typeof caseRound>;
