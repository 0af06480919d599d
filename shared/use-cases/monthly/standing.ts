import type { CityReportStanding } from '../../../workflows/city-report/signals.ts';
import type { FilingStanding } from '../../../workflows/monthly-filing/signals.ts';
import type { Instant } from '../../domain/calendar/instant.ts';
import { type Policy, policyOf } from '../../domain/calendar/policy.ts';
import type { CityReport } from '../../domain/city-report/city-report.ts';
import { type Filing, filingReminderAt } from '../../domain/filing/filing.ts';

/** @throws if the month names a policy that never was: a defect. */
export const filingPolicy = ({ policyVersion }: Pick<Filing, 'policyVersion'>): Policy => {
  const policy = policyOf(policyVersion);
  if (policy === undefined) throw new Error(`no policy has the version ${policyVersion}`);
  return policy;
};

/** Where a town's month stands, for its workflow. */
export const filingStandingOf = (filing: Filing, now: Instant): FilingStanding => {
  if (filing.completedAt !== undefined) return { stage: 'completed', waitUntil: null };
  if (!filing.reminded && now < filing.cutOffAt)
    return { stage: 'before-reminder', waitUntil: filingReminderAt(filing, filingPolicy(filing)) };
  return { stage: 'open', waitUntil: filing.cutOffAt };
};

/** Where a city report stands, for its workflow. */
export const cityReportStandingOf = (report: CityReport): CityReportStanding => ({
  stage: report.signed === undefined ? 'signature' : 'signed',
  tasks: report.tasks.map(({ taskId, wakeAt }) => ({ taskId, wakeAt })),
});
