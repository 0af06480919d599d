import type { PersonActor } from '../../shared/domain/access/actor.ts';
import type { ReleaseCommand, StepDecision } from '../../shared/domain/release/commands.ts';
import type { PauseCause, WithdrawalReason } from '../../shared/domain/release/events.ts';
import type { HouseholdFacts } from '../../shared/domain/release/facts.ts';
import type { RecordedReleaseEvent } from '../../shared/domain/release/recorded.ts';
import {
  askedDepartments,
  day,
  departmentOfficer,
  goodFacts,
  home,
  leader,
  townOfficer,
  villager,
} from './release-people.ts';
import {
  after,
  answered,
  answering,
  goodAnswers,
  photo,
  report,
  sealed,
  stateOf,
  straightTo,
} from './release-story.ts';

/** Of each step at which two things can come out: the answers with which the case does not go on as it was meant to. */
export const otherAnswers = {
  declined: { step: 'request-answer', outcome: 'declined', reason: 'help-still-needed', reasons: sealed },
  notEligible: {
    step: 'home-visit',
    outcome: 'not-eligible',
    reason: 'income-not-stable',
    evidence: [photo],
    record: sealed,
  },
  refused: {
    step: 'household-confirmation',
    outcome: 'refused',
    reason: 'help-still-needed',
    reasons: sealed,
    evidence: [],
  },
  notPassed: {
    ...goodAnswers.appraisal,
    outcome: 'not-passed',
    votes: { inFavour: 10, against: 9, abstained: 1 },
  },
  upheld: { ...goodAnswers['objection-decision'], outcome: 'upheld' },
  closedAfterObjection: { ...goodAnswers['objection-follow-up'], outcome: 'close-case' },
  returnedByTown: {
    step: 'town-verification',
    outcome: 'returned',
    reason: 'help-not-in-place',
    measureIds: ['m-1'],
    reasons: sealed,
    evidence: [photo],
  },
  notConfirmed: {
    step: 'filing-confirmation',
    outcome: 'returned',
    reason: 'risk-not-lifted',
    measureIds: [],
    reasons: sealed,
    evidence: [photo],
  },
  notImplemented: {
    step: 'department-comparison',
    outcome: 'not-implemented',
    reason: 'measure-not-implemented',
    measureIds: ['m-1'],
    record: sealed,
  },
  dataContradict: {
    step: 'department-comparison',
    outcome: 'not-implemented',
    reason: 'data-contradicts',
    measureIds: [],
    record: sealed,
  },
  checkFailed: {
    step: 'spot-check',
    outcome: 'failed',
    reason: 'help-not-in-place',
    measureIds: ['m-2'],
    evidence: [photo],
    record: sealed,
  },
  returnedByBureau: {
    step: 'announcement',
    outcome: 'returned',
    reason: 'procedure',
    measureIds: [],
    reasons: sealed,
  },
  closedInsteadOfReport: { step: 're-report', outcome: 'close-case', record: sealed },
  closedAfterPause: { step: 'pause-follow-up', outcome: 'close-case', record: sealed },
} as const satisfies Readonly<Record<string, StepDecision>>;

export const request = { ...report, type: 'request-release' } as const satisfies ReleaseCommand;

export const withdrawal = (
  by: 'household' | 'signed-form' | 'district',
  reason: WithdrawalReason = 'not-wanted',
): Extract<ReleaseCommand, { type: 'withdraw' }> => ({
  type: 'withdraw',
  by,
  reason,
  reasons: sealed,
  evidence: by === 'signed-form' ? [photo] : [],
});

export const pausedBy = (
  cause: PauseCause,
  occurredOn = '2022-09-20',
): Extract<ReleaseCommand, { type: 'pause' }> => ({
  type: 'pause',
  cause,
  occurredOn: day(occurredOn),
  record: sealed,
});

/** One answer of a story: what, by whom, when, and of which department or objection. */
type Told = readonly [decision: StepDecision, by: PersonActor, at: string, part?: string];

/** What has happened once all of these were answered as well, in this order. @throws if one is refused. */
export const goingOn = (
  past: readonly RecordedReleaseEvent[],
  ...told: readonly Told[]
): RecordedReleaseEvent[] =>
  told.reduce<RecordedReleaseEvent[]>(
    (before, [decision, by, at, part]) => answered(before, decision, by, at, part),
    [...past],
  );

/** Asked by the household itself, on Tuesday 20 September 2022. */
export const requested = (at = '2022-09-20 09:00'): RecordedReleaseEvent[] =>
  after([], request, { by: home, at });

/** The straight case, returned by the town on 12 October because its first measure was not in place. */
export const returned = (decision: StepDecision = otherAnswers.returnedByTown): RecordedReleaseEvent[] =>
  goingOn(straightTo('town-verification'), [decision, townOfficer, '2022-10-12 15:00']);

/** The returned case, with the help adjusted and the failed measure in place since 10 November: it may be reported again from 10 May. */
export const adjusted = (): RecordedReleaseEvent[] =>
  goingOn(
    returned(),
    [goodAnswers.adjustment, villager, '2022-10-14 10:00'],
    [goodAnswers['measure-adjustment'], departmentOfficer('agriculture'), '2022-11-11 10:00'],
  );

/** What is known once the town has verified the failed measure anew. */
export const factsAfterReturn = (implementedOn = '2022-11-10'): HouseholdFacts => ({
  ...goodFacts,
  measures: (goodFacts.measures ?? []).map((measure) =>
    measure.measureId === 'm-1' ? { ...measure, implementedOn: day(implementedOn) } : measure,
  ),
});

/** The returned case in its second round. */
export const reportedAgain = (): RecordedReleaseEvent[] => {
  const past = adjusted();
  return after(past, answering(past, goodAnswers['re-report']), {
    by: leader,
    at: '2023-05-10 09:00',
    facts: factsAfterReturn(),
  });
};

/** The running round from its home visit to the posting of its notice, all on one day. */
export const posted = (past: readonly RecordedReleaseEvent[], on: string): RecordedReleaseEvent[] =>
  goingOn(
    past,
    [goodAnswers['home-visit'], villager, `${on} 09:00`],
    [goodAnswers['household-confirmation'], home, `${on} 10:00`],
    [{ ...goodAnswers.appraisal, heldOn: day(on) }, villager, `${on} 11:00`],
    [goodAnswers['notice-posting'], villager, `${on} 12:00`],
  );

/** Every department that is still asked answers that its measures are in place. */
export const comparedByTheRest = (
  past: readonly RecordedReleaseEvent[],
  at: string,
): RecordedReleaseEvent[] =>
  askedDepartments
    .filter((department) => stateOf(past).tasks.some(({ taskId }) => taskId.endsWith(`.${department}`)))
    .reduce<RecordedReleaseEvent[]>(
      (before, department) =>
        answered(
          before,
          goodAnswers['department-comparison'],
          departmentOfficer(department),
          at,
          `.${department}`,
        ),
      [...past],
    );

/** A running round, stopped by a move of the household. */
export const paused = (
  past: readonly RecordedReleaseEvent[] = straightTo('home-visit'),
): RecordedReleaseEvent[] => after(past, pausedBy('moved'), { by: villager, at: '2022-12-01 09:00' });
