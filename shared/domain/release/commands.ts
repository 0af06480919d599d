import type { PersonActor, PublicActor, SystemActor } from '../access/actor.ts';
import type { GroupCode, HouseholdId } from '../access/identifiers.ts';
import type { CivilDate, Instant, YearMonth } from '../calendar/instant.ts';
import type { Policy } from '../calendar/policy.ts';
import type {
  ComparisonReason,
  DeclineReason,
  EvidenceRef,
  IneligibleReason,
  ObjectionFinding,
  ObjectionGround,
  PauseCause,
  RefusalReason,
  ReturnReason,
  SealedText,
  WithdrawalReason,
} from './events.ts';
import type { HouseholdFacts } from './facts.ts';
import type { CaseNumber, NoticeId, TaskId } from './identifiers.ts';

/** 退回: why, and which measures of the plan failed. */
type Returned = {
  readonly outcome: 'returned';
  readonly reason: ReturnReason;
  readonly measureIds: readonly string[];
  readonly reasons: SealedText;
};
type ReturnedWithEvidence = Returned & { readonly evidence: readonly EvidenceRef[] };

/** What a person answers to one open task. Each outcome of a step has exactly one shape. */
export type StepDecision =
  | { readonly step: 'request-answer'; readonly outcome: 'reported' }
  | {
      readonly step: 'request-answer';
      readonly outcome: 'declined';
      readonly reason: DeclineReason;
      readonly reasons: SealedText;
    }
  | {
      readonly step: 'home-visit';
      readonly outcome: 'eligible';
      readonly evidence: readonly EvidenceRef[];
      readonly record: SealedText;
    }
  | {
      readonly step: 'home-visit';
      readonly outcome: 'not-eligible';
      readonly reason: IneligibleReason;
      readonly evidence: readonly EvidenceRef[];
      readonly record: SealedText;
    }
  | {
      readonly step: 'household-confirmation';
      readonly outcome: 'confirmed';
      readonly evidence: readonly EvidenceRef[];
    }
  | {
      readonly step: 'household-confirmation';
      readonly outcome: 'refused';
      readonly reason: RefusalReason;
      readonly reasons: SealedText;
      readonly evidence: readonly EvidenceRef[];
    }
  | {
      readonly step: 'appraisal';
      readonly outcome: 'passed' | 'not-passed';
      readonly heldOn: CivilDate;
      readonly attendance: { readonly eligible: number; readonly present: number };
      readonly votes: { readonly inFavour: number; readonly against: number; readonly abstained: number };
      readonly minutes: readonly EvidenceRef[];
    }
  | { readonly step: 'notice-posting'; readonly noticeId: NoticeId; readonly photo: EvidenceRef }
  | {
      readonly step: 'objection-investigation';
      readonly finding: ObjectionFinding;
      readonly evidence: readonly EvidenceRef[];
      readonly record: SealedText;
    }
  | {
      readonly step: 'objection-decision';
      readonly outcome: 'dismissed' | 'upheld';
      readonly reasons: SealedText;
    }
  | {
      readonly step: 'objection-follow-up';
      readonly outcome: 'start-next-round' | 'close-case';
      readonly record: SealedText;
    }
  | {
      readonly step: 'town-verification';
      readonly outcome: 'approved';
      readonly evidence: readonly EvidenceRef[];
    }
  | ({ readonly step: 'town-verification' } & ReturnedWithEvidence)
  | { readonly step: 'filing-confirmation'; readonly outcome: 'unchanged' }
  | ({ readonly step: 'filing-confirmation' } & ReturnedWithEvidence)
  | {
      readonly step: 'department-comparison';
      readonly outcome: 'implemented';
      readonly record: SealedText;
    }
  | {
      readonly step: 'department-comparison';
      readonly outcome: 'not-implemented';
      readonly reason: ComparisonReason;
      readonly measureIds: readonly string[];
      readonly record: SealedText;
    }
  | {
      readonly step: 'spot-check';
      readonly outcome: 'confirmed';
      readonly evidence: readonly EvidenceRef[];
      readonly record: SealedText;
    }
  | {
      readonly step: 'spot-check';
      readonly outcome: 'failed';
      readonly reason: ReturnReason;
      readonly measureIds: readonly string[];
      readonly evidence: readonly EvidenceRef[];
      readonly record: SealedText;
    }
  | { readonly step: 'announcement'; readonly outcome: 'announced'; readonly announcement: SealedText }
  | ({ readonly step: 'announcement' } & Returned)
  | { readonly step: 'leadership-filing'; readonly receipt: string }
  | { readonly step: 'system-marking'; readonly outsideReference: string }
  | { readonly step: 'adjustment'; readonly record: SealedText }
  | {
      readonly step: 'measure-adjustment';
      readonly measures: readonly { readonly measureId: string; readonly implementedOn: CivilDate }[];
      readonly evidence: readonly EvidenceRef[];
      readonly record: SealedText;
    }
  | { readonly step: 're-report'; readonly outcome: 'report-again' }
  | { readonly step: 're-report'; readonly outcome: 'close-case'; readonly record: SealedText }
  | {
      readonly step: 'pause-follow-up';
      readonly outcome: 'restart-at-visit' | 'close-case';
      readonly record: SealedText;
    };

export type ReleaseCommand =
  | {
      /** The grid leader's candidate report 网格长上报, or the household's own request 农户提. */
      readonly type: 'report-candidate' | 'request-release';
      readonly caseNumber: CaseNumber;
      readonly householdId: HouseholdId;
      readonly group: GroupCode;
      readonly people: number;
      readonly monitored: boolean;
    }
  | {
      /** 撤回 by the household (itself, or on a form that it signed) or by the district. */
      readonly type: 'withdraw';
      readonly by: 'household' | 'signed-form' | 'district';
      readonly reason: WithdrawalReason;
      readonly reasons: SealedText;
      readonly evidence: readonly EvidenceRef[];
    }
  | {
      readonly type: 'pause';
      readonly cause: PauseCause;
      readonly occurredOn: CivilDate;
      readonly record: SealedText;
    }
  | { readonly type: 'decide-step'; readonly taskId: TaskId; readonly decision: StepDecision }
  | {
      readonly type: 'file-objection';
      readonly noticeId: NoticeId;
      readonly ground: ObjectionGround;
      readonly statement: SealedText;
    }
  | { readonly type: 'conclude-notice'; readonly round: number }
  | {
      readonly type: 'record-filing';
      readonly round: number;
      readonly month: YearMonth;
      readonly filingNumber: number;
      readonly spotCheckSeed: string;
      /** 0 up to 1, from the seed and the case number alone. */
      readonly spotCheckDraw: number;
    }
  | { readonly type: 'record-city-report'; readonly round: number; readonly month: YearMonth }
  | {
      /** A look at an open step: reminds, escalates, or finds it too early. */
      readonly type: 'escalate-step';
      readonly taskId: TaskId;
      /** The inboxes concerned that nobody reads. */
      readonly vacant: readonly string[];
    };

/** Everything that a decision may look at beside the case itself. */
export type DecisionContext = {
  /** The instant at which the decision is committed. */
  readonly now: Instant;
  readonly actor: PersonActor | SystemActor | PublicActor;
  /** For a round that begins now; a running round keeps its own. */
  readonly policyInForce: Policy;
  readonly facts: HouseholdFacts;
  /** How many months in a row before the case's filing a spot check failed in its village; it counts at the draw. */
  readonly failedMonthsBefore: number;
};

/** The context of what no fact of the household can change: timers, objections, withdrawals. */
export const contextWithoutFacts = (
  now: Instant,
  actor: DecisionContext['actor'],
  policyInForce: Policy,
): DecisionContext => ({ now, actor, policyInForce, facts: { monthlyIncome: [] }, failedMonthsBefore: 0 });
