import type { FilingStanding } from '../../../workflows/monthly-filing/signals.ts';
import type { PersonActor, RecordedActor } from '../../domain/access/actor.ts';
import { authorise } from '../../domain/access/authorise.ts';
import { districtOf, type TownCode } from '../../domain/access/identifiers.ts';
import type { Instant, YearMonth } from '../../domain/calendar/instant.ts';
import { currentPolicy } from '../../domain/calendar/policy.ts';
import { filingIdOf } from '../../domain/filing/events.ts';
import { decideFiling, type Filing, type FilingRefusalCode } from '../../domain/filing/filing.ts';
import { asJson } from '../../ledger/as-json.ts';
import { commit, type IdempotencyKey, type Plan } from '../../ledger/commit.ts';
import { loadStream, momentFor, planAppend } from '../../ledger/stream.ts';
import type { RecordWrite } from '../../ports/record-store.ts';
import { actingAs } from '../acting-as.ts';
import type { Dependencies } from '../dependencies.ts';
import { answerWrite, earlierAnswer } from '../idempotently.ts';
import { accessRefusal, type Outcome } from '../outcome.ts';
import { openStreamKey } from '../release/case-stream.ts';
import { approvedCases, filingRegisterKey, filingStream, readFilingRegister } from './filing-stream.ts';
import { filingPolicy, filingStandingOf } from './standing.ts';

type FilingDependencies = Pick<Dependencies, 'store' | 'backoff' | 'clock' | 'ids'>;
type TownMonth = { readonly town: TownCode; readonly month: YearMonth };

type Filed =
  | {
      readonly refusal: {
        readonly code: FilingRefusalCode;
        readonly field?: string;
        readonly because?: readonly string[];
      };
    }
  | { readonly writes: readonly RecordWrite[]; readonly filing: Filing | undefined };

/**
 * One look at the month: who is approved and not filed yet, and the writes that file them. The register is read before
 * the members and overwritten with the filing, so an approval that commits in between makes this plan fail and start again.
 */
const planFiling = async (
  { store, ids }: FilingDependencies,
  { town, month }: TownMonth,
  type: 'file-early' | 'complete-filing',
  now: Instant,
  actor: RecordedActor,
): Promise<Filed> => {
  const loaded = await loadStream<Filing>(store, filingIdOf(town, month));
  const at = momentFor(loaded, now);
  const { register, rev } = await readFilingRegister(store, town, month);
  const approved = await approvedCases(store, town, month);
  const command = { type, approved, spotCheckSeed: ids.newSeed() };
  const decision = decideFiling(loaded.state, command, { now: at, policy: currentPolicy(at) });
  if ('refusal' in decision) return decision;
  if (decision.events.length === 0) return { writes: [], filing: loaded.state };
  const { writes, state } = planAppend(filingStream, {
    loaded,
    events: decision.events,
    at,
    actor,
    outcome: () => ({ result: {} }),
  });
  const completed = state.completedAt !== undefined;
  const body = asJson({ ...register, completed });
  return {
    writes: [
      ...writes,
      { kind: 'put', key: filingRegisterKey(town, month), body, expect: rev === 0 ? 'absent' : { rev } },
      ...(completed
        ? [
            {
              kind: 'delete',
              key: openStreamKey(districtOf(town), state.filingId),
              expect: { rev: 1 },
            } as const,
          ]
        : []),
    ],
    filing: state,
  };
};

/**
 * At the cut-off the timer files every approved case and completes the month: deciding was people's work, filing is
 * clerical. Too early, or a second time, it changes nothing and answers where the month stands.
 */
export const completeFiling = async (
  deps: FilingDependencies,
  townMonth: TownMonth,
): Promise<FilingStanding> =>
  commit(deps, async (): Promise<Plan<FilingStanding>> => {
    const planned = await planFiling(deps, townMonth, 'complete-filing', deps.clock.now(), {
      system: 'complete-filing',
    });
    if ('refusal' in planned) {
      if (planned.refusal.code !== 'cut-off-not-reached')
        throw new Error(`filing refused: ${planned.refusal.code}`);
      return { writes: [], answer: { stage: 'open', waitUntil: planned.refusal.because?.[0] ?? null } };
    }
    if (planned.filing === undefined) throw new Error('a month was completed that was never opened');
    return { writes: planned.writes, answer: filingStandingOf(planned.filing, deps.clock.now()) };
  });

/**
 * On the last working day before the cut-off the town is reminded: the month stands in its inbox until it is filed. Too
 * early, or a second time, it changes nothing and answers where the month stands.
 * @throws if the month was never opened: then an execution names a filing that never was.
 */
export const remindTown = async (
  deps: Pick<Dependencies, 'store' | 'backoff' | 'clock'>,
  { town, month }: TownMonth,
): Promise<FilingStanding> =>
  commit(deps, async (): Promise<Plan<FilingStanding>> => {
    const loaded = await loadStream<Filing>(deps.store, filingIdOf(town, month));
    const now = momentFor(loaded, deps.clock.now());
    if (loaded.state === undefined) throw new Error(`no filing ${loaded.streamId}`);
    const policy = filingPolicy(loaded.state);
    const decision = decideFiling(loaded.state, { type: 'remind-town' }, { now, policy });
    if ('refusal' in decision || decision.events.length === 0)
      return { writes: [], answer: filingStandingOf(loaded.state, now) };
    const { writes, state } = planAppend(filingStream, {
      loaded,
      events: decision.events,
      at: now,
      actor: { system: 'remind-town' },
      outcome: () => ({ result: {} }),
    });
    return { writes, answer: filingStandingOf(state, now) };
  });

export type FiledEarly = {
  readonly town: TownCode;
  readonly month: YearMonth;
  readonly number: number;
  readonly cases: readonly string[];
};

/** The town files what is approved before the cut-off; what it approves later goes in a supplement. */
export const fileEarly = async (
  deps: FilingDependencies,
  actor: PersonActor,
  townMonth: TownMonth,
  idempotency: IdempotencyKey,
): Promise<Outcome<FiledEarly>> => {
  const { store, clock } = deps;
  const { town, month } = townMonth;
  const hidden = accessRefusal(authorise(actor, 'filing:close-early', { place: town }));
  if (hidden !== undefined) return hidden;
  const recorded = actingAs(actor, 'filing:close-early', { place: town });
  return commit(deps, async (): Promise<Plan<Outcome<FiledEarly>>> => {
    const earlier = await earlierAnswer<FiledEarly>(store, idempotency);
    if (earlier !== undefined) return { writes: [], answer: earlier };
    const planned = await planFiling(deps, townMonth, 'file-early', clock.now(), recorded);
    if ('refusal' in planned) return { writes: [], answer: planned };
    const last = planned.filing?.filings.at(-1);
    const value: FiledEarly = { town, month, number: last?.number ?? 0, cases: last?.caseNumbers ?? [] };
    return { writes: [...planned.writes, answerWrite(idempotency, asJson(value))], answer: { value } };
  });
};
