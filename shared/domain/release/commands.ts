import type { PersonActor, PublicActor, SystemActor } from '../access/actor.ts';
import type { GroupCode, HouseholdId } from '../access/identifiers.ts';
import type { CivilDate, Instant, YearMonth } from '../calendar/instant.ts';
import type { Policy } from '../calendar/policy.ts';
import type { EvidenceRef, ObjectionFinding, ObjectionGround, SealedText } from './events.ts';
import type { HouseholdFacts } from './facts.ts';
import type { CaseNumber, NoticeId, TaskId } from './identifiers.ts';

/** What a person answers to one open task. Each step has exactly one shape; outcomes are told apart by `outcome`. */
export type StepDecision =
  | { readonly step: 'home-visit'; readonly evidence: readonly EvidenceRef[]; readonly record: SealedText }
  | { readonly step: 'household-confirmation'; readonly evidence: readonly EvidenceRef[] }
  | {
      readonly step: 'appraisal';
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
  | { readonly step: 'town-verification'; readonly evidence: readonly EvidenceRef[] }
  | { readonly step: 'filing-confirmation' }
  | { readonly step: 'department-comparison'; readonly record: SealedText }
  | { readonly step: 'spot-check'; readonly evidence: readonly EvidenceRef[]; readonly record: SealedText }
  | { readonly step: 'announcement'; readonly announcement: SealedText }
  | { readonly step: 'leadership-filing'; readonly receipt: string }
  | { readonly step: 'system-marking'; readonly outsideReference: string };

export type ReleaseCommand =
  | {
      /** The grid leader's candidate report 网格长上报. */
      readonly type: 'report-candidate';
      readonly caseNumber: CaseNumber;
      readonly householdId: HouseholdId;
      readonly group: GroupCode;
      readonly people: number;
      readonly monitored: boolean;
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
  | { readonly type: 'escalate-step'; readonly taskId: TaskId };

/** Everything that a decision may look at beside the case itself. */
export type DecisionContext = {
  /** The instant at which the decision is committed. */
  readonly now: Instant;
  readonly actor: PersonActor | SystemActor | PublicActor;
  /** For a round that begins now; a running round keeps its own. */
  readonly policyInForce: Policy;
  readonly facts: HouseholdFacts;
};
