import type { PersonActor, RecordedActor } from '../../shared/domain/access/actor.ts';
import type { ReleaseCommand } from '../../shared/domain/release/commands.ts';
import { decide } from '../../shared/domain/release/decide.ts';
import { type CaseNumber, caseNumberOf, type TaskId } from '../../shared/domain/release/identifiers.ts';
import type { ReleaseCase } from '../../shared/domain/release/state.ts';
import { loadStream } from '../../shared/ledger/stream.ts';
import type { Dependencies } from '../../shared/use-cases/dependencies.ts';
import { putHousehold } from '../../shared/use-cases/registers/put-household.ts';
import { putHouseholdFacts } from '../../shared/use-cases/registers/put-household-facts.ts';
import { appendToCase } from '../../shared/use-cases/release/append-to-case.ts';
import { recordedAs } from '../../shared/use-cases/release/case-stream.ts';
import { type StepInput, sealStep } from '../../shared/use-cases/release/step-input.ts';
import { district, goodFacts, group, leader, villager } from '../support/release-people.ts';
import { contextOf, goodAnswers, report } from '../support/release-story.ts';
import { homeOf, householdOf, registrar, secretsOf, taken, texts } from '../support/village-world.ts';

/** What seeding needs; the clock is its own. */
export type SeedingDependencies = Pick<Dependencies, 'store' | 'backoff' | 'ids' | 'personalData' | 'house'>;

/** The step at which every seeded case stands, and which the bench decides. It needs no file, so none is measured. */
export const measuredStep = 'household-confirmation';

/** The days of the seeded part; the clock of a bench stands later. */
const reportedAt = '2022-09-20 09:00';
const visitedAt = '2022-09-21 10:00';

export const caseOf = (serial: number): CaseNumber => caseNumberOf(district, '2022', serial);
export const measuredTask = (serial: number): TaskId => `${caseOf(serial)}.r1.${measuredStep}` as TaskId;

/** Who decides the measured step of a case, and the answer with which the straight path goes on. */
export const measuredDecision = (
  serial: number,
): { readonly actor: PersonActor; readonly taskId: TaskId; readonly input: StepInput } => ({
  actor: homeOf(serial),
  taskId: measuredTask(serial),
  input: goodAnswers[measuredStep],
});

const registered = async (deps: SeedingDependencies, serial: number): Promise<void> => {
  const householdId = householdOf(serial);
  const { address, head, headId, phone } = secretsOf(serial);
  const member = { memberId: 'm1', name: head, idNumber: headId, relation: '户主', ableToWork: true, phone };
  taken(
    await putHousehold(deps, registrar, {
      householdId,
      group,
      category: 'marginal',
      address,
      head: 'm1',
      members: [member],
      ...(goodFacts.monitoredSince === undefined ? {} : { monitoredSince: goodFacts.monitoredSince }),
    }),
  );
  taken(await putHouseholdFacts(deps, registrar, householdId, goodFacts));
};

const committed = async (
  deps: SeedingDependencies,
  caseNumber: CaseNumber,
  command: ReleaseCommand,
  by: PersonActor,
  at: string,
  actorOf: (state: ReleaseCase | undefined) => RecordedActor | undefined,
): Promise<void> => {
  const loaded = await loadStream<ReleaseCase>(deps.store, caseNumber);
  const context = contextOf({ by, at });
  const decision = decide(loaded.state, command, context);
  const actor = actorOf(loaded.state);
  if ('refusal' in decision || actor === undefined) throw new Error(`${command.type} cannot be seeded`);
  const { writes } = await appendToCase(deps, { loaded, events: decision.events, at: context.now, actor });
  const { committed: done } = await deps.store.transact(writes);
  if (!done) throw new Error(`${command.type} was not committed`);
};

/** Registers household `serial`, opens its case and records the home visit: the case then stands at {@link measuredStep}. */
export const seedCase = async (deps: SeedingDependencies, serial: number): Promise<void> => {
  const caseNumber = caseOf(serial);
  const householdId = householdOf(serial);
  await registered(deps, serial);
  const opening = { ...report, caseNumber, householdId };
  await committed(deps, caseNumber, opening, leader, reportedAt, () => ({
    personId: leader.personId,
    role: 'grid-leader',
    inbox: `${group}`,
  }));
  const visit = { ...goodAnswers['home-visit'], record: texts.visit };
  const { decision, writes } = await sealStep(deps, householdId, visit);
  await deps.store.transact(writes);
  const taskId = `${caseNumber}.r1.home-visit` as TaskId;
  await committed(
    deps,
    caseNumber,
    { type: 'decide-step', taskId, decision },
    villager,
    visitedAt,
    (state) => {
      const task = state?.tasks.find((open) => open.taskId === taskId);
      return task === undefined ? undefined : recordedAs(villager, task);
    },
  );
};
