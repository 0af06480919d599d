import type { PersonActor } from '../../domain/access/actor.ts';
import { currentPolicy } from '../../domain/calendar/policy.ts';
import { decide } from '../../domain/release/decide.ts';
import type { CaseNumber, TaskId } from '../../domain/release/identifiers.ts';
import type { StageName } from '../../domain/release/state.ts';
import { asJson } from '../../ledger/as-json.ts';
import { commit, type IdempotencyKey } from '../../ledger/commit.ts';
import { momentFor, streamOfTask } from '../../ledger/stream.ts';
import type { Dependencies } from '../dependencies.ts';
import { checkEvidence } from '../evidence/check-evidence.ts';
import { answerWrite, earlierAnswer } from '../idempotently.ts';
import { type Outcome, refused } from '../outcome.ts';
import { readFacts } from '../registers/put-household-facts.ts';
import { appendToCase } from './append-to-case.ts';
import { recordedAs } from './case-stream.ts';
import { failedMonthsBefore } from './failed-checks.ts';
import { type LoadedCase, readCaseAs } from './read-case.ts';
import { evidenceNamedIn, type StepInput, sealStep } from './step-input.ts';

export type StepDecided = {
  readonly caseNumber: CaseNumber;
  readonly round: number;
  readonly stage: StageName;
};

/**
 * A person answers an open step of a case. The ledger's commit decides: who comes second on a closed step is told so.
 * Evidence must be present in the vault, in the named version, with the named hash.
 */
export const decideCaseStep = async (
  deps: Pick<Dependencies, 'store' | 'backoff' | 'clock' | 'ids' | 'personalData' | 'vault'>,
  actor: PersonActor,
  { taskId, input }: { readonly taskId: TaskId; readonly input: StepInput },
  idempotency: IdempotencyKey,
): Promise<Outcome<StepDecided>> => {
  const { store, clock, personalData } = deps;
  const look = async (): Promise<
    { readonly answer: Outcome<StepDecided> } | { readonly loaded: LoadedCase }
  > => {
    const visible = await readCaseAs(store, actor, streamOfTask(taskId), 'case:read');
    if ('refusal' in visible) return { answer: visible };
    // After the case: the same request committed between the two is found, and not taken for somebody else's decision.
    const earlier = await earlierAnswer<StepDecided>(store, idempotency);
    return earlier === undefined ? { loaded: visible.value } : { answer: earlier };
  };
  const first = await look();
  if ('answer' in first) return first.answer;
  const { caseNumber, householdId } = first.loaded.state;
  // The first plan goes by this look: if anything of it is no longer so, the commit is refused and the next looks again.
  let seen: typeof first | undefined = first;
  const unusable = await checkEvidence(deps, caseNumber, evidenceNamedIn(input));
  if (unusable !== undefined) return unusable;
  const { decision: answer, writes: texts } = await sealStep(deps, householdId, input);
  return commit<Outcome<StepDecided>>(deps, async () => {
    const current = seen ?? (await look());
    seen = undefined;
    if ('answer' in current) return { writes: [], answer: current.answer };
    const { loaded } = current;
    const { state } = loaded;
    const now = momentFor(loaded, clock.now());
    const facts = await readFacts(personalData, householdId);
    const decided = decide(
      state,
      { type: 'decide-step', taskId, decision: answer },
      {
        now,
        actor,
        policyInForce: currentPolicy(now),
        facts,
        failedMonthsBefore: await failedMonthsBefore(store, state),
      },
    );
    if ('refusal' in decided) return { writes: [], answer: decided };
    const task = state.tasks.find((open) => open.taskId === taskId);
    const recorded = task === undefined ? undefined : recordedAs(actor, task);
    if (recorded === undefined) return { writes: [], answer: refused('task-not-yours') };
    const appended = await appendToCase(deps, {
      loaded,
      events: decided.events,
      at: now,
      actor: recorded,
    });
    const value: StepDecided = { caseNumber, round: appended.state.round, stage: appended.state.stage.name };
    return {
      writes: [...appended.writes, ...texts, answerWrite(idempotency, asJson(value))],
      answer: { value },
    };
  });
};
