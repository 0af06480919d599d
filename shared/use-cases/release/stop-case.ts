import type { PersonActor, RecordedActor } from '../../domain/access/actor.ts';
import type { Action } from '../../domain/access/authorise.ts';
import type { CivilDate } from '../../domain/calendar/instant.ts';
import { currentPolicy } from '../../domain/calendar/policy.ts';
import { contextWithoutFacts, type ReleaseCommand } from '../../domain/release/commands.ts';
import { decide } from '../../domain/release/decide.ts';
import type { EvidenceRef, PauseCause, WithdrawalReason } from '../../domain/release/events.ts';
import type { CaseNumber } from '../../domain/release/identifiers.ts';
import type { ReleaseCase } from '../../domain/release/state.ts';
import { asJson } from '../../ledger/as-json.ts';
import { commit, type IdempotencyKey } from '../../ledger/commit.ts';
import { momentFor } from '../../ledger/stream.ts';
import type { RecordWrite } from '../../ports/record-store.ts';
import { actingAs } from '../acting-as.ts';
import type { Dependencies } from '../dependencies.ts';
import { checkEvidence } from '../evidence/check-evidence.ts';
import { answerWrite, earlierAnswer } from '../idempotently.ts';
import type { Outcome } from '../outcome.ts';
import { filingHolding, recordFiling } from '../workflow/case-tasks.ts';
import { appendToCase } from './append-to-case.ts';
import { resourceOf } from './case-stream.ts';
import type { StepDecided } from './decide-case-step.ts';
import { readCaseAs } from './read-case.ts';
import { sealerFor } from './step-input.ts';

type StopDependencies = Pick<Dependencies, 'store' | 'backoff' | 'clock' | 'ids' | 'personalData' | 'vault'>;

type Stopping = {
  readonly action: Action;
  readonly evidence: readonly EvidenceRef[];
  readonly command: (by: RecordedActor) => Promise<Extract<ReleaseCommand, { type: 'withdraw' | 'pause' }>>;
  readonly texts: readonly RecordWrite[];
};

/** A case that a filing holds already has to know of it before it is stopped. */
const catchUpWithFiling = async (deps: StopDependencies, state: ReleaseCase): Promise<void> => {
  const { caseNumber, round } = state;
  if ((await filingHolding(deps.store, state)) !== undefined) await recordFiling(deps, { caseNumber, round });
};

const stop = async (
  deps: StopDependencies,
  actor: PersonActor,
  caseNumber: CaseNumber,
  { action, evidence, command, texts }: Stopping,
  idempotency: IdempotencyKey,
): Promise<Outcome<StepDecided>> => {
  const { store, clock } = deps;
  const unusable = await checkEvidence(
    deps,
    caseNumber,
    evidence.map((ref, index) => ({ field: `evidence.${index}`, ref })),
  );
  if (unusable !== undefined) return unusable;
  return commit<Outcome<StepDecided>>(deps, async () => {
    const earlier = await earlierAnswer<StepDecided>(store, idempotency);
    if (earlier !== undefined) return { writes: [], answer: earlier };
    const found = await readCaseAs(store, actor, caseNumber, action);
    if ('refusal' in found) return { writes: [], answer: found };
    const { state } = found.value;
    await catchUpWithFiling(deps, state);
    const current = await readCaseAs(store, actor, caseNumber, action);
    if ('refusal' in current) return { writes: [], answer: current };
    const by = actingAs(actor, action, resourceOf(state));
    const now = momentFor(current.value, clock.now());
    const context = contextWithoutFacts(now, actor, currentPolicy(now));
    const decided = decide(current.value.state, await command(by), context);
    if ('refusal' in decided) return { writes: [], answer: decided };
    const { events } = decided;
    const appended = await appendToCase(deps, { loaded: current.value, events, at: now, actor: by });
    const value: StepDecided = { caseNumber, round: appended.state.round, stage: appended.state.stage.name };
    return {
      writes: [...appended.writes, ...texts, answerWrite(idempotency, asJson(value))],
      answer: { value },
    };
  });
};

export type WithdrawalInput = {
  readonly reason: WithdrawalReason;
  readonly reasons: string;
  readonly evidence: readonly EvidenceRef[];
};

/** 撤回 by the household, by its village on a form that it signed, or by the district; any time before the announcement. */
export const withdrawCase = async (
  deps: StopDependencies,
  actor: PersonActor,
  { caseNumber, ...input }: { readonly caseNumber: CaseNumber } & WithdrawalInput,
  idempotency: IdempotencyKey,
): Promise<Outcome<StepDecided>> => {
  const visible = await readCaseAs(deps.store, actor, caseNumber, 'case:withdraw');
  if ('refusal' in visible) return visible;
  const { seal, writes } = sealerFor(deps, visible.value.state.householdId);
  const reasons = await seal(input.reasons);
  const { reason, evidence } = input;
  return stop(
    deps,
    actor,
    caseNumber,
    {
      action: 'case:withdraw',
      evidence,
      texts: writes,
      command: async (as) => {
        const role = 'role' in as ? as.role : undefined;
        const by =
          role === 'household' ? 'household' : role === 'bureau-officer' ? 'district' : 'signed-form';
        return { type: 'withdraw', by, reason, reasons, evidence };
      },
    },
    idempotency,
  );
};

export type PauseInput = {
  readonly cause: PauseCause;
  readonly occurredOn: CivilDate;
  readonly record: string;
};

/** A death, a split, a move or a merge is told in mid-case: the round ends, and the village says how to go on. */
export const pauseCase = async (
  deps: StopDependencies,
  actor: PersonActor,
  { caseNumber, cause, occurredOn, record: text }: { readonly caseNumber: CaseNumber } & PauseInput,
  idempotency: IdempotencyKey,
): Promise<Outcome<StepDecided>> => {
  const visible = await readCaseAs(deps.store, actor, caseNumber, 'case:pause');
  if ('refusal' in visible) return visible;
  const { seal, writes } = sealerFor(deps, visible.value.state.householdId);
  const record = await seal(text);
  return stop(
    deps,
    actor,
    caseNumber,
    {
      action: 'case:pause',
      evidence: [],
      texts: writes,
      command: async () => ({ type: 'pause', cause, occurredOn, record }),
    },
    idempotency,
  );
};
