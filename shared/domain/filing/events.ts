import type { RecordedActor } from '../access/actor.ts';
import type { TownCode } from '../access/identifiers.ts';
import type { OpenTask } from '../access/open-task.ts';
import type { Instant, YearMonth } from '../calendar/instant.ts';

/** `F-610302101-2022-10`: the filing 上报备案 of one town for one month. */
export type FilingId = string & { readonly __brand: 'FilingId' };

export const filingIdOf = (town: TownCode, month: YearMonth): FilingId => `F-${town}-${month}` as FilingId;

export type FilingEvent =
  | {
      readonly type: 'filing-opened';
      readonly data: {
        readonly town: TownCode;
        readonly month: YearMonth;
        readonly policyVersion: string;
        /** 24:00 of the cut-off day. */
        readonly cutOffAt: Instant;
      };
    }
  | {
      /** One event whatever its size. Number 1 is the filing, later numbers are supplements of the same month. */
      readonly type: 'cases-filed';
      readonly data: {
        readonly number: number;
        readonly caseNumbers: readonly string[];
        /** From which every case's draw for the spot check follows. 64 hex digits. */
        readonly spotCheckSeed: string;
        readonly early: boolean;
      };
    }
  | {
      /** 提醒 of the town on the last working day before the cut-off; it stands in its inbox until the month is filed. */
      readonly type: 'filing-reminded';
      readonly data: { readonly opens: readonly OpenTask[] };
    }
  | {
      /** After the cut-off nothing joins this month any more. */
      readonly type: 'filing-completed';
      readonly data: { readonly filings: number; readonly cases: number };
    };

export type RecordedFilingEvent = FilingEvent & { readonly at: Instant; readonly actor: RecordedActor };
