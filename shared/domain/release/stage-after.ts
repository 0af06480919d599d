import { unreachable } from '../access/decision.ts';
import type { ReleaseEvent } from './events.ts';
import type { RecordedReleaseEvent } from './recorded.ts';
import type { Objection, ReleaseCase, Stage } from './state.ts';

/** In the order in which they were filed. */
const withObjection = (stage: Stage, changed: Objection): Stage => {
  if (stage.name !== 'notice') return stage;
  const { objections } = stage;
  const known = objections.some(({ objectionId }) => objectionId === changed.objectionId);
  return {
    ...stage,
    objections: known
      ? objections.map((objection) => (objection.objectionId === changed.objectionId ? changed : objection))
      : [...objections, changed],
  };
};

const cityReportOf = (stage: Stage) =>
  stage.name === 'leadership-filing' || stage.name === 'system-marking'
    ? { cityReportMonth: stage.cityReportMonth, cityReportDueAt: stage.cityReportDueAt }
    : undefined;

/** @throws if the event cannot follow the stage: the ledger would be damaged. */
const required = <T>(value: T | undefined, event: RecordedReleaseEvent): T => {
  if (value === undefined)
    throw new Error(`the ledger is damaged: ${event.type} does not follow the stage before it`);
  return value;
};

const withAnswer = (
  stage: Stage,
  { department, outcome, measureIds }: Extract<ReleaseEvent, { type: 'comparison-answered' }>['data'],
): Stage => {
  if (stage.name !== 'department-comparison') return stage;
  const answered = [...stage.answered, department];
  if (outcome === 'implemented') return { ...stage, answered };
  return {
    ...stage,
    answered,
    refused: [...stage.refused, department],
    failedMeasureIds: [...stage.failedMeasureIds, ...measureIds],
  };
};

/** Where a case waits once its round is over; a closing that follows goes on from there. */
const stageAfterRound = (
  { stage }: ReleaseCase,
  { data }: Extract<ReleaseEvent, { type: 'release-round-ended' }>,
): Stage => {
  const { reason } = data;
  switch (reason) {
    case 'not-eligible':
    case 'household-refused':
    case 'appraisal-not-passed':
    case 'withdrawn':
    case 'household-changed':
    case 'objection-upheld':
      return stage;
    case 'returned-by-town':
    case 'measures-not-implemented':
    case 'spot-check-failed':
    case 'returned-by-district':
      return { name: 'adjustment', reason };
    default:
      return unreachable(reason);
  }
};

/** @returns where the case stands after the event. @throws only when the ledger is damaged. */
export const stageAfter = (state: ReleaseCase, event: RecordedReleaseEvent): Stage => {
  switch (event.type) {
    case 'release-case-opened':
    case 'step-reminded':
    case 'step-escalated':
    case 'request-taken-up':
    case 'request-declined':
    case 'candidate-not-eligible':
    case 'household-refused':
    case 'appraisal-not-passed':
    case 'case-returned':
    case 'spot-check-failed':
    case 'case-withdrawn':
    case 'help-adjusted':
    case 'measures-adjusted':
    case 'candidate-reported-again':
    case 'next-round-decided':
    case 'closing-decided':
      return state.stage;
    case 'release-requested':
      return { name: 'request' };
    case 'release-round-started':
      return { name: 'home-visit' };
    case 'home-visit-recorded':
      return { name: 'household-confirmation' };
    case 'household-confirmed':
      return { name: 'appraisal' };
    case 'appraisal-passed':
      return { name: 'notice-posting' };
    case 'notice-posted': {
      const { noticeId, postedAt, lastDay, endsAt } = event.data;
      return { name: 'notice', noticeId, postedAt, lastDay, endsAt, objections: [] };
    }
    case 'objection-filed':
      return withObjection(state.stage, { objectionId: event.data.objectionId, status: 'filed' });
    case 'objection-investigated':
      return withObjection(state.stage, { objectionId: event.data.objectionId, status: 'investigated' });
    case 'objection-dismissed':
      return withObjection(state.stage, { objectionId: event.data.objectionId, status: 'dismissed' });
    case 'objection-upheld':
      return { name: 'objection-follow-up', objectionId: event.data.objectionId };
    case 'case-paused':
      return { name: 'paused', cause: event.data.cause };
    case 'release-round-ended':
      return stageAfterRound(state, event);
    case 're-report-opened':
      return { name: 're-report' };
    case 'notice-passed':
      return { name: 'town-verification' };
    case 'town-verification-approved':
    case 'unchanged-confirmed': {
      const { filingMonth, cutOffAt, confirmationNeeded } = event.data;
      return { name: confirmationNeeded ? 'filing-confirmation' : 'filing', filingMonth, cutOffAt };
    }
    case 'filed-with-district': {
      const { month: filingMonth, spotCheckSeed, spotCheckDraw, asked } = event.data;
      return {
        name: 'department-comparison',
        filingMonth,
        spotCheckSeed,
        spotCheckDraw,
        asked,
        answered: [],
        refused: [],
        failedMeasureIds: [],
      };
    }
    case 'comparison-answered':
      return withAnswer(state.stage, event.data);
    case 'spot-check-drawn': {
      const filingMonth = state.stage.name === 'department-comparison' ? state.stage.filingMonth : undefined;
      return {
        name: 'spot-check',
        filingMonth: required(filingMonth, event),
        sampled: event.data.sampled,
      };
    }
    case 'assessment-confirmed':
      return { name: 'announcement' };
    case 'release-announced': {
      const { cityReportMonth, cityReportDueAt } = event.data;
      return { name: 'leadership-filing', cityReportMonth, cityReportDueAt };
    }
    case 'leadership-filed':
      return { name: 'system-marking', ...required(cityReportOf(state.stage), event) };
    case 'national-system-marked':
      return { name: 'city-report', ...required(cityReportOf(state.stage), event) };
    case 'reported-to-city':
      return { name: 'reported', month: event.data.month };
    case 'release-case-closed':
      return { name: 'closed', reason: event.data.reason };
    default:
      return unreachable(event);
  }
};
