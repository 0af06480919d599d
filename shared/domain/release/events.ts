import type { Assignee } from '../access/actor.ts';
import type { DepartmentId, GroupCode, HouseholdId } from '../access/identifiers.ts';
import type { OpenTask } from '../access/open-task.ts';
import type { CivilDate, Instant, YearMonth } from '../calendar/instant.ts';
import type { StepName } from '../calendar/policy.ts';
import type { MeasureFact } from './facts.ts';
import type { CaseNumber, EvidenceId, NoticeId, ObjectionId, TaskId } from './identifiers.ts';
import type { RuleFinding } from './rules/finding.ts';

/** One version of one uploaded file, as the vault verified it. `sha256` is 64 hex digits. */
export type EvidenceRef = {
  readonly evidenceId: EvidenceId;
  readonly versionId: string;
  readonly sha256: string;
};

/** Text that may name people. It is kept sealed beside the chain; the chain holds where, and a keyed commitment to it. */
export type SealedText = { readonly ref: string; readonly commitment: string };

export type ReleaseTask = OpenTask<TaskId>;

/** Structured reasons; free text stands beside them, sealed. */
export type ObjectionGround =
  | 'income-not-stable'
  | 'measure-not-in-place'
  | 'risk-not-lifted'
  | 'procedure'
  | 'other';
export type ObjectionFinding = 'substantiated' | 'partly-substantiated' | 'not-substantiated';
/** Why the grid leader does not take a household's request into the list. */
export type DeclineReason = 'standards-not-met' | 'help-still-needed' | 'other';
/** What the village found at the home. */
export type IneligibleReason = 'income-not-stable' | 'measure-not-in-place' | 'risk-not-lifted' | 'other';
/** Why the household does not confirm. */
export type RefusalReason = 'help-still-needed' | 'facts-disputed' | 'other';
/** Why town or district send a case back: 帮扶不到位, 风险未真正消除, or the way in which it was done. */
export type ReturnReason = 'help-not-in-place' | 'risk-not-lifted' | 'procedure' | 'other';
/** What a department's data say against the release. */
export type ComparisonReason = 'measure-not-implemented' | 'data-contradicts';
export type WithdrawalReason = 'risk-returned' | 'not-wanted' | 'reported-in-error' | 'other';
/** Changes of the household in mid-case: 死亡, 分户, 迁移, 合户. */
export type PauseCause = 'death' | 'split' | 'moved' | 'merged';

export type CaseEndReason =
  | 'monitoring-continues'
  | 'request-declined'
  | 'not-eligible'
  | 'household-refused'
  | 'appraisal-not-passed'
  | 'withdrawn'
  | 'household-changed';
export type RoundEndReason =
  | 'not-eligible'
  | 'household-refused'
  | 'appraisal-not-passed'
  | 'objection-upheld'
  | 'returned-by-town'
  | 'measures-not-implemented'
  | 'spot-check-failed'
  | 'returned-by-district'
  | 'withdrawn'
  | 'household-changed';
export type RoundCause =
  | 'candidate-reported'
  | 'request-taken-up'
  | 'objection-upheld'
  | 'reported-again'
  | 'household-changed';

/** A measure that was found not to be in place: its six months begin anew. */
export type FailedMeasure = {
  readonly measureId: string;
  readonly leadDepartment: DepartmentId;
  readonly failedOn: CivilDate;
  /** Since when it is in place again, as its department says. */
  readonly implementedOn?: CivilDate;
};

/** Every decision of a person says which task it answers and which tasks it opens. */
type Answer = { readonly round: number; readonly taskId: TaskId; readonly opens: readonly ReleaseTask[] };

export type ReleaseEvent =
  | {
      readonly type: 'release-case-opened';
      readonly data: {
        readonly caseNumber: CaseNumber;
        readonly householdId: HouseholdId;
        readonly group: GroupCode;
        readonly people: number;
      };
    }
  | {
      /** 农户提: the household asks for its release; the grid leader's list of the month must answer. */
      readonly type: 'release-requested';
      readonly data: {
        readonly round: number;
        readonly policyVersion: string;
        readonly opens: readonly ReleaseTask[];
      };
    }
  | {
      /** The grid leader took the request into the list. */
      readonly type: 'request-taken-up';
      readonly data: Answer;
    }
  | {
      readonly type: 'request-declined';
      readonly data: Answer & { readonly reason: DeclineReason; readonly reasons: SealedText };
    }
  | {
      /** 网格长上报 and every later start at the home visit. */
      readonly type: 'release-round-started';
      readonly data: {
        readonly round: number;
        readonly cause: RoundCause;
        readonly policyVersion: string;
        readonly findings: readonly RuleFinding[];
        readonly measures: readonly MeasureFact[];
        readonly opens: readonly ReleaseTask[];
      };
    }
  | {
      /** 入户核实 */
      readonly type: 'home-visit-recorded';
      readonly data: Answer & { readonly evidence: readonly EvidenceRef[]; readonly record: SealedText };
    }
  | {
      /** The visit found that the household is no candidate yet. */
      readonly type: 'candidate-not-eligible';
      readonly data: Answer & {
        readonly reason: IneligibleReason;
        readonly evidence: readonly EvidenceRef[];
        readonly record: SealedText;
      };
    }
  | {
      /** The household does not agree; help goes on. */
      readonly type: 'household-refused';
      readonly data: Answer & {
        readonly by: 'household' | 'signed-form';
        readonly reason: RefusalReason;
        readonly reasons: SealedText;
        readonly evidence: readonly EvidenceRef[];
      };
    }
  | {
      /** 农户确认 */
      readonly type: 'household-confirmed';
      readonly data: Answer & {
        readonly by: 'household' | 'signed-form';
        readonly evidence: readonly EvidenceRef[];
      };
    }
  | {
      /** 民主评议: passed is 拟解除; not passed ends the round. */
      readonly type: 'appraisal-passed' | 'appraisal-not-passed';
      readonly data: Answer & {
        readonly heldOn: CivilDate;
        readonly attendance: { readonly eligible: number; readonly present: number };
        readonly votes: { readonly inFavour: number; readonly against: number; readonly abstained: number };
        readonly minutes: readonly EvidenceRef[];
      };
    }
  | {
      /** 公示 begins: posted at the instant at which this fact is recorded. */
      readonly type: 'notice-posted';
      readonly data: Answer & {
        readonly noticeId: NoticeId;
        readonly postedAt: Instant;
        readonly photo: EvidenceRef;
        readonly lastDay: CivilDate;
        readonly endsAt: Instant;
        readonly missingHolidayTables: readonly number[];
      };
    }
  | {
      readonly type: 'objection-filed';
      readonly data: {
        readonly round: number;
        readonly objectionId: ObjectionId;
        readonly ground: ObjectionGround;
        readonly statement: SealedText;
        /** No other open task is looked at as early as this one's: whoever waits for another waits too long. */
        readonly earliest: boolean;
        readonly opens: readonly ReleaseTask[];
      };
    }
  | {
      readonly type: 'objection-investigated';
      readonly data: Answer & {
        readonly objectionId: ObjectionId;
        /** As of an objection that is filed. */
        readonly earliest: boolean;
        readonly finding: ObjectionFinding;
        readonly evidence: readonly EvidenceRef[];
        readonly record: SealedText;
      };
    }
  | {
      readonly type: 'objection-dismissed';
      readonly data: Answer & { readonly objectionId: ObjectionId; readonly reasons: SealedText };
    }
  | {
      /** Takes effect at once: the notice stops and the round ends. */
      readonly type: 'objection-upheld';
      readonly data: Answer & { readonly objectionId: ObjectionId; readonly reasons: SealedText };
    }
  | {
      /** Every open task of the round ends with it; what goes on is what it opens. */
      readonly type: 'release-round-ended';
      readonly data: {
        readonly round: number;
        readonly reason: RoundEndReason;
        readonly failed: readonly FailedMeasure[];
        readonly opens: readonly ReleaseTask[];
      };
    }
  | {
      /** 退回: town or district send the case back to the village for adjustment and more help. */
      readonly type: 'case-returned';
      readonly data: Answer & {
        readonly by: 'town' | 'district';
        readonly step: StepName;
        readonly reason: ReturnReason;
        readonly measureIds: readonly string[];
        readonly reasons: SealedText;
        readonly evidence: readonly EvidenceRef[];
      };
    }
  | {
      /** The village has adjusted the help 调整帮扶. */
      readonly type: 'help-adjusted';
      readonly data: Answer & { readonly record: SealedText };
    }
  | {
      /** A department has put its own failed measures in place. */
      readonly type: 'measures-adjusted';
      readonly data: Answer & {
        readonly department: DepartmentId;
        readonly measures: readonly { readonly measureId: string; readonly implementedOn: CivilDate }[];
        readonly evidence: readonly EvidenceRef[];
        readonly record: SealedText;
      };
    }
  | {
      /** Every adjustment is done: the grid leader may report again, once the six months of failed measures are over. */
      readonly type: 're-report-opened';
      readonly data: { readonly round: number; readonly opens: readonly ReleaseTask[] };
    }
  | {
      /** The grid leader reports the returned household again. */
      readonly type: 'candidate-reported-again';
      readonly data: Answer;
    }
  | {
      /** 撤回, any time before the announcement; the workflow is stopped. */
      readonly type: 'case-withdrawn';
      readonly data: {
        readonly round: number;
        readonly by: 'household' | 'signed-form' | 'district';
        readonly reason: WithdrawalReason;
        readonly reasons: SealedText;
        readonly evidence: readonly EvidenceRef[];
      };
    }
  | {
      /** The household is not the one any more that the round is about. */
      readonly type: 'case-paused';
      readonly data: {
        readonly round: number;
        readonly cause: PauseCause;
        readonly occurredOn: CivilDate;
        readonly record: SealedText;
      };
    }
  | {
      /** After an upheld objection or a pause the village starts again, at the home visit. */
      readonly type: 'next-round-decided';
      readonly data: Answer & { readonly record: SealedText };
    }
  | {
      /** Whoever could start again closes the case instead; monitoring goes on. */
      readonly type: 'closing-decided';
      readonly data: Answer & { readonly record: SealedText };
    }
  | {
      /** 公示期满无异议 */
      readonly type: 'notice-passed';
      readonly data: {
        readonly round: number;
        readonly noticeId: NoticeId;
        readonly opens: readonly ReleaseTask[];
      };
    }
  | {
      /** 镇级核查通过. The commit time of this event decides the month of filing. */
      readonly type: 'town-verification-approved';
      readonly data: Answer & {
        readonly evidence: readonly EvidenceRef[];
        readonly filingMonth: YearMonth;
        readonly cutOffAt: Instant;
        /** True when the cut-off of the month was missed: the town must confirm anew before the next filing. */
        readonly confirmationNeeded: boolean;
      };
    }
  | {
      readonly type: 'unchanged-confirmed';
      readonly data: Answer & {
        readonly filingMonth: YearMonth;
        readonly cutOffAt: Instant;
        readonly confirmationNeeded: boolean;
      };
    }
  | {
      /** 上报备案 to the district. */
      readonly type: 'filed-with-district';
      readonly data: {
        readonly round: number;
        readonly month: YearMonth;
        readonly filingNumber: number;
        readonly spotCheckSeed: string;
        readonly spotCheckDraw: number;
        readonly asked: readonly DepartmentId[];
        readonly opens: readonly ReleaseTask[];
      };
    }
  | {
      /** 行业部门比对: the department says whether its measures are in place and its data agree. */
      readonly type: 'comparison-answered';
      readonly data: Answer & {
        readonly department: DepartmentId;
        readonly outcome: 'implemented' | 'not-implemented';
        readonly reason?: ComparisonReason;
        /** Of a good answer: all of its measures; of a bad one: those that failed. */
        readonly measureIds: readonly string[];
        readonly record: SealedText;
      };
    }
  | {
      readonly type: 'spot-check-drawn';
      readonly data: {
        readonly round: number;
        readonly sampled: boolean;
        readonly seed: string;
        /** The policy's, doubled for every month in a row before in which a sample of the village failed. */
        readonly rate: number;
        /** Why the share is what it is. */
        readonly reason: 'policy-share' | 'check-failed-before';
        readonly draw: number;
        readonly opens: readonly ReleaseTask[];
      };
    }
  | {
      /** 评估审定; `visited` when somebody of the joint-check group was on site. */
      readonly type: 'assessment-confirmed';
      readonly data: Answer & {
        readonly visited: boolean;
        readonly evidence: readonly EvidenceRef[];
        readonly record: SealedText;
      };
    }
  | {
      /** The joint-check group found on site that the case does not hold. */
      readonly type: 'spot-check-failed';
      readonly data: Answer & {
        /** The month of the filing that the case was checked with: the village's share doubles for the next. */
        readonly filingMonth: YearMonth;
        readonly reason: ReturnReason;
        readonly measureIds: readonly string[];
        readonly evidence: readonly EvidenceRef[];
        readonly record: SealedText;
      };
    }
  | {
      /** 公告: the household is released from this instant. */
      readonly type: 'release-announced';
      readonly data: Answer & {
        readonly announcement: SealedText;
        readonly cityReportMonth: YearMonth;
        readonly cityReportDueAt: Instant;
        readonly findings: readonly RuleFinding[];
      };
    }
  | {
      /** 报区委实施乡村振兴战略领导小组备案: a receipt, not a consent. */
      readonly type: 'leadership-filed';
      readonly data: Answer & { readonly receipt: string };
    }
  | {
      /** 系统标注, with the reference that the national system gave. */
      readonly type: 'national-system-marked';
      readonly data: Answer & { readonly outsideReference: string };
    }
  | {
      /** Listed in a signed city report 上报市级备案. */
      readonly type: 'reported-to-city';
      readonly data: { readonly round: number; readonly month: YearMonth };
    }
  | {
      /** 提醒 of those who must decide, before the last day. */
      readonly type: 'step-reminded';
      readonly data: { readonly taskId: TaskId; readonly wakeAt: Instant };
    }
  | {
      /** 升级督办: told to whoever leads, and then to the level above. */
      readonly type: 'step-escalated';
      readonly data: {
        readonly taskId: TaskId;
        readonly wakeAt: Instant;
        readonly reason: 'overdue' | 'office-vacant';
        readonly to: readonly Assignee[];
      };
    }
  | {
      readonly type: 'release-case-closed';
      readonly data: { readonly round: number; readonly reason: CaseEndReason };
    };
