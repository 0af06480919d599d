import { type Assignee, assigneeHeldBy } from '../access/actor.ts';
import { refuse, unreachable } from '../access/decision.ts';
import type { Instant, YearMonth } from '../calendar/instant.ts';
import {
  cityReportWindow,
  civilDateOf,
  filingCutOff,
  filingMonthOf,
  firstDay,
  monthOf,
  noticePeriod,
  startOfDay,
} from '../calendar/legal-time.ts';
import type { Policy } from '../calendar/policy.ts';
import type { DecisionContext, ReleaseCommand, StepDecision } from './commands.ts';
import type { EvidenceRef, ReleaseEvent, ReleaseTask } from './events.ts';
import type { ObjectionId } from './identifiers.ts';
import { nextInvestigation } from './notice.ts';
import { type ReleaseStep, releaseTask } from './open-task.ts';
import type { ReleaseDecision } from './refusals.ts';
import { assessRelease } from './release-standards.ts';
import { roundStarted } from './report-candidate.ts';
import { dutiesConflict } from './separation-of-duties.ts';
import type { ReleaseCase } from './state.ts';

/** Everything that the answer to one step may look at. */
type StepContext = {
  readonly state: ReleaseCase;
  readonly task: ReleaseTask;
  readonly now: Instant;
  readonly policy: Policy;
  readonly context: DecisionContext;
  readonly actingAs: Assignee;
};

type Answered<Step extends StepDecision['step']> = Extract<StepDecision, { step: Step }>;

const one = (event: ReleaseEvent): ReleaseDecision => ({ events: [event] });

const next = ({ state, now, policy }: StepContext, step: ReleaseStep): ReleaseTask =>
  releaseTask(state, { round: state.round, step, openedAt: now, policy });

const answer = ({ state, task }: StepContext, opens: readonly ReleaseTask[]) => ({
  round: state.round,
  taskId: task.taskId,
  opens,
});

const without = (evidence: readonly EvidenceRef[], field: string): ReleaseDecision | undefined =>
  evidence.length === 0 ? refuse('evidence-required', { field }) : undefined;

const homeVisit = (step: StepContext, decision: Answered<'home-visit'>): ReleaseDecision =>
  without(decision.evidence, 'evidence') ??
  one({
    type: 'home-visit-recorded',
    data: {
      ...answer(step, [next(step, 'household-confirmation')]),
      evidence: decision.evidence,
      record: decision.record,
    },
  });

const householdConfirmation = (
  step: StepContext,
  decision: Answered<'household-confirmation'>,
): ReleaseDecision => {
  const by = step.actingAs.role === 'household' ? 'household' : 'signed-form';
  if (by === 'signed-form' && decision.evidence.length === 0)
    return refuse('evidence-required', { field: 'evidence' });
  return one({
    type: 'household-confirmed',
    data: { ...answer(step, [next(step, 'appraisal')]), by, evidence: decision.evidence },
  });
};

/** Carried by more than half of those present (policy default); nobody votes who is not there. */
const appraisal = (step: StepContext, decision: Answered<'appraisal'>): ReleaseDecision => {
  const { attendance, votes, heldOn, minutes } = decision;
  const missing = without(minutes, 'minutes');
  if (missing !== undefined) return missing;
  if (heldOn > civilDateOf(step.now) || heldOn < civilDateOf(step.task.openedAt)) {
    return refuse('appraisal-date-invalid', {
      field: 'heldOn',
      because: [civilDateOf(step.task.openedAt), civilDateOf(step.now)],
    });
  }
  if (attendance.present > attendance.eligible)
    return refuse('attendance-exceeds-eligible', { field: 'attendance.present' });
  if (votes.inFavour + votes.against + votes.abstained > attendance.present) {
    return refuse('votes-exceed-attendance', { field: 'votes' });
  }
  if (votes.inFavour * 2 <= attendance.present)
    return refuse('votes-do-not-carry', { field: 'votes.inFavour' });
  return one({
    type: 'appraisal-passed',
    data: { ...answer(step, [next(step, 'notice-posting')]), heldOn, attendance, votes, minutes },
  });
};

/** Never back-dated: the notice is posted at the instant at which its photo and this answer are committed. */
const noticePosting = (step: StepContext, decision: Answered<'notice-posting'>): ReleaseDecision => {
  const { lastDay, endsAt, missingYears } = noticePeriod(step.now, step.policy);
  return one({
    type: 'notice-posted',
    data: {
      ...answer(step, []),
      noticeId: decision.noticeId,
      postedAt: step.now,
      photo: decision.photo,
      lastDay,
      endsAt,
      missingHolidayTables: missingYears,
    },
  });
};

/** The objection that an open task is about; its id is the last part of the task's. */
const objectionOf = (task: ReleaseTask): ObjectionId => (task.taskId.split('.').at(-1) ?? '') as ObjectionId;

const objectionInvestigation = (
  step: StepContext,
  decision: Answered<'objection-investigation'>,
): ReleaseDecision => {
  const objectionId = objectionOf(step.task);
  const { state, now, policy } = step;
  const opens = [
    releaseTask(state, {
      round: state.round,
      step: 'objection-decision',
      objectionId,
      openedAt: now,
      policy,
    }),
  ];
  const { finding, evidence, record } = decision;
  return (
    without(evidence, 'evidence') ??
    one({
      type: 'objection-investigated',
      data: { ...answer(step, opens), objectionId, finding, evidence, record },
    })
  );
};

const objectionDecision = (step: StepContext, decision: Answered<'objection-decision'>): ReleaseDecision => {
  const objectionId = objectionOf(step.task);
  const { round } = step.state;
  if (decision.outcome === 'dismissed') {
    return one({
      type: 'objection-dismissed',
      data: { ...answer(step, nextInvestigation(step.state, step)), objectionId, reasons: decision.reasons },
    });
  }
  const followUp = next(step, 'objection-follow-up');
  return {
    events: [
      {
        type: 'objection-upheld',
        data: { ...answer(step, [followUp]), objectionId, reasons: decision.reasons },
      },
      { type: 'release-round-ended', data: { round, reason: 'objection-upheld' } },
    ],
  };
};

const objectionFollowUp = (step: StepContext, decision: Answered<'objection-follow-up'>): ReleaseDecision => {
  const { state, now, context } = step;
  const { facts, policyInForce } = context;
  if (decision.outcome === 'close-case') {
    return one({
      type: 'release-case-closed',
      data: { ...answer(step, []), reason: 'monitoring-continues', record: decision.record },
    });
  }
  const started = roundStarted(state, {
    round: state.round + 1,
    cause: 'objection-upheld',
    now,
    policy: policyInForce,
    facts,
  });
  return {
    events: [{ type: 'next-round-decided', data: { ...answer(step, []), record: decision.record } }, started],
  };
};

/** The month that an approval of this instant is filed in: this month's until 24:00 of the cut-off day, then the next. */
const filingTerms = (
  approvedAt: Instant,
  policy: Policy,
): { filingMonth: YearMonth; cutOffAt: Instant; confirmationNeeded: boolean } => {
  const filingMonth = filingMonthOf(approvedAt, policy);
  const { closesAt: cutOffAt } = filingCutOff(filingMonth, policy);
  return { filingMonth, cutOffAt, confirmationNeeded: filingMonth !== monthOf(approvedAt) };
};

/** Opens only with the month of filing: a confirmation on the day after the approval would confirm nothing. */
const confirmationTask = (
  { state, now, policy }: StepContext,
  { filingMonth, confirmationNeeded }: ReturnType<typeof filingTerms>,
): ReleaseTask[] => {
  if (!confirmationNeeded) return [];
  const notBefore = startOfDay(firstDay(filingMonth));
  const { round } = state;
  return [
    releaseTask(state, {
      round,
      step: 'filing-confirmation',
      openedAt: now,
      policy,
      filingMonth,
      notBefore,
    }),
  ];
};

const townVerification = (step: StepContext, decision: Answered<'town-verification'>): ReleaseDecision => {
  const terms = filingTerms(step.now, step.policy);
  const { evidence } = decision;
  return (
    without(evidence, 'evidence') ??
    one({
      type: 'town-verification-approved',
      data: { ...answer(step, confirmationTask(step, terms)), evidence, ...terms },
    })
  );
};

/** Confirmed after yet another cut-off: that was no confirmation for the month which it now falls in. */
const filingConfirmation = (step: StepContext): ReleaseDecision => {
  const terms = filingTerms(step.now, step.policy);
  return one({
    type: 'unchanged-confirmed',
    data: { ...answer(step, confirmationTask(step, terms)), ...terms },
  });
};

const departmentComparison = (
  step: StepContext,
  decision: Answered<'department-comparison'>,
): ReleaseDecision => {
  const { state, task, now, policy } = step;
  if (state.stage.name !== 'department-comparison') return refuse('task-not-open');
  const { asked, answered, spotCheckSeed: seed, spotCheckDraw: draw } = state.stage;
  const department = asked.find((candidate) => task.taskId.endsWith(`.${candidate}`));
  if (department === undefined) return refuse('task-not-open');
  const measureIds = state.measures
    .filter((measure) => measure.leadDepartment === department)
    .map((measure) => measure.measureId);
  const given: ReleaseEvent = {
    type: 'comparison-answered',
    data: { ...answer(step, []), department, measureIds, record: decision.record },
  };
  if (answered.length + 1 < asked.length) return one(given);
  const { rate } = policy.spotCheck;
  const opens = [releaseTask(state, { round: state.round, step: 'spot-check', openedAt: now, policy })];
  const drawn: ReleaseEvent = {
    type: 'spot-check-drawn',
    data: { round: state.round, sampled: draw < rate, seed, rate, draw, opens },
  };
  return { events: [given, drawn] };
};

const spotCheck = (step: StepContext, decision: Answered<'spot-check'>): ReleaseDecision => {
  const { stage } = step.state;
  const sampled = stage.name === 'spot-check' && stage.sampled;
  const { evidence, record } = decision;
  if (sampled && evidence.length === 0) return refuse('evidence-required', { field: 'evidence' });
  return one({
    type: 'assessment-confirmed',
    data: { ...answer(step, [next(step, 'announcement')]), visited: sampled, evidence, record },
  });
};

/** Released from this instant. A standard that is known today not to be met stops it here at the latest. */
const announcement = (step: StepContext, decision: Answered<'announcement'>): ReleaseDecision => {
  const { now, policy, context } = step;
  const findings = assessRelease(context.facts, policy, civilDateOf(now));
  const failed = findings.filter((finding) => finding.outcome === 'failed').map((finding) => finding.rule);
  if (failed.length > 0) return refuse('release-standards-not-met', { because: failed });
  const cityReportMonth = monthOf(now);
  const { closesAt: cityReportDueAt } = cityReportWindow(cityReportMonth, policy);
  return one({
    type: 'release-announced',
    data: {
      ...answer(step, [next(step, 'leadership-filing')]),
      announcement: decision.announcement,
      cityReportMonth,
      cityReportDueAt,
      findings,
    },
  });
};

/** A reference of nothing but spaces would be no reference. */
const withoutText = (text: string, field: string): ReleaseDecision | undefined =>
  text.trim() === '' ? refuse('text-required', { field }) : undefined;

const leadershipFiling = (step: StepContext, decision: Answered<'leadership-filing'>): ReleaseDecision =>
  withoutText(decision.receipt, 'receipt') ??
  one({
    type: 'leadership-filed',
    data: { ...answer(step, [next(step, 'system-marking')]), receipt: decision.receipt },
  });

const systemMarking = (step: StepContext, decision: Answered<'system-marking'>): ReleaseDecision =>
  withoutText(decision.outsideReference, 'outsideReference') ??
  one({
    type: 'national-system-marked',
    data: { ...answer(step, []), outsideReference: decision.outsideReference },
  });

const answerTo = (step: StepContext, decision: StepDecision): ReleaseDecision => {
  switch (decision.step) {
    case 'home-visit':
      return homeVisit(step, decision);
    case 'household-confirmation':
      return householdConfirmation(step, decision);
    case 'appraisal':
      return appraisal(step, decision);
    case 'notice-posting':
      return noticePosting(step, decision);
    case 'objection-investigation':
      return objectionInvestigation(step, decision);
    case 'objection-decision':
      return objectionDecision(step, decision);
    case 'objection-follow-up':
      return objectionFollowUp(step, decision);
    case 'town-verification':
      return townVerification(step, decision);
    case 'filing-confirmation':
      return filingConfirmation(step);
    case 'department-comparison':
      return departmentComparison(step, decision);
    case 'spot-check':
      return spotCheck(step, decision);
    case 'announcement':
      return announcement(step, decision);
    case 'leadership-filing':
      return leadershipFiling(step, decision);
    case 'system-marking':
      return systemMarking(step, decision);
    default:
      return unreachable(decision);
  }
};

/** A task of an earlier round says so, so that whoever is late learns why. */
const roundOf = (taskId: string): number => Number(/\.r(\d+)\./.exec(taskId)?.[1] ?? Number.NaN);

/** The answer of a person to an open task: open, theirs, of the right shape, not too early, and theirs to decide. */
export const decideStep = (
  state: ReleaseCase,
  command: Extract<ReleaseCommand, { type: 'decide-step' }>,
  context: DecisionContext,
  policy: Policy,
): ReleaseDecision => {
  const task = state.tasks.find((open) => open.taskId === command.taskId);
  if (task === undefined)
    return refuse(roundOf(command.taskId) < state.round ? 'round-superseded' : 'task-not-open');
  const { actor, now } = context;
  const actingAs = 'personId' in actor ? assigneeHeldBy(actor, task.assignees) : undefined;
  if (actingAs === undefined) return refuse('task-not-yours');
  if (task.step !== command.decision.step)
    return refuse('wrong-decision-for-step', { field: 'step', because: [task.step] });
  if (task.notBefore !== undefined && now < task.notBefore)
    return refuse('too-early', { because: [task.notBefore] });
  return (
    dutiesConflict(state, actor, actingAs) ??
    answerTo({ state, task, now, policy, context, actingAs }, command.decision)
  );
};
