import {
  assigneeHeldBy,
  inboxOf,
  type PersonActor,
  type RecordedActor,
} from '../../shared/domain/access/actor.ts';
import type { Instant } from '../../shared/domain/calendar/instant.ts';
import { currentPolicy, type StepName } from '../../shared/domain/calendar/policy.ts';
import type { DecisionContext, ReleaseCommand, StepDecision } from '../../shared/domain/release/commands.ts';
import { decide } from '../../shared/domain/release/decide.ts';
import type {
  EvidenceRef,
  ReleaseEvent,
  ReleaseTask,
  SealedText,
} from '../../shared/domain/release/events.ts';
import { evolve } from '../../shared/domain/release/evolve.ts';
import type { HouseholdFacts } from '../../shared/domain/release/facts.ts';
import type { CaseNumber, EvidenceId, NoticeId, TaskId } from '../../shared/domain/release/identifiers.ts';
import type { RecordedReleaseEvent } from '../../shared/domain/release/recorded.ts';
import type { ReleaseDecision, ReleaseRefusalCode } from '../../shared/domain/release/refusals.ts';
import type { ReleaseCase, StageName } from '../../shared/domain/release/state.ts';
import { specificationOf } from './given.ts';
import {
  askedDepartments,
  bureau,
  checker,
  day,
  departmentOfficer,
  goodFacts,
  group,
  home,
  household,
  leader,
  month,
  townOfficer,
  villager,
} from './release-people.ts';
import { shanghai } from './shanghai.ts';

export const caseNumber = 'R-610302-2022-000001' as CaseNumber;
export const noticeId = '01NOTICE' as NoticeId;
export const photo: EvidenceRef = {
  evidenceId: '01PHOTO' as EvidenceId,
  versionId: '1',
  sha256: 'a'.repeat(64),
};
export const sealed: SealedText = { ref: 'text/01', commitment: 'b'.repeat(64) };

type Who = DecisionContext['actor'];
export type When = {
  readonly by: Who;
  readonly at: string;
  readonly facts?: HouseholdFacts;
  /** Months in a row before in which a check of the village failed. */
  readonly failedMonthsBefore?: number;
};

export const contextOf = ({ by, at, facts = goodFacts, failedMonthsBefore = 0 }: When): DecisionContext => {
  const now = shanghai(at);
  return { now, actor: by, policyInForce: currentPolicy(now), facts, failedMonthsBefore };
};

export const given = specificationOf<
  ReleaseCase,
  ReleaseCommand,
  ReleaseEvent,
  RecordedReleaseEvent,
  DecisionContext,
  ReleaseRefusalCode
>({ decide, evolve });

export const stateOf = (events: readonly RecordedReleaseEvent[]): ReleaseCase => {
  const state = events.reduce<ReleaseCase | undefined>((before, event) => evolve(before, event), undefined);
  if (state === undefined) throw new Error('nothing has happened yet');
  return state;
};

export const report: Extract<ReleaseCommand, { monitored: boolean }> = {
  type: 'report-candidate',
  caseNumber,
  householdId: household,
  group,
  people: 3,
  monitored: true,
};

type Step = StepDecision['step'];

/** Of each step at which two things can come out: the one with which the case goes on. */
type GoodOutcome = {
  'request-answer': 'reported';
  'home-visit': 'eligible';
  'household-confirmation': 'confirmed';
  appraisal: 'passed' | 'not-passed';
  'objection-decision': 'dismissed' | 'upheld';
  'objection-follow-up': 'start-next-round' | 'close-case';
  'town-verification': 'approved';
  'filing-confirmation': 'unchanged';
  'department-comparison': 'implemented';
  'spot-check': 'confirmed';
  announcement: 'announced';
  're-report': 'report-again';
  'pause-follow-up': 'restart-at-visit' | 'close-case';
};
type GoodAnswer<Name extends Step> = Extract<
  StepDecision,
  Name extends keyof GoodOutcome ? { step: Name; outcome: GoodOutcome[Name] } : { step: Name }
>;

/** An answer to each step with which the case goes on. */
export const goodAnswers: { readonly [Name in Step]: GoodAnswer<Name> } = {
  'request-answer': { step: 'request-answer', outcome: 'reported' },
  'home-visit': { step: 'home-visit', outcome: 'eligible', evidence: [photo], record: sealed },
  'household-confirmation': { step: 'household-confirmation', outcome: 'confirmed', evidence: [] },
  appraisal: {
    step: 'appraisal',
    outcome: 'passed',
    heldOn: day('2022-09-27'),
    attendance: { eligible: 30, present: 20 },
    votes: { inFavour: 18, against: 1, abstained: 1 },
    minutes: [photo],
  },
  'notice-posting': { step: 'notice-posting', noticeId, photo },
  'objection-investigation': {
    step: 'objection-investigation',
    finding: 'not-substantiated',
    evidence: [photo],
    record: sealed,
  },
  'objection-decision': { step: 'objection-decision', outcome: 'dismissed', reasons: sealed },
  'objection-follow-up': { step: 'objection-follow-up', outcome: 'start-next-round', record: sealed },
  'town-verification': { step: 'town-verification', outcome: 'approved', evidence: [photo] },
  'filing-confirmation': { step: 'filing-confirmation', outcome: 'unchanged' },
  'department-comparison': { step: 'department-comparison', outcome: 'implemented', record: sealed },
  'spot-check': { step: 'spot-check', outcome: 'confirmed', evidence: [photo], record: sealed },
  announcement: { step: 'announcement', outcome: 'announced', announcement: sealed },
  'leadership-filing': { step: 'leadership-filing', receipt: '备案〔2022〕7号' },
  'system-marking': { step: 'system-marking', outsideReference: 'NS-2022-11-0007' },
  adjustment: { step: 'adjustment', record: sealed },
  'measure-adjustment': {
    step: 'measure-adjustment',
    measures: [{ measureId: 'm-1', implementedOn: day('2022-11-10') }],
    evidence: [photo],
    record: sealed,
  },
  're-report': { step: 're-report', outcome: 'report-again' },
  'pause-follow-up': { step: 'pause-follow-up', outcome: 'restart-at-visit', record: sealed },
};

/** The open task of a step (of one department, or of one objection). @throws if there is none. */
export const openTask = (events: readonly RecordedReleaseEvent[], step: StepName, part = ''): ReleaseTask => {
  const task = stateOf(events).tasks.find((open) => open.step === step && open.taskId.endsWith(part));
  if (task === undefined) throw new Error(`no open task for ${step} ${part}`);
  return task;
};

/** The command that answers the open task of a step, with the good answer but for what is said otherwise. */
export const answering = (
  events: readonly RecordedReleaseEvent[],
  decision: StepDecision,
  part = '',
): Extract<ReleaseCommand, { type: 'decide-step' }> => ({
  type: 'decide-step',
  taskId: openTask(events, decision.step, part).taskId,
  decision,
});

const recordedActor = (by: Who, task: ReleaseTask | undefined): RecordedActor => {
  if (!('personId' in by)) return by;
  const { personId, offices, ownHousehold } = by;
  const [office] = offices;
  const acting =
    (task === undefined ? undefined : assigneeHeldBy(by, task.assignees)) ??
    office ??
    (ownHousehold === undefined ? undefined : ({ role: 'household', household: ownHousehold } as const));
  if (acting === undefined) throw new Error(`${personId} has no office and no household`);
  return { personId, role: acting.role, inbox: inboxOf(acting) };
};

/** @returns the facts as the ledger would record them. */
export const recorded = (
  past: readonly RecordedReleaseEvent[],
  command: ReleaseCommand,
  events: readonly ReleaseEvent[],
  context: { readonly now: Instant; readonly actor: Who },
): RecordedReleaseEvent[] => {
  const task =
    command.type === 'decide-step'
      ? stateOf(past).tasks.find((open) => open.taskId === command.taskId)
      : undefined;
  const actor = recordedActor(context.actor, task);
  return events.map((event) => ({ ...event, at: context.now, actor }));
};

/** What has happened once the command was carried out as well. @throws if it is refused. */
export const after = (
  past: readonly RecordedReleaseEvent[],
  command: ReleaseCommand,
  when: When,
): RecordedReleaseEvent[] => {
  const context = contextOf(when);
  const state = past.length === 0 ? undefined : stateOf(past);
  const decision: ReleaseDecision = decide(state, command, context);
  if ('refusal' in decision) throw new Error(`${command.type} was refused: ${decision.refusal.code}`);
  return [...past, ...recorded(past, command, decision.events, context)];
};

/** As {@link after}, for an answer to an open step. */
export const answered = (
  past: readonly RecordedReleaseEvent[],
  decision: StepDecision,
  by: PersonActor,
  at: string,
  part = '',
): RecordedReleaseEvent[] => after(past, answering(past, decision, part), { by, at });

export const filed = (round: number, monthText: string, spotCheckDraw = 0.9): ReleaseCommand => ({
  type: 'record-filing',
  round,
  month: month(monthText),
  filingNumber: 1,
  spotCheckSeed: 'c'.repeat(64),
  spotCheckDraw,
});

export const timer = { system: 'timer' } as const;

/** A straight case of one household, posted before the National Day week of 2022 and announced on 31 October. */
const stepsOfStraightPath: readonly {
  readonly stage: StageName;
  readonly go: (past: readonly RecordedReleaseEvent[]) => RecordedReleaseEvent[];
}[] = [
  { stage: 'home-visit', go: (past) => after(past, report, { by: leader, at: '2022-09-20 09:00' }) },
  {
    stage: 'household-confirmation',
    go: (past) => answered(past, goodAnswers['home-visit'], villager, '2022-09-21 10:00'),
  },
  {
    stage: 'appraisal',
    go: (past) => answered(past, goodAnswers['household-confirmation'], home, '2022-09-22 19:00'),
  },
  {
    stage: 'notice-posting',
    go: (past) => answered(past, goodAnswers.appraisal, villager, '2022-09-27 16:00'),
  },
  {
    stage: 'notice',
    go: (past) => answered(past, goodAnswers['notice-posting'], villager, '2022-09-28 10:00'),
  },
  {
    stage: 'town-verification',
    go: (past) => after(past, { type: 'conclude-notice', round: 1 }, { by: timer, at: '2022-10-09 00:00' }),
  },
  {
    stage: 'filing',
    go: (past) => answered(past, goodAnswers['town-verification'], townOfficer, '2022-10-12 15:00'),
  },
  {
    stage: 'department-comparison',
    go: (past) => after(past, filed(1, '2022-10'), { by: timer, at: '2022-10-26 00:05' }),
  },
  {
    stage: 'spot-check',
    go: (past) =>
      askedDepartments.reduce<RecordedReleaseEvent[]>(
        (before, department) =>
          answered(
            before,
            goodAnswers['department-comparison'],
            departmentOfficer(department),
            '2022-10-27 11:00',
            `.${department}`,
          ),
        [...past],
      ),
  },
  {
    stage: 'announcement',
    go: (past) => answered(past, goodAnswers['spot-check'], checker, '2022-10-28 14:00'),
  },
  {
    stage: 'leadership-filing',
    go: (past) => answered(past, goodAnswers.announcement, bureau, '2022-10-31 09:00'),
  },
  {
    stage: 'system-marking',
    go: (past) => answered(past, goodAnswers['leadership-filing'], bureau, '2022-11-01 09:00'),
  },
  {
    stage: 'city-report',
    go: (past) => answered(past, goodAnswers['system-marking'], bureau, '2022-11-02 09:00'),
  },
  {
    stage: 'reported',
    go: (past) =>
      after(
        past,
        { type: 'record-city-report', round: 1, month: month('2022-10') },
        { by: timer, at: '2022-11-06 00:05' },
      ),
  },
];

/** @returns everything that happened on the straight path until the case stood at `stage`. */
export const straightTo = (stage: StageName): RecordedReleaseEvent[] => {
  let events: RecordedReleaseEvent[] = [];
  for (const step of stepsOfStraightPath) {
    events = step.go(events);
    if (step.stage === stage) return events;
  }
  throw new Error(`${stage} does not lie on the straight path`);
};

export const objection: ReleaseCommand = {
  type: 'file-objection',
  noticeId,
  ground: 'risk-not-lifted',
  statement: sealed,
};

/** The notice of the straight path, with one objection that stands at `status`. */
export const objectedTo = (
  status: 'filed' | 'investigated' | 'dismissed' | 'upheld',
): RecordedReleaseEvent[] => {
  const filedNow = after(straightTo('notice'), objection, {
    by: { anonymous: true },
    at: '2022-09-30 20:00',
  });
  if (status === 'filed') return filedNow;
  const investigated = answered(
    filedNow,
    goodAnswers['objection-investigation'],
    villager,
    '2022-10-01 10:00',
  );
  if (status === 'investigated') return investigated;
  return answered(
    investigated,
    { ...goodAnswers['objection-decision'], outcome: status },
    townOfficer,
    '2022-10-02 10:00',
  );
};

/** Approved by the town when the cut-off of October was over. */
export const approvedLate = (at = '2022-10-26 00:00'): RecordedReleaseEvent[] =>
  answered(straightTo('town-verification'), goodAnswers['town-verification'], townOfficer, at);

export const someTask = `${caseNumber}.r1.home-visit` as TaskId;
