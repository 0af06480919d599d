import type { RecordedActor } from '../../domain/access/actor.ts';
import { unreachable } from '../../domain/access/decision.ts';
import { districtOf, townOf, villageOf } from '../../domain/access/identifiers.ts';
import type { Instant } from '../../domain/calendar/instant.ts';
import type { ReleaseEvent } from '../../domain/release/events.ts';
import type { ReleaseCase } from '../../domain/release/state.ts';
import { asJson } from '../../ledger/as-json.ts';
import { type LoadedStream, planAppend } from '../../ledger/stream.ts';
import type { RecordStore, RecordWrite } from '../../ports/record-store.ts';
import type { Dependencies } from '../dependencies.ts';
import { joinReportWrites, tickWrite } from '../monthly/city-report-stream.ts';
import { joinFilingWrites, leaveFilingWrites } from '../monthly/filing-stream.ts';
import { householdKey, openCaseKey, readHousehold } from '../registers/records.ts';
import { candidateWrites } from './candidate-list.ts';
import { caseStream, openCaseStreamKey, standingOf } from './case-stream.ts';
import { failedCheckWrite } from './failed-checks.ts';
import { endNoticeWrites, postNoticeWrites } from './public-notice.ts';

/** The keys are needed only where a notice is posted: timers append without them. */
type AppendDependencies = Pick<Dependencies, 'store'> & Partial<Pick<Dependencies, 'personalData'>>;

/** The lists that a case stands in: its district's, its town's and its village's. */
const listWrites = (state: ReleaseCase): RecordWrite[] =>
  [districtOf(state.group), townOf(state.group), villageOf(state.group)].map((division) => ({
    kind: 'put',
    key: { pk: `CASES#${division}`, sk: state.caseNumber },
    body: {},
    expect: 'absent',
  }));

const openingWrites = async ({ store }: AppendDependencies, state: ReleaseCase): Promise<RecordWrite[]> => {
  const pointer = await store.get(openCaseKey(state.householdId));
  return [
    ...listWrites(state),
    {
      kind: 'put',
      key: openCaseKey(state.householdId),
      body: { caseNumber: state.caseNumber },
      expect: pointer === undefined ? 'absent' : { rev: pointer.rev },
    },
    { kind: 'put', key: openCaseStreamKey(state), body: {}, expect: 'absent' },
  ];
};

const closingWrites = async ({ store }: AppendDependencies, state: ReleaseCase): Promise<RecordWrite[]> => {
  const pointer = await store.get(openCaseKey(state.householdId));
  if (pointer === undefined) throw new Error(`no case is open for the household of ${state.caseNumber}`);
  return [
    {
      kind: 'put',
      key: openCaseKey(state.householdId),
      body: { caseNumber: null },
      expect: { rev: pointer.rev },
    },
    { kind: 'delete', key: openCaseStreamKey(state), expect: { rev: 1 } },
  ];
};

/** 风险消除: the status of the household changes in the transaction of the announcement. */
const releasedWrite = async (
  { store }: AppendDependencies,
  state: ReleaseCase,
  releasedAt: Instant,
): Promise<RecordWrite> => {
  const found = await readHousehold(store, state.householdId);
  if (found === undefined) throw new Error(`the household of ${state.caseNumber} is not registered`);
  return {
    kind: 'put',
    key: householdKey(state.householdId),
    body: asJson({ ...found.household, status: 'released', releasedAt }),
    expect: { rev: found.rev },
  };
};

/** What a stopped round leaves behind it: the notice on the board, the place in a filing that was not made yet. */
const stoppedWrites = async (
  store: RecordStore,
  before: ReleaseCase | undefined,
): Promise<readonly RecordWrite[]> => {
  if (before?.stage.name === 'notice') return endNoticeWrites(store, before.stage.noticeId, 'stopped');
  if (before?.stage.name === 'filing')
    return leaveFilingWrites(store, townOf(before.group), before.stage.filingMonth, before.caseNumber);
  return [];
};

/** What else changes with an event, in the same transaction. `before` is the case without it, `after` with everything. */
const projectionWrites = async (
  deps: AppendDependencies,
  before: ReleaseCase | undefined,
  after: ReleaseCase,
  event: ReleaseEvent,
  at: Instant,
): Promise<readonly RecordWrite[]> => {
  const { store } = deps;
  const district = districtOf(after.group);
  switch (event.type) {
    case 'release-case-opened':
      return openingWrites(deps, after);
    case 'notice-posted': {
      const { personalData } = deps;
      if (personalData === undefined)
        throw new Error('a notice is posted by a person, with the keys at hand');
      return postNoticeWrites({ store, personalData }, after, event.data);
    }
    case 'notice-passed':
      return endNoticeWrites(store, event.data.noticeId, 'passed');
    case 'objection-upheld':
    case 'case-withdrawn':
    case 'case-paused':
      return stoppedWrites(store, before);
    case 'spot-check-failed':
      return [await failedCheckWrite(store, after, event.data.filingMonth)];
    case 'town-verification-approved':
    case 'unchanged-confirmed': {
      const { confirmationNeeded, filingMonth } = event.data;
      return confirmationNeeded
        ? []
        : joinFilingWrites(store, townOf(after.group), filingMonth, after.caseNumber, at);
    }
    case 'release-announced': {
      const { caseNumber, people } = after;
      return [
        await releasedWrite(deps, after, at),
        ...(await joinReportWrites(store, district, event.data.cityReportMonth, { caseNumber, people })),
      ];
    }
    case 'leadership-filed':
    case 'national-system-marked': {
      if (after.stage.name !== 'system-marking' && after.stage.name !== 'city-report') return [];
      const done = event.type === 'leadership-filed' ? { leadershipFiled: true } : { marked: true };
      return [await tickWrite(store, district, after.stage.cityReportMonth, after.caseNumber, done)];
    }
    case 'reported-to-city':
    case 'release-case-closed':
      return closingWrites(deps, after);
    case 'release-requested':
    case 'request-taken-up':
    case 'request-declined':
    case 'release-round-started':
    case 'release-round-ended':
    case 'next-round-decided':
    case 'closing-decided':
    case 'case-returned':
    case 'help-adjusted':
    case 'measures-adjusted':
    case 're-report-opened':
    case 'candidate-reported-again':
    case 'candidate-not-eligible':
    case 'household-refused':
    case 'appraisal-not-passed':
    case 'step-reminded':
    case 'home-visit-recorded':
    case 'household-confirmed':
    case 'appraisal-passed':
    case 'objection-filed':
    case 'objection-investigated':
    case 'objection-dismissed':
    case 'filed-with-district':
    case 'comparison-answered':
    case 'spot-check-drawn':
    case 'assessment-confirmed':
    case 'step-escalated':
      return [];
    default:
      return unreachable(event);
  }
};

/**
 * Everything that one decision changes, for one transaction: events, state, tasks, inboxes, and what the public, the
 * month's documents and the household's own record show of it.
 */
export const appendToCase = async (
  deps: AppendDependencies,
  {
    loaded,
    events,
    at,
    actor,
  }: {
    readonly loaded: LoadedStream<ReleaseCase>;
    readonly events: readonly ReleaseEvent[];
    readonly at: Instant;
    readonly actor: RecordedActor;
  },
): Promise<{ readonly writes: readonly RecordWrite[]; readonly state: ReleaseCase }> => {
  const interrupts = events.some((event) => event.type === 'objection-upheld');
  const round = loaded.state?.round ?? 1;
  const { writes, state } = planAppend(caseStream, {
    loaded,
    events,
    at,
    actor,
    outcome: (_taskId, after) => ({
      result: asJson(standingOf(after, round)),
      ...(interrupts ? { interrupts } : {}),
    }),
  });
  const projections: RecordWrite[] = [];
  for (const event of events) {
    projections.push(
      ...(await projectionWrites(deps, loaded.state, state, event, at)),
      ...candidateWrites(loaded.state, state, event, at),
    );
  }
  return { writes: [...writes, ...projections], state };
};
