import { refuse } from '../access/decision.ts';
import type { Instant } from '../calendar/instant.ts';
import { civilDateOf } from '../calendar/legal-time.ts';
import type { Policy } from '../calendar/policy.ts';
import type { DecisionContext, ReleaseCommand } from './commands.ts';
import type { ReleaseEvent } from './events.ts';
import type { HouseholdFacts } from './facts.ts';
import { type CasePlace, releaseTask } from './open-task.ts';
import type { ReleaseDecision } from './refusals.ts';
import { assessRelease } from './release-standards.ts';
import { dutiesConflict } from './separation-of-duties.ts';

type RoundTerms = {
  readonly round: number;
  readonly cause: 'candidate-reported' | 'objection-upheld';
  readonly now: Instant;
  readonly policy: Policy;
  readonly facts: HouseholdFacts;
};

/** A round begins at the home visit, under the policy in force today and with the standards held against today's facts. */
export const roundStarted = (place: CasePlace, terms: RoundTerms): ReleaseEvent => {
  const { round, cause, now, policy, facts } = terms;
  return {
    type: 'release-round-started',
    data: {
      round,
      cause,
      policyVersion: policy.version,
      findings: assessRelease(facts, policy, civilDateOf(now)),
      measures: facts.measures ?? [],
      opens: [releaseTask(place, { round, step: 'home-visit', openedAt: now, policy })],
    },
  };
};

/**
 * The candidate report. A standard that is known not to be met refuses it; what is not known yet does not: people
 * report, and the visit finds out.
 */
export const reportCandidate = (
  command: Extract<ReleaseCommand, { type: 'report-candidate' }>,
  context: DecisionContext,
): ReleaseDecision => {
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
  const failed =
    started.type === 'release-round-started'
      ? started.data.findings.filter((finding) => finding.outcome === 'failed').map((finding) => finding.rule)
      : [];
  if (failed.length > 0)
    return refuse('release-standards-not-met', { field: 'householdId', because: failed });
  return {
    events: [{ type: 'release-case-opened', data: { caseNumber, householdId, group, people } }, started],
  };
};
