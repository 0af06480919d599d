import type { Instant, YearMonth } from '../calendar/instant.ts';
import {
  filingCutOff,
  filingMonthOf,
  firstDay,
  monthOf,
  nextMonth,
  startOfDay,
} from '../calendar/legal-time.ts';
import type { ReleaseTask } from './events.ts';
import { releaseTask } from './open-task.ts';
import type { ReleaseDecision } from './refusals.ts';
import { returned } from './return-case.ts';
import { type Answered, answer, one, type StepContext, without } from './step-context.ts';

/**
 * The month that an approval of this instant is filed in: this month's until 24:00 of the cut-off day, then the next; and
 * the next as well for a case that came back from a filing of this very month.
 */
const filingTerms = ({
  state,
  now: approvedAt,
  policy,
}: StepContext): { filingMonth: YearMonth; cutOffAt: Instant; confirmationNeeded: boolean } => {
  const open = filingMonthOf(approvedAt, policy);
  const filingMonth = open === state.lastFiledMonth ? nextMonth(open) : open;
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

/** 镇级审核 on site: approved, or returned to the village. */
export const townVerification = (
  step: StepContext,
  decision: Answered<'town-verification'>,
): ReleaseDecision => {
  const { evidence } = decision;
  const missing = without(evidence, 'evidence');
  if (missing !== undefined) return missing;
  if (decision.outcome === 'returned') return returned(step, decision);
  const terms = filingTerms(step);
  return one({
    type: 'town-verification-approved',
    data: { ...answer(step, confirmationTask(step, terms)), evidence, ...terms },
  });
};

/** Confirmed after yet another cut-off: that was no confirmation for the month which it now falls in. */
export const filingConfirmation = (
  step: StepContext,
  decision: Answered<'filing-confirmation'>,
): ReleaseDecision => {
  if (decision.outcome === 'returned')
    return without(decision.evidence, 'evidence') ?? returned(step, decision);
  const terms = filingTerms(step);
  return one({
    type: 'unchanged-confirmed',
    data: { ...answer(step, confirmationTask(step, terms)), ...terms },
  });
};
