import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Step, Told } from './told.ts';

/**
 * A known difference between the histories of the embedded runner and of MiniStack: how to take it out of both, so that
 * everything else can be compared. Each one is a row of `docs/conformance.md`, which says who is right.
 */
export type Difference = {
  readonly id: string;
  readonly without: (steps: readonly Step[]) => readonly Step[];
};

type States = {
  readonly States: Readonly<Record<string, { readonly Type: string; readonly ItemProcessor?: States }>>;
};

const statesInside = ({ States }: States): readonly string[] =>
  Object.values(States).flatMap(({ ItemProcessor }) =>
    ItemProcessor === undefined ? [] : [...Object.keys(ItemProcessor.States), ...statesInside(ItemProcessor)],
  );

/** The states of all workflows that stand inside a Map. */
const insideMaps: ReadonlySet<string> = new Set(
  ['release-case', 'monthly-filing', 'city-report'].flatMap((workflow) => {
    const file = join(import.meta.dirname, '..', '..', 'workflows', workflow, `${workflow}.asl.json`);
    return statesInside(JSON.parse(readFileSync(file, 'utf8')) as States);
  }),
);

const isObject = (value: Step['value']): value is Readonly<Record<string, NonNullable<Step['value']>>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const dropping =
  (drops: (step: Step) => boolean): Difference['without'] =>
  (steps) =>
    steps.filter((step) => !drops(step));

/** Leaves members of the value out. */
const ignoring =
  (concerns: (step: Step) => boolean, ...names: readonly string[]): Difference['without'] =>
  (steps) =>
    steps.map((step) =>
      concerns(step) && isObject(step.value)
        ? {
            ...step,
            value: Object.fromEntries(Object.entries(step.value).filter(([name]) => !names.includes(name))),
          }
        : step,
    );

const isTask = ({ event }: Step): boolean => event.startsWith('Task') && !event.startsWith('TaskState');

export const differences: readonly Difference[] = [
  { id: 'task-started', without: dropping(({ event }) => event === 'TaskStarted') },
  { id: 'task-submitted', without: dropping(({ event }) => event === 'TaskSubmitted') },
  {
    id: 'task-resource',
    without: ignoring(isTask, 'resource', 'resourceType'),
  },
  {
    id: 'task-scheduled',
    without: ignoring(({ event }) => event === 'TaskScheduled', 'parameters', 'timeoutInSeconds'),
  },
  {
    id: 'task-timed-out',
    without: (steps) => steps.map((step) => (step.event === 'TaskTimedOut' ? { event: 'TaskFailed' } : step)),
  },
  {
    id: 'executed-version',
    without: (steps) =>
      steps.map((step) => {
        if (step.event !== 'TaskSucceeded' || !isObject(step.value)) return step;
        const { output } = step.value;
        if (!isObject(output)) return step;
        const { ExecutedVersion: _version, ...rest } = output;
        return { ...step, value: { ...step.value, output: rest } };
      }),
  },
  {
    id: 'map-iterations',
    without: dropping(({ event }) => /^Map(StateStarted|StateSucceeded|Iteration\w+)$/.test(event)),
  },
  {
    id: 'states-inside-a-map',
    without: dropping(({ state }) => state !== undefined && insideMaps.has(state)),
  },
  {
    id: 'after-the-end',
    without: (steps) => {
      const end = steps.findIndex(({ event }) =>
        /^Execution(Succeeded|Failed|Aborted|TimedOut)$/.test(event),
      );
      return end < 0 ? steps : steps.slice(0, end + 1);
    },
  },
  {
    id: 'abort-without-cause',
    without: ignoring(
      ({ event, value }) => event === 'ExecutionAborted' && isObject(value) && value['cause'] === '',
      'cause',
    ),
  },
];

/** Branches of a Map run at the same time: who answered first is nobody's difference. */
const withAnswersInOrder = (steps: readonly Step[]): readonly Step[] => {
  const from = steps.findIndex(({ event }) => event === 'MapStateEntered');
  const to = steps.findIndex(({ event }) => event === 'MapStateExited');
  if (from < 0 || to < 0) return steps;
  const inside = steps
    .slice(from + 1, to)
    .toSorted((one, other) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1));
  return [...steps.slice(0, from + 1), ...inside, ...steps.slice(to)];
};

/** @returns the execution without the given differences. */
export const without = (known: readonly Difference[], told: Told): Told => ({
  ...told,
  steps: withAnswersInOrder(known.reduce((steps, difference) => difference.without(steps), told.steps)),
});
