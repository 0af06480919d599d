import type { Assignee, RecordedActor } from '../access/actor.ts';
import type { DistrictCode } from '../access/identifiers.ts';
import type { OpenTask } from '../access/open-task.ts';
import type { Instant, YearMonth } from '../calendar/instant.ts';

/** `C-610302-2022-10`: the district's report 上报市级备案 on everything announced in one month. */
export type CityReportId = string & { readonly __brand: 'CityReportId' };

export const cityReportIdOf = (district: DistrictCode, month: YearMonth): CityReportId =>
  `C-${district}-${month}` as CityReportId;

/** Why a signed report is amended. */
export type AmendmentReason = 'figure-wrong' | 'case-reported-in-error' | 'city-asks' | 'other';

/** How one reported case is to be read: with so many people, or (`null`) not at all. */
export type Correction = { readonly caseNumber: string; readonly people: number | null };

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
      readonly type: 'signature-reminded';
      readonly data: { readonly taskId: string; readonly wakeAt: Instant };
    }
  | {
      readonly type: 'signature-escalated';
      readonly data: {
        readonly taskId: string;
        readonly wakeAt: Instant;
        readonly reason: 'overdue' | 'office-vacant';
        readonly to: readonly Assignee[];
      };
    }
  | {
      /** 更正: what of the signed report is to be read otherwise from now on. */
      readonly type: 'city-report-amended';
      readonly data: {
        readonly number: number;
        readonly reason: AmendmentReason;
        readonly corrections: readonly Correction[];
        /** The document of the bureau that it follows. */
        readonly reference: string;
        /** As the report reads with it. */
        readonly households: number;
        readonly people: number;
      };
    };

export type RecordedCityReportEvent = CityReportEvent & {
  readonly at: Instant;
  readonly actor: RecordedActor;
};
