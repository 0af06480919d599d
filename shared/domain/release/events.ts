import type { DepartmentId, GroupCode, HouseholdId } from '../access/identifiers.ts';
import type { OpenTask } from '../access/open-task.ts';
import type { CivilDate, Instant, YearMonth } from '../calendar/instant.ts';
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
export type CaseEndReason = 'monitoring-continues';
export type RoundEndReason = 'objection-upheld';

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
      /** 农户提/网格长上报 and every later start at the home visit. */
      readonly type: 'release-round-started';
      readonly data: {
        readonly round: number;
        readonly cause: 'candidate-reported' | 'objection-upheld';
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
      /** 农户确认 */
      readonly type: 'household-confirmed';
      readonly data: Answer & {
        readonly by: 'household' | 'signed-form';
        readonly evidence: readonly EvidenceRef[];
      };
    }
  | {
      /** 民主评议 passed: 拟解除 */
      readonly type: 'appraisal-passed';
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
        /** No other objection is undecided: nobody was waited for until now. */
        readonly alone: boolean;
        readonly opens: readonly ReleaseTask[];
      };
    }
  | {
      readonly type: 'objection-investigated';
      readonly data: Answer & {
        readonly objectionId: ObjectionId;
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
      readonly type: 'release-round-ended';
      readonly data: { readonly round: number; readonly reason: RoundEndReason };
    }
  | {
      /** After an upheld objection the village starts again, at the home visit. */
      readonly type: 'next-round-decided';
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
      /** 行业部门比对: the department says that its measures are in place. */
      readonly type: 'comparison-answered';
      readonly data: Answer & {
        readonly department: DepartmentId;
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
        readonly rate: number;
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
      readonly type: 'step-escalated';
      readonly data: { readonly taskId: TaskId; readonly wakeAt: Instant };
    }
  | {
      readonly type: 'release-case-closed';
      readonly data: Answer & { readonly reason: CaseEndReason; readonly record: SealedText };
    };
