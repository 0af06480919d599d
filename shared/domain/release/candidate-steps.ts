import { refuse, unreachable } from '../access/decision.ts';
import { civilDateOf, noticePeriod } from '../calendar/legal-time.ts';
import type { ReleaseDecision } from './refusals.ts';
import { assessRelease, failedRules } from './release-standards.ts';
import { roundStarted } from './report-candidate.ts';
import {
  type Answered,
  answer,
  caseClosed,
  next,
  one,
  over,
  type StepContext,
  without,
} from './step-context.ts';

/** The grid leader answers a request 农户提 in the list of the month; taking it up is a candidate report. */
export const requestAnswer = (step: StepContext, decision: Answered<'request-answer'>): ReleaseDecision => {
  const { state, now, context } = step;
  switch (decision.outcome) {
    case 'declined': {
      const { reason, reasons } = decision;
      return {
        events: [
          { type: 'request-declined', data: { ...answer(step, []), reason, reasons } },
          caseClosed(state, 'request-declined'),
        ],
      };
    }
    case 'reported': {
      const { facts, policyInForce: policy } = context;
      const failed = failedRules(assessRelease(facts, policy, civilDateOf(now)));
      if (failed.length > 0) return refuse('release-standards-not-met', { because: failed });
      return {
        events: [
          { type: 'request-taken-up', data: answer(step, []) },
          roundStarted(state, { round: state.round, cause: 'request-taken-up', now, policy, facts }),
        ],
      };
    }
    default:
      return unreachable(decision);
  }
};

/** 入户核实: the household is a candidate, or it is none yet. Either way the visit is on record with its evidence. */
export const homeVisit = (step: StepContext, decision: Answered<'home-visit'>): ReleaseDecision => {
  const missing = without(decision.evidence, 'evidence');
  if (missing !== undefined) return missing;
  const { evidence, record } = decision;
  switch (decision.outcome) {
    case 'eligible':
      return one({
        type: 'home-visit-recorded',
        data: { ...answer(step, [next(step, 'household-confirmation')]), evidence, record },
      });
    case 'not-eligible':
      return over(
        step,
        {
          type: 'candidate-not-eligible',
          data: { ...answer(step, []), reason: decision.reason, evidence, record },
        },
        'not-eligible',
      );
    default:
      return unreachable(decision);
  }
};

/** 农户确认: a refusal ends the round; help goes on. */
export const householdConfirmation = (
  step: StepContext,
  decision: Answered<'household-confirmation'>,
): ReleaseDecision => {
  const by = step.actingAs.role === 'household' ? 'household' : 'signed-form';
  const { evidence } = decision;
  if (by === 'signed-form' && evidence.length === 0)
    return refuse('evidence-required', { field: 'evidence' });
  switch (decision.outcome) {
    case 'confirmed':
      return one({
        type: 'household-confirmed',
        data: { ...answer(step, [next(step, 'appraisal')]), by, evidence },
      });
    case 'refused': {
      const { reason, reasons } = decision;
      return over(
        step,
        { type: 'household-refused', data: { ...answer(step, []), by, reason, reasons, evidence } },
        'household-refused',
      );
    }
    default:
      return unreachable(decision);
  }
};

/**
 * 民主评议: carried by more than half of those present (policy default); nobody votes who is not there. The outcome is
 * said beside the votes, so that a slip in either is noticed before a case ends by it.
 */
export const appraisal = (step: StepContext, decision: Answered<'appraisal'>): ReleaseDecision => {
  const { outcome, attendance, votes, heldOn, minutes } = decision;
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
  const carried = votes.inFavour * 2 > attendance.present;
  if (outcome === 'passed' && !carried) return refuse('votes-do-not-carry', { field: 'votes.inFavour' });
  if (outcome === 'not-passed' && carried) return refuse('votes-carry', { field: 'outcome' });
  const held = { heldOn, attendance, votes, minutes };
  if (outcome === 'passed') {
    const opens = [next(step, 'notice-posting')];
    return one({ type: 'appraisal-passed', data: { ...answer(step, opens), ...held } });
  }
  return over(
    step,
    { type: 'appraisal-not-passed', data: { ...answer(step, []), ...held } },
    'appraisal-not-passed',
  );
};

/** Never back-dated: the notice is posted at the instant at which its photo and this answer are committed. */
export const noticePosting = (step: StepContext, decision: Answered<'notice-posting'>): ReleaseDecision => {
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
