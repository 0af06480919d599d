import type { CaseStanding } from '../../../workflows/release-case/signals.ts';
import { assigneeHeldBy, inboxOf, type PersonActor, type RecordedActor } from '../../domain/access/actor.ts';
import type { Resource } from '../../domain/access/authorise.ts';
import { type DistrictCode, districtOf, villageOf } from '../../domain/access/identifiers.ts';
import { type Instant, instantFromMillis, millisOf } from '../../domain/calendar/instant.ts';
import { type Policy, policyOf } from '../../domain/calendar/policy.ts';
import type { ReleaseEvent, ReleaseTask } from '../../domain/release/events.ts';
import { evolve } from '../../domain/release/evolve.ts';
import { type CaseNumber, caseNumberPattern } from '../../domain/release/identifiers.ts';
import type { ReleaseCase } from '../../domain/release/state.ts';
import type { Recorded, StreamDefinition } from '../../ledger/stream.ts';
import type { RecordKey } from '../../ports/record-store.ts';

export const caseStream: StreamDefinition<ReleaseCase, ReleaseEvent> = {
  evolve: (state, event: Recorded<ReleaseEvent>) => evolve(state, event),
  tasksOf: (state) => state.tasks,
};

/** Every stream that still needs a workflow is listed here, for whoever rebuilds executions. */
export const openStreamKey = (district: DistrictCode, streamId: string): RecordKey => ({
  pk: `OPEN#${district}`,
  sk: streamId,
});
export const openCaseStreamKey = (state: Pick<ReleaseCase, 'group' | 'caseNumber'>): RecordKey =>
  openStreamKey(districtOf(state.group), state.caseNumber);

/** What access to a case depends on. */
export const resourceOf = (state: ReleaseCase): Resource => ({
  place: state.group,
  householdId: state.householdId,
  departments: state.departments,
});

/** @throws if the round names a policy that never was: a defect. */
export const roundPolicy = (state: Pick<ReleaseCase, 'policyVersion'>): Policy => {
  const policy = policyOf(state.policyVersion);
  if (policy === undefined) throw new Error(`no policy has the version ${state.policyVersion}`);
  return policy;
};

/** The person as the ledger records them, in the office in which they act. */
export const recordedAs = (
  actor: PersonActor,
  task: Pick<ReleaseTask, 'assignees'>,
): RecordedActor | undefined => {
  const assignee = assigneeHeldBy(actor, task.assignees);
  return assignee === undefined
    ? undefined
    : { personId: actor.personId, role: assignee.role, inbox: inboxOf(assignee) };
};

/** Spreads the cases of a deadline by village, and lets the deadline's own workflow go first. */
const afterDeadline = (deadline: Instant, state: ReleaseCase, policy: Policy): Instant => {
  const { min, max } = policy.villageWakeOffsetSeconds;
  const offset = min + (Number(villageOf(state.group).slice(-6)) % (max - min + 1));
  return instantFromMillis(millisOf(deadline) + offset * 1000);
};

const later = (a: Instant, b: Instant): Instant => (a > b ? a : b);

/** While a stage waits for a day: until when. `notBefore` is for a wait that was in vain. */
const waitUntilOf = (state: ReleaseCase, notBefore: Instant | undefined): Instant | null => {
  const { stage } = state;
  const policy = roundPolicy(state);
  const at = (instant: Instant): Instant => (notBefore === undefined ? instant : later(instant, notBefore));
  switch (stage.name) {
    case 'notice':
      return at(stage.endsAt);
    case 'filing':
      return at(afterDeadline(stage.cutOffAt, state, policy));
    case 'city-report':
      return at(afterDeadline(stage.cityReportDueAt, state, policy));
    default:
      return null;
  }
};

/**
 * Where the case stands, for the workflow of `round`.
 * @param notBefore when the workflow has just waited in vain: it does not look again earlier.
 */
export const standingOf = (state: ReleaseCase, round: number, notBefore?: Instant): CaseStanding => {
  if (round !== state.round) return { stage: 'superseded', tasks: [], waitUntil: null };
  // Of several objections the workflow has the one in view that is looked at first.
  const tasks =
    state.stage.name === 'notice'
      ? state.tasks.toSorted((a, b) => (a.wakeAt === b.wakeAt ? 0 : a.wakeAt < b.wakeAt ? -1 : 1))
      : state.tasks;
  return {
    stage: state.stage.name,
    tasks: tasks.map(({ taskId, wakeAt }) => ({ taskId, wakeAt })),
    waitUntil: waitUntilOf(state, notBefore),
  };
};

/** @returns the case number of a stream id, if it is one of a release case. */
export const asCaseNumber = (streamId: string): CaseNumber | undefined =>
  caseNumberPattern.test(streamId) ? (streamId as CaseNumber) : undefined;
