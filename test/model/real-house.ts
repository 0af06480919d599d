import type { PersonActor } from '../../shared/domain/access/actor.ts';
import { nextMonth } from '../../shared/domain/calendar/legal-time.ts';
import type { StepDecision } from '../../shared/domain/release/commands.ts';
import type { EvidenceRef } from '../../shared/domain/release/events.ts';
import type { CaseNumber } from '../../shared/domain/release/identifiers.ts';
import type { ReleaseCase } from '../../shared/domain/release/state.ts';
import { loadStream } from '../../shared/ledger/stream.ts';
import type { RecordStore } from '../../shared/ports/record-store.ts';
import { completeFiling } from '../../shared/use-cases/monthly/file-cases.ts';
import { openMonth } from '../../shared/use-cases/monthly/open-month.ts';
import type { Outcome } from '../../shared/use-cases/outcome.ts';
import { fileObjection } from '../../shared/use-cases/release/file-objection.ts';
import { openReleaseCase, requestRelease } from '../../shared/use-cases/release/open-release-case.ts';
import type { StepInput } from '../../shared/use-cases/release/step-input.ts';
import { pauseCase, withdrawCase } from '../../shared/use-cases/release/stop-case.ts';
import { decideTask } from '../../shared/use-cases/tasks/decide-task.ts';
import {
  concludeNotice,
  recordCityReport,
  recordFiling,
} from '../../shared/use-cases/workflow/case-tasks.ts';
import { escalateStep } from '../../shared/use-cases/workflow/step-tasks.ts';
import { bureau, district, town } from '../support/release-people.ts';
import { createVillageWorld, type VillageWorld } from '../support/village-world.ts';
import type { Plan } from './plan.ts';
import type { Crash } from './real-ledger.ts';

/** The process dies at its next transaction, before or after it is committed. */
class Died extends Error {
  override readonly name = 'Died';
}

export type RealHouse = {
  readonly world: VillageWorld;
  readonly stateOf: (caseNumber: CaseNumber | undefined) => Promise<ReleaseCase | undefined>;
  /** Carries the plan out by the use case that it is for. @returns `taken`, or the code of the refusal; `refused` for timers. */
  readonly send: (plan: Plan, crash: Crash, state: ReleaseCase | undefined) => Promise<string>;
  /** What must have happened before the timer of a month can do anything. @returns whether it has. */
  readonly monthIsReady: (state: ReleaseCase) => Promise<boolean>;
};

const text = '据实填写';

/** The answer as a person sends it: its texts in the clear, its files those that were uploaded. */
const inputOf = (decision: StepDecision, photo: EvidenceRef): StepInput => {
  const { noticeId: _ours, ...sent } = { noticeId: undefined, ...decision };
  return Object.fromEntries(
    Object.entries(sent).map(([field, value]) => {
      if (field === 'record' || field === 'reasons' || field === 'announcement') return [field, text];
      if (field === 'photo') return [field, photo];
      if ((field === 'evidence' || field === 'minutes') && Array.isArray(value))
        return [field, value.map(() => photo)];
      return [field, value];
    }),
  ) as unknown as StepInput;
};

const codeOf = (outcome: Outcome<unknown>): string => ('refusal' in outcome ? outcome.refusal.code : 'taken');

/** The use cases over the embedded store, where a process may die at any transaction and is asked again. */
export const createRealHouse = async (households: number): Promise<RealHouse> => {
  let dies: 'before' | 'after' | undefined;
  const around = (store: RecordStore): RecordStore => ({
    ...store,
    transact: async (writes) => {
      const at = dies;
      dies = undefined;
      if (at === 'before') throw new Died();
      const result = await store.transact(writes);
      if (at === 'after') throw new Died();
      return result;
    },
  });
  const world = await createVillageWorld({ households, around });
  const stateOf: RealHouse['stateOf'] = async (caseNumber) =>
    caseNumber === undefined ? undefined : (await loadStream<ReleaseCase>(world.store, caseNumber)).state;

  const surviving = async (crash: Crash, go: () => Promise<string>): Promise<string> => {
    if (crash === 'two-at-once') return (await Promise.all([go(), go()]))[0];
    dies = crash === 'before-commit' ? 'before' : crash === 'after-commit' ? 'after' : undefined;
    try {
      return await go();
    } catch (error) {
      if (!(error instanceof Died)) throw error;
      return await go();
    } finally {
      dies = undefined;
    }
  };

  /** Timers are told where the case stands, whatever came of it: the ledger's length says whether anything did. */
  const asTimer = async (
    caseNumber: CaseNumber,
    go: () => Promise<unknown>,
    crash: Crash,
  ): Promise<string> => {
    const before = await loadStream(world.store, caseNumber);
    await surviving(crash, async () => String(await go()));
    const after = await loadStream(world.store, caseNumber);
    return after.version > before.version ? 'taken' : 'refused';
  };

  const send: RealHouse['send'] = async ({ caseNumber, command, actor }, crash, state) => {
    const key = world.key();
    const by = actor as PersonActor;
    const byPerson = (go: () => Promise<Outcome<unknown>>): Promise<string> =>
      surviving(crash, async () => codeOf(await go()));
    const round = 'round' in command ? command.round : 0;
    switch (command.type) {
      case 'report-candidate':
        return byPerson(() => openReleaseCase(world, by, command, key));
      case 'request-release':
        return byPerson(() => requestRelease(world, by, command, key));
      case 'decide-step': {
        const input = inputOf(command.decision, await world.photo(caseNumber));
        return byPerson(() => decideTask(world, by, { taskId: command.taskId, input }, key));
      }
      case 'withdraw': {
        const { reason, evidence: shown } = command;
        const photo = await world.photo(caseNumber);
        const evidence = shown.map(() => photo);
        return byPerson(() => withdrawCase(world, by, { caseNumber, reason, reasons: text, evidence }, key));
      }
      case 'pause': {
        const { cause, occurredOn } = command;
        return byPerson(() => pauseCase(world, by, { caseNumber, cause, occurredOn, record: text }, key));
      }
      case 'file-objection': {
        if (state?.stage.name !== 'notice') return 'notice-not-running';
        const { noticeId } = state.stage;
        const { ground } = command;
        return byPerson(() => fileObjection(world, { noticeId, ground, statement: text }, key));
      }
      case 'escalate-step':
        return asTimer(caseNumber, () => escalateStep(world, { taskId: command.taskId }), crash);
      case 'conclude-notice':
        return asTimer(caseNumber, () => concludeNotice(world, { caseNumber, round }), crash);
      case 'record-filing':
        return asTimer(caseNumber, () => recordFiling(world, { caseNumber, round }), crash);
      case 'record-city-report':
        return asTimer(caseNumber, () => recordCityReport(world, { caseNumber, round }), crash);
      default:
        return command satisfies never;
    }
  };

  const monthIsReady: RealHouse['monthIsReady'] = async ({ stage }) => {
    await openMonth(world);
    if (stage.name === 'filing') {
      world.passTo(stage.cutOffAt);
      await completeFiling(world, { town, month: stage.filingMonth });
    }
    if (stage.name === 'city-report') {
      world.passTo(`${nextMonth(stage.cityReportMonth)}-02 09:00`);
      await openMonth(world);
      const taskId = `C-${district}-${stage.cityReportMonth}.city-report-signature`;
      const signed = codeOf(
        await decideTask(world, bureau, { taskId, input: { step: 'city-report-signature' } }, world.key()),
      );
      return signed === 'taken' || signed === 'task-not-open';
    }
    return true;
  };
  return { world, stateOf, send, monthIsReady };
};
