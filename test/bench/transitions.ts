import { randomInt } from 'node:crypto';
import type { FunctionName } from '../../functions/manifest.ts';
import { createHandlers, invocation } from '../../local/handlers.ts';
import { createRelay } from '../../local/relay.ts';
import type { HistoryEvent } from '../../local/workflow-runner/history.ts';
import { createWorkflowRunner, type WorkflowRunner } from '../../local/workflow-runner/runner.ts';
import { createSqliteChangeFeed } from '../../shared/adapters/embedded/sqlite-change-feed.ts';
import type { StageName } from '../../shared/domain/release/state.ts';
import type { Json } from '../../shared/ports/record-store.ts';
import cityReport from '../../workflows/city-report/city-report.asl.json' with { type: 'json' };
import monthlyFiling from '../../workflows/monthly-filing/monthly-filing.asl.json' with { type: 'json' };
import releaseCase from '../../workflows/release-case/release-case.asl.json' with { type: 'json' };
import { createVillageWorld } from '../support/village-world.ts';
import { type Measured, rowOf } from './report.ts';

const goal = 1.5;

/** Every stage of the straight path in which the workflow waits; after each of them it is carried on. */
const stages: readonly StageName[] = [
  'home-visit',
  'household-confirmation',
  'appraisal',
  'notice-posting',
  'notice',
  'town-verification',
  'filing',
  'department-comparison',
  'spot-check',
  'announcement',
  'leadership-filing',
  'system-marking',
  'city-report',
  'reported',
];

/** In these the case itself waits for a day. */
const waiting: ReadonlySet<StageName> = new Set(['notice', 'filing', 'city-report']);

/** What a state of the definition is there for; `overhead` serves none of the things that the straight case needs. */
export type Need = 'human step' | 'timer' | 'effect' | 'branch' | 'overhead';

/**
 * @param before the state entered before. A Choice is a branch that the case needs where a person or a function has just
 * answered and more than one thing can come next; behind a mere reading it only finds the way back.
 */
export const needOf = (type: string, name: string, before: string | undefined): Need => {
  switch (type) {
    case 'TaskStateEntered':
      if (name.startsWith('Await')) return 'human step';
      return name.startsWith('Read') ? 'overhead' : 'effect';
    case 'WaitStateEntered':
      return 'timer';
    case 'MapStateEntered':
      return 'branch';
    case 'ChoiceStateEntered':
      return before?.startsWith('Read') === true ? 'overhead' : 'branch';
    default:
      return 'overhead';
  }
};

const answerOf = async (
  handlers: ReturnType<typeof createHandlers>,
  name: string,
  payload: Json,
): Promise<{ readonly ok: true; readonly value: Json | undefined }> => {
  const handler = handlers.task.get(name as FunctionName);
  if (handler === undefined) throw new Error(`no function ${name}`);
  return { ok: true, value: (await handler(payload, invocation(name, 'bench'))) as Json | undefined };
};

/** @returns the history of the execution of a straight case, played to its report on the embedded runner. */
const straightHistory = async (): Promise<readonly HistoryEvent[]> => {
  const world = await createVillageWorld();
  const { db, clock, ids } = world;
  const runner: WorkflowRunner = createWorkflowRunner({
    db,
    definitions: { 'release-case': releaseCase, 'monthly-filing': monthlyFiling, 'city-report': cityReport },
    invoke: (name, payload) => answerOf(handlers, name, payload),
    clock,
    ids,
  });
  const handlers = createHandlers({ ...world, signals: runner.signals });
  const relay = createRelay(createSqliteChangeFeed(db, randomInt), (event) =>
    handlers.feed(event, invocation('relay-ledger', 'bench')),
  );
  const settle = async (): Promise<void> => {
    while ((await relay.carryBatch()) + (await runner.runReady()) > 0);
  };
  const caseNumber = await world.open(1);
  const execution = { workflow: 'release-case', name: `${caseNumber}-r1-a1` } as const;
  for (const stage of stages) {
    await world.playTo(caseNumber, stage);
    await settle();
    // The ledger has left a stage for which its workflow still waits: it wakes a little after the deadline.
    for (;;) {
      const [at] = runner.describe(execution)?.states ?? [];
      if (at?.dueAt === undefined || !at.name.startsWith('WaitFor') || waiting.has(stage)) break;
      world.passTo(at.dueAt);
      await settle();
    }
  }
  const { status } = runner.describe(execution) ?? {};
  if (status !== 'succeeded') throw new Error(`the straight case ended as ${status}`);
  const history = runner.history(execution);
  await runner.close();
  world.close();
  return history;
};

/** The state transitions of a straight case, from the history of its execution, against those that it needs. */
export const measureTransitions = async (): Promise<Measured> => {
  const entered = (await straightHistory()).filter(({ type }) => type.endsWith('StateEntered'));
  const names = entered.map(({ details }) => String(details['name']));
  const needs = entered.map(({ type }, index) => needOf(type, names[index] ?? '', names[index - 1]));
  const neededCount = needs.filter((need) => need !== 'overhead').length;
  const counts = Map.groupBy(needs, (need) => need);
  const name = 'transitions-vs-needed';
  return {
    row: rowOf({ name, value: entered.length / neededCount, unit: 'x', goal }),
    counted: [
      `${entered.length} states entered, ${neededCount} needed: ${[...counts].map(([need, of]) => `${of.length} ${need}`).join(', ')}`,
      ...names.map((state, index) => `${state}: ${needs[index]}`),
    ],
  };
};
