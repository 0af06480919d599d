import type { Machine } from '../../local/machine.ts';
import { getReleaseCase } from '../../shared/use-cases/release/get-release-case.ts';
import { listReleaseCases } from '../../shared/use-cases/release/list-release-cases.ts';
import { decideTask } from '../../shared/use-cases/tasks/decide-task.ts';
import { listTasks } from '../../shared/use-cases/tasks/list-tasks.ts';
import { bureau, villager } from '../support/release-people.ts';
import { taken } from '../support/village-world.ts';
import { logLogSlope, median } from './arithmetic.ts';
import { startHouse } from './house.ts';
import { type Measured, rowOf } from './report.ts';
import { caseOf, measuredDecision } from './straight-case.ts';

const goal = 0.1;
const pageOf = 20;

type Sized = { readonly size: number; readonly machine: Machine };
/** One operation on one house; what is prepared or carried on around it is not timed. */
type Operation = {
  readonly run: (house: Sized, serial: number) => Promise<void>;
  readonly afterwards?: (house: Sized) => Promise<void>;
};

const operations: Readonly<Record<string, Operation>> = {
  'read-case': {
    run: async ({ machine }, serial) => {
      taken(await getReleaseCase(machine.deps, villager, caseOf(serial)));
    },
  },
  'read-inbox': {
    run: async ({ machine }) => {
      const { tasks } = await listTasks(machine.deps, villager, { limit: pageOf });
      if (tasks.length !== pageOf) throw new Error('the inbox is not as full as it should be');
    },
  },
  'read-list': {
    run: async ({ machine }, serial) => {
      const { cases } = await listReleaseCases(machine.deps, bureau, {
        after: caseOf(serial),
        limit: pageOf,
      });
      if (cases.length === 0) throw new Error('the list is empty');
    },
  },
  append: {
    run: async ({ machine }, serial) => {
      const { actor, ...decision } = measuredDecision(serial);
      const key = { owner: 'bench', key: `growth-${serial}`, fingerprint: `growth-${serial}` };
      taken(await decideTask(machine.deps, actor, decision, key));
    },
    afterwards: ({ machine }) => machine.engine.drain(),
  },
  timer: {
    run: async ({ machine }) => {
      const due = machine.runner.nextDueAt();
      if (due === undefined) throw new Error('nothing waits');
      await machine.engine.advanceTo(due);
    },
  },
};

/** @returns the times of each size, measured in turn, so that whatever else the computer does meets all of them. */
const timesInTurn = async (
  houses: readonly Sized[],
  { run, afterwards }: Operation,
  turns: number,
): Promise<ReadonlyMap<number, number[]>> => {
  const times = new Map<number, number[]>(houses.map(({ size }) => [size, []]));
  const warmUp = Math.ceil(turns / 5);
  for (let turn = 0; turn < warmUp + turns; turn += 1) {
    for (const house of houses) {
      // Spread over all of the cases: neither always the first page of the file nor always the last.
      const serial = 2 + Math.floor(((turn + 0.5) / (warmUp + turns)) * (house.size - 2));
      const began = performance.now();
      await run(house, serial);
      const took = performance.now() - began;
      if (turn >= warmUp) times.get(house.size)?.push(took);
      await afterwards?.(house);
    }
  }
  return times;
};

const growthOf = async (
  houses: readonly Sized[],
  name: string,
  turns: number,
): Promise<{ readonly slope: number; readonly line: string }> => {
  const operation = operations[name];
  if (operation === undefined) throw new Error(`no operation ${name}`);
  const times = await timesInTurn(houses, operation, turns);
  const points = [...times].map(([size, taken]) => ({ size, time: median(taken) }));
  const slope = logLogSlope(points);
  const told = points.map(({ size, time }) => `${size} cases ${time.toFixed(3)} ms`).join(', ');
  return { slope, line: `${name}: ${told}; slope ${slope.toFixed(3)}` };
};

/** How the time of one decision, one timer and one read grows from the smallest house to the largest. */
export const measureGrowth = async (
  folders: ReadonlyMap<number, string>,
  turns: number,
  progress: (line: string) => void,
): Promise<readonly Measured[]> => {
  const houses: Sized[] = [];
  for (const [size, folder] of folders) houses.push({ size, machine: await startHouse(folder) });
  for (const { machine } of houses) await machine.engine.drain();
  const grown = new Map<string, { readonly slope: number; readonly line: string }>();
  for (const name of Object.keys(operations)) {
    grown.set(name, await growthOf(houses, name, turns));
    progress(`growth of ${name} measured`);
  }
  for (const { machine } of houses) await machine.close();
  const measured = (name: string, of: readonly string[], first: string): Measured => {
    const parts = of.flatMap((part) => grown.get(part) ?? []);
    const value = Math.max(...parts.map(({ slope }) => slope));
    return {
      row: rowOf({ name, value, unit: 'exponent', goal }),
      counted: [first, ...parts.map(({ line }) => line)],
    };
  };
  return [
    measured('growth-append', ['append'], 'a decision, committed'),
    measured(
      'growth-timer',
      ['timer'],
      'the next due time found, whoever is late reminded or called for by the level above, and waiting again',
    ),
    measured(
      'growth-read',
      ['read-case', 'read-inbox', 'read-list'],
      `a case with its history, a page of ${pageOf} of an inbox, one of the list: the worst of the three`,
    ),
  ];
};
