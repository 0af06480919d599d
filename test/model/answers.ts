import type { CivilDate } from '../../shared/domain/calendar/instant.ts';
import type { StepDecision } from '../../shared/domain/release/commands.ts';
import type { EvidenceRef } from '../../shared/domain/release/events.ts';
import { otherAnswers } from '../support/release-exits.ts';
import { goodAnswers, photo, sealed } from '../support/release-story.ts';
import { dayOf, type ModelCase, measures } from './reference-model.ts';

/** Of every step, what can come of it: that with which the case goes on, and then the rest. */
export const outcomesOf: Readonly<Record<StepDecision['step'], readonly [string, ...string[]]>> = {
  'request-answer': ['reported', 'declined'],
  'home-visit': ['eligible', 'not-eligible'],
  'household-confirmation': ['confirmed', 'refused'],
  appraisal: ['passed', 'not-passed'],
  'notice-posting': ['posted'],
  'objection-investigation': ['investigated'],
  'objection-decision': ['dismissed', 'upheld'],
  'objection-follow-up': ['start-next-round', 'close-case'],
  'town-verification': ['approved', 'returned'],
  'filing-confirmation': ['unchanged', 'returned'],
  'department-comparison': ['implemented', 'not-implemented'],
  'spot-check': ['confirmed', 'failed'],
  announcement: ['announced', 'returned'],
  'leadership-filing': ['filed'],
  'system-marking': ['marked'],
  adjustment: ['adjusted'],
  'measure-adjustment': ['adjusted'],
  're-report': ['report-again', 'close-case'],
  'pause-follow-up': ['restart-at-visit', 'close-case'],
};

const otherOf = (step: StepDecision['step'], outcome: string): StepDecision | undefined =>
  Object.values(otherAnswers).find((answer) => answer.step === step && answer.outcome === outcome);

/** The measures that are said to have failed where any may be named. */
const namedMeasures: readonly (readonly string[])[] = [[], ['m-1'], ['m-2'], ['m-1', 'm-3']];

/** The answer to an open hold as the domain takes it, and the measures that it says have failed. */
export const answerTo = (
  c: ModelCase,
  id: string,
  outcome: string,
  {
    now,
    which,
    evidence: shown,
  }: { readonly now: string; readonly which: number; readonly evidence: boolean },
): { readonly decision: StepDecision; readonly failed: readonly string[] } => {
  const [name = '', part = ''] = id.split('.');
  const step = name as StepDecision['step'];
  const evidence: readonly EvidenceRef[] = shown ? [photo] : [];
  const today = dayOf(now) as CivilDate;
  const decision = otherOf(step, outcome) ?? goodAnswers[step];
  const named = namedMeasures[which % namedMeasures.length] ?? [];
  switch (decision.step) {
    case 'appraisal':
      return { decision: { ...decision, heldOn: today }, failed: [] };
    case 'household-confirmation':
      return { decision: { ...decision, evidence }, failed: [] };
    case 'spot-check':
      return decision.outcome === 'failed'
        ? { decision: { ...decision, measureIds: named }, failed: named }
        : { decision: { ...decision, evidence }, failed: [] };
    case 'town-verification':
    case 'filing-confirmation':
    case 'announcement':
      return decision.outcome === 'returned'
        ? { decision: { ...decision, measureIds: named }, failed: named }
        : { decision, failed: [] };
    case 'department-comparison': {
      if (decision.outcome === 'implemented') return { decision, failed: [] };
      const own = Object.keys(measures).filter((measure) => measures[measure] === part);
      const reason = own.length > 0 ? 'measure-not-implemented' : 'data-contradicts';
      return { decision: { ...decision, reason, measureIds: own }, failed: own };
    }
    case 'measure-adjustment': {
      const theirs = [...c.failed].filter(
        ([measure, { since }]) => measures[measure] === part && since === undefined,
      );
      const implemented = theirs.map(([measureId]) => ({ measureId, implementedOn: today }));
      return { decision: { ...decision, measures: implemented, record: sealed }, failed: [] };
    }
    default:
      return { decision, failed: [] };
  }
};
