import type { Level } from '../access/actor.ts';
import type { DepartmentId, GroupCode, HouseholdId, PersonId } from '../access/identifiers.ts';
import type { CivilDate, Instant, YearMonth } from '../calendar/instant.ts';
import type { CaseEndReason, FailedMeasure, PauseCause, ReleaseTask, RoundEndReason } from './events.ts';
import type { MeasureFact } from './facts.ts';
import type { CaseNumber, NoticeId, ObjectionId } from './identifiers.ts';

export type Objection = {
  readonly objectionId: ObjectionId;
  readonly status: 'filed' | 'investigated' | 'dismissed' | 'upheld';
};

/** Where a case stands. Each stage carries exactly what is needed there. */
export type Stage =
  | { readonly name: 'request' }
  | { readonly name: 'home-visit' }
  | { readonly name: 'household-confirmation' }
  | { readonly name: 'appraisal' }
  | { readonly name: 'notice-posting' }
  | {
      readonly name: 'notice';
      readonly noticeId: NoticeId;
      readonly postedAt: Instant;
      readonly lastDay: CivilDate;
      readonly endsAt: Instant;
      readonly objections: readonly Objection[];
    }
  | { readonly name: 'objection-follow-up'; readonly objectionId: ObjectionId }
  | { readonly name: 'town-verification' }
  | { readonly name: 'filing-confirmation'; readonly filingMonth: YearMonth; readonly cutOffAt: Instant }
  | { readonly name: 'filing'; readonly filingMonth: YearMonth; readonly cutOffAt: Instant }
  | {
      readonly name: 'department-comparison';
      readonly filingMonth: YearMonth;
      readonly spotCheckSeed: string;
      readonly spotCheckDraw: number;
      readonly asked: readonly DepartmentId[];
      readonly answered: readonly DepartmentId[];
      /** Departments that said no, and the measures of theirs that failed. */
      readonly refused: readonly DepartmentId[];
      readonly failedMeasureIds: readonly string[];
    }
  | { readonly name: 'spot-check'; readonly filingMonth: YearMonth; readonly sampled: boolean }
  | { readonly name: 'announcement' }
  | {
      readonly name: 'leadership-filing';
      readonly cityReportMonth: YearMonth;
      readonly cityReportDueAt: Instant;
    }
  | {
      readonly name: 'system-marking';
      readonly cityReportMonth: YearMonth;
      readonly cityReportDueAt: Instant;
    }
  | { readonly name: 'city-report'; readonly cityReportMonth: YearMonth; readonly cityReportDueAt: Instant }
  | { readonly name: 'reported'; readonly month: YearMonth }
  | { readonly name: 'adjustment'; readonly reason: RoundEndReason }
  | { readonly name: 're-report' }
  | { readonly name: 'paused'; readonly cause: PauseCause }
  | { readonly name: 'closed'; readonly reason: CaseEndReason };

export type StageName = Stage['name'];

/** One release case 风险消除 of one household, over all of its rounds. */
export type ReleaseCase = {
  readonly caseNumber: CaseNumber;
  readonly householdId: HouseholdId;
  readonly group: GroupCode;
  readonly people: number;
  readonly openedAt: Instant;
  readonly round: number;
  /** The policy that the running round began with. */
  readonly policyVersion: string;
  readonly measures: readonly MeasureFact[];
  /** Measures that failed in any round and were not in place for six months since; new ones are told by `measures`. */
  readonly failedMeasures: readonly FailedMeasure[];
  readonly stage: Stage;
  readonly tasks: readonly ReleaseTask[];
  /** The month of the last filing that held the case; it is never filed twice in one month. */
  readonly lastFiledMonth?: YearMonth;
  /** Departments that were asked about the case, in any round: only they see it. */
  readonly departments: readonly DepartmentId[];
  /** Who decided at which level, in any round: nobody decides at two. */
  readonly deciders: readonly { readonly personId: PersonId; readonly level: Level }[];
  readonly endedRounds: readonly {
    readonly round: number;
    readonly reason: RoundEndReason;
    readonly endedAt: Instant;
  }[];
  /** From the announcement on. */
  readonly releasedAt?: Instant;
};

/** True from the announcement on: the household is released, whatever is still to be filed. */
export const isReleased = ({ stage: { name } }: Pick<ReleaseCase, 'stage'>): boolean =>
  name === 'leadership-filing' || name === 'system-marking' || name === 'city-report' || name === 'reported';

/** True while a round runs: from the home visit to the announcement, and not while the case waits for another round. */
export const roundRuns = (state: Pick<ReleaseCase, 'stage'>): boolean => {
  switch (state.stage.name) {
    case 'request':
    case 'objection-follow-up':
    case 'adjustment':
    case 're-report':
    case 'paused':
    case 'closed':
      return false;
    default:
      return !isReleased(state);
  }
};

/** True while the case still needs somebody or some day: then it has a workflow. */
export const isOpen = (state: ReleaseCase): boolean =>
  state.stage.name !== 'closed' && state.stage.name !== 'reported';

/** @returns the failed measures with the days on which they were put in place. */
export const withImplemented = (
  failed: readonly FailedMeasure[],
  measures: readonly { readonly measureId: string; readonly implementedOn: CivilDate }[],
): FailedMeasure[] =>
  failed.map((one) => {
    const done = measures.find(({ measureId }) => measureId === one.measureId);
    return done === undefined ? one : { ...one, implementedOn: done.implementedOn };
  });
