import type { CityReportStanding } from '../../../workflows/city-report/signals.ts';
import type { FilingStanding } from '../../../workflows/monthly-filing/signals.ts';
import type { CityReport } from '../../domain/city-report/city-report.ts';
import type { Filing } from '../../domain/filing/filing.ts';

/** Where a town's month stands, for its workflow. */
export const filingStandingOf = (filing: Filing): FilingStanding =>
  filing.completedAt === undefined
    ? { stage: 'open', waitUntil: filing.cutOffAt }
    : { stage: 'completed', waitUntil: null };

/** Where a city report stands, for its workflow. */
export const cityReportStandingOf = (report: CityReport): CityReportStanding => ({
  stage: report.signed === undefined ? 'signature' : 'signed',
  tasks: report.tasks.map(({ taskId, wakeAt }) => ({ taskId, wakeAt })),
});
