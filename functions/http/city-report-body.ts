import type * as z from 'zod/mini';
import type { getCityReportContract } from '../../shared/contracts/city-report.ts';
import { type CityReport, casesAsAmended } from '../../shared/domain/city-report/city-report.ts';

type ReportBody = NonNullable<z.input<typeof getCityReportContract.success.body>['report']>;

/** @returns a report as the API shows it: as signed, with its amendments, and as it reads with them. */
export const reportBody = (report: CityReport): ReportBody => {
  const { reportId, policyVersion, preparedAt, dueAt, tasks, signed, amendments } = report;
  const taskId = tasks[0]?.taskId;
  const asAmended = casesAsAmended(report);
  return {
    reportId,
    policyVersion,
    preparedAt,
    dueAt,
    ...(taskId === undefined ? {} : { taskId }),
    ...(signed === undefined
      ? {}
      : {
          signed: { ...signed, cases: [...signed.cases] },
          asAmended: {
            cases: [...asAmended],
            households: asAmended.length,
            people: asAmended.reduce((sum, { people }) => sum + people, 0),
          },
        }),
    amendments: amendments.map((amendment) => ({
      ...amendment,
      corrections: [...amendment.corrections],
    })),
  };
};
