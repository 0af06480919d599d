import type { RecordedActor } from '../access/actor.ts';
import type { DistrictCode } from '../access/identifiers.ts';
import type { OpenTask } from '../access/open-task.ts';
import type { Instant, YearMonth } from '../calendar/instant.ts';

/** `C-610302-2022-10`: the district's report 上报市级备案 on everything announced in one month. */
export type CityReportId = string & { readonly __brand: 'CityReportId' };

export const cityReportIdOf = (district: DistrictCode, month: YearMonth): CityReportId =>
  `C-${district}-${month}` as CityReportId;

export type ReportedCase = { readonly caseNumber: string; readonly people: number };

export type CityReportEvent =
  | {
      readonly type: 'city-report-prepared';
      readonly data: {
        readonly district: DistrictCode;
        /** The month that is reported on. */
        readonly month: YearMonth;
        readonly policyVersion: string;
        /** 24:00 of the day by which it must be signed. */
        readonly dueAt: Instant;
        readonly opens: readonly OpenTask[];
      };
    }
  | {
      /** Freezes the report; a month without a case gets a nil report 零报告. */
      readonly type: 'city-report-signed';
      readonly data: {
        readonly taskId: string;
        readonly cases: readonly ReportedCase[];
        readonly households: number;
        readonly people: number;
        readonly overdue: boolean;
        readonly opens: readonly OpenTask[];
      };
    }
  | {
      readonly type: 'signature-escalated';
      readonly data: { readonly taskId: string; readonly wakeAt: Instant };
    };

export type RecordedCityReportEvent = CityReportEvent & {
  readonly at: Instant;
  readonly actor: RecordedActor;
};
