import type { CaseRound, CaseStanding } from '../../../workflows/release-case/signals.ts';
import { districtOf, townOf } from '../../domain/access/identifiers.ts';
import { instantFromMillis, millisOf } from '../../domain/calendar/instant.ts';
import { dueAfter } from '../../domain/calendar/legal-time.ts';
import { currentPolicy } from '../../domain/calendar/policy.ts';
import type { CityReport } from '../../domain/city-report/city-report.ts';
import { cityReportIdOf } from '../../domain/city-report/events.ts';
import { filingIdOf } from '../../domain/filing/events.ts';
import type { Filing } from '../../domain/filing/filing.ts';
import { contextWithoutFacts, type ReleaseCommand } from '../../domain/release/commands.ts';
import { decide } from '../../domain/release/decide.ts';
import type { ReleaseCase } from '../../domain/release/state.ts';
import { commit, type Plan } from '../../ledger/commit.ts';
import { spotCheckDraw } from '../../ledger/draw.ts';
import { loadStream, momentFor } from '../../ledger/stream.ts';
import type { RecordStore } from '../../ports/record-store.ts';
import type { Dependencies } from '../dependencies.ts';
import { appendToCase } from '../release/append-to-case.ts';
import { roundPolicy, standingOf } from '../release/case-stream.ts';
import { type LoadedCase, requireCase } from '../release/read-case.ts';

type CaseTaskDependencies = Pick<Dependencies, 'store' | 'backoff' | 'clock'>;

/** The filing of the case's town that holds it, once there is one. */
export const filingHolding = async (
  store: RecordStore,
  state: ReleaseCase,
): Promise<Filing['filings'][number] | undefined> => {
  if (state.stage.name !== 'filing') return undefined;
  const filingId = filingIdOf(townOf(state.group), state.stage.filingMonth);
  const { state: filing } = await loadStream<Filing>(store, filingId);
  return filing?.filings.find((one) => one.caseNumbers.includes(state.caseNumber));
};

/**
 * Where the case stands now. A workflow whose round is over is told `superseded`; one whose case was filed early need
 * not wait for the cut-off any more.
 */
export const readCaseStanding = async (
  { store, clock }: Pick<Dependencies, 'store' | 'clock'>,
  { caseNumber, round }: CaseRound,
): Promise<CaseStanding> => {
  const { state } = await requireCase(store, caseNumber);
  const standing = standingOf(state, round);
  const filedAlready = standing.stage === 'filing' && (await filingHolding(store, state)) !== undefined;
  return filedAlready ? { ...standing, waitUntil: clock.now() } : standing;
};

/**
 * Carries out a command of a timer on a case and answers where it stands then. A refusal is no error here: the
 * workflow woke too early, or somebody was faster; it is told where the case stands and waits on.
 */
const carryOut = async (
  deps: CaseTaskDependencies,
  { caseNumber, round }: CaseRound,
  system: string,
  plan: (
    loaded: LoadedCase,
  ) => Promise<{ readonly command: ReleaseCommand } | { readonly standing: CaseStanding }>,
): Promise<CaseStanding> =>
  commit(deps, async (): Promise<Plan<CaseStanding>> => {
    const loaded = await requireCase(deps.store, caseNumber);
    if (loaded.state.round !== round) return { writes: [], answer: standingOf(loaded.state, round) };
    const planned = await plan(loaded);
    if ('standing' in planned) return { writes: [], answer: planned.standing };
    const now = momentFor(loaded, deps.clock.now());
    const actor = { system };
    const context = contextWithoutFacts(now, actor, currentPolicy(now));
    const decision = decide(loaded.state, planned.command, context);
    if ('refusal' in decision) return { writes: [], answer: standingOf(loaded.state, round) };
    const { writes, state } = await appendToCase(deps, { loaded, events: decision.events, at: now, actor });
    return { writes, answer: standingOf(state, round) };
  });

/** The notice's time is over: passes it, unless an objection is undecided. */
export const concludeNotice = async (
  deps: CaseTaskDependencies,
  caseRound: CaseRound,
): Promise<CaseStanding> =>
  carryOut(deps, caseRound, 'conclude-notice', async () => ({
    command: { type: 'conclude-notice', round: caseRound.round },
  }));

/** After the cut-off: reads the town's filing and records that it holds the case. Not closed yet: look again later. */
export const recordFiling = async (deps: CaseTaskDependencies, caseRound: CaseRound): Promise<CaseStanding> =>
  carryOut(deps, caseRound, 'record-filing', async ({ state }) => {
    const { stage, caseNumber } = state;
    if (stage.name !== 'filing') return { standing: standingOf(state, caseRound.round) };
    const filed = await filingHolding(deps.store, state);
    if (filed === undefined) {
      const retry = millisOf(deps.clock.now()) + roundPolicy(state).retryAfter.filingNotClosedSeconds * 1000;
      return { standing: standingOf(state, caseRound.round, instantFromMillis(retry)) };
    }
    const { spotCheckSeed, number: filingNumber } = filed;
    return {
      command: {
        type: 'record-filing',
        round: caseRound.round,
        month: stage.filingMonth,
        filingNumber,
        spotCheckSeed,
        spotCheckDraw: spotCheckDraw(spotCheckSeed, caseNumber),
      },
    };
  });

/** After the 5th: records that the signed report lists the case. Not signed yet: look again tomorrow. */
export const recordCityReport = async (
  deps: CaseTaskDependencies,
  caseRound: CaseRound,
): Promise<CaseStanding> =>
  carryOut(deps, caseRound, 'record-city-report', async ({ state }) => {
    const { stage, caseNumber } = state;
    if (stage.name !== 'city-report') return { standing: standingOf(state, caseRound.round) };
    const reportId = cityReportIdOf(districtOf(state.group), stage.cityReportMonth);
    const { state: report } = await loadStream<CityReport>(deps.store, reportId);
    if (report?.signed?.cases.some((reported) => reported.caseNumber === caseNumber) !== true) {
      const { dueAt } = dueAfter(deps.clock.now(), roundPolicy(state).retryAfter.overdueDocument);
      return { standing: standingOf(state, caseRound.round, dueAt) };
    }
    return { command: { type: 'record-city-report', round: caseRound.round, month: stage.cityReportMonth } };
  });
