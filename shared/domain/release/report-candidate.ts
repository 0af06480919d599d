import { refuse } from '../access/decision.ts';
import type { Instant } from '../calendar/instant.ts';
import { civilDateOf } from '../calendar/legal-time.ts';
import type { Policy } from '../calendar/policy.ts';
import type { DecisionContext, ReleaseCommand } from './commands.ts';
import type { ReleaseEvent, RoundCause } from './events.ts';
import type { HouseholdFacts } from './facts.ts';
import { type CasePlace, releaseTask } from './open-task.ts';
import type { ReleaseDecision } from './refusals.ts';
import { assessRelease, failedRules } from './release-standards.ts';
import type { RestartedClock } from './rules/finding.ts';
import { dutiesConflict } from './separation-of-duties.ts';

type RoundTerms = {
  readonly round: number;
  readonly cause: RoundCause;
  readonly now: Instant;
  readonly policy: Policy;
  readonly facts: HouseholdFacts;
  /** What counts anew because it failed in an earlier round. */
  readonly clock?: RestartedClock;
};

/** A round begins at the home visit, under the policy in force today and with the standards held against today's facts. */
export const roundStarted = (place: CasePlace, terms: RoundTerms): ReleaseEvent => {
  const { round, cause, now, policy, facts, clock } = terms;
  return {
    type: 'release-round-started',
    data: {
      round,
      cause,
      policyVersion: policy.version,
      findings: assessRelease(facts, policy, civilDateOf(now), clock),
      measures: facts.measures ?? [],
      opens: [releaseTask(place, { round, step: 'home-visit', openedAt: now, policy })],
    },
  };
};

type CandidateCommand = Extract<ReleaseCommand, { type: 'report-candidate' | 'request-release' }>;

/**
 * 农户提: the household asks. Whether it meets the standards is for the grid leader's list of the month to answer; the
 * request is due with that list, or with the next where the month leaves less time than the policy gives.
 */
export const requestRelease = (
  { caseNumber, householdId, group, people, monitored }: CandidateCommand,
  { now, policyInForce: policy }: DecisionContext,
): ReleaseDecision => {
  if (!monitored) return refuse('household-not-monitored', { field: 'householdId' });
  const place = { caseNumber, householdId, group };
  const round = 1;
  const opens = [releaseTask(place, { round, step: 'request-answer', openedAt: now, policy })];
  return {
    events: [
      { type: 'release-case-opened', data: { caseNumber, householdId, group, people } },
      { type: 'release-requested', data: { round, policyVersion: policy.version, opens } },
    ],
  };
};

/**
 * The candidate report. A standard that is known not to be met refuses it; what is not known yet does not: people
 * report, and the visit finds out.
 */
export const reportCandidate = (command: CandidateCommand, context: DecisionContext): ReleaseDecision => {
  const { caseNumber, householdId, group, people, monitored } = command;
  if (!monitored) return refuse('household-not-monitored', { field: 'householdId' });
  const conflict = dutiesConflict({ householdId, deciders: [] }, context.actor, {
    role: 'grid-leader',
    division: group,
  });
  if (conflict !== undefined) return conflict;
  const started = roundStarted(
    { caseNumber, householdId, group },
    {
      round: 1,
      cause: 'candidate-reported',
      now: context.now,
      policy: context.policyInForce,
      facts: context.facts,
    },
  );
  const failed = started.type === 'release-round-started' ? failedRules(started.data.findings) : [];
  if (failed.length > 0)
    return refuse('release-standards-not-met', { field: 'householdId', because: failed });
  return {
    events: [{ type: 'release-case-opened', data: { caseNumber, householdId, group, people } }, started],
  };
};
