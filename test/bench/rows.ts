import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { measureApi } from './api.ts';
import { measureBundles } from './bundles.ts';
import { measureGrowth } from './growth.ts';
import { seedHouses } from './house.ts';
import type { Measured } from './report.ts';
import { measureStep } from './step.ts';
import { measureTransitions } from './transitions.ts';
import { measureWriteUnits } from './write-units.ts';

/** How much is measured. The sizes ascend; everything that does not grow is measured in the first of them. */
export type Extent = {
  readonly sizes: readonly number[];
  readonly steps: number;
  readonly decisions: number;
  readonly turns: number;
  readonly starts: number;
};

/** Measures every row, one after the other, in a folder that is gone afterwards. */
export const measureAll = async (
  { sizes, steps, decisions, turns, starts }: Extent,
  progress: (line: string) => void,
): Promise<readonly Measured[]> => {
  const root = mkdtempSync(join(tmpdir(), 'shouxian-bench-'));
  try {
    progress('a straight case is played');
    const transitions = await measureTransitions();
    const writeUnits = await measureWriteUnits();
    const bundles = await measureBundles(root, starts, progress);
    progress('houses are seeded');
    const houses = await seedHouses(root, sizes, progress);
    const smallest = houses.get(sizes[0] ?? 0);
    if (smallest === undefined) throw new Error('a bench needs a size');
    const step = await measureStep(smallest, root, steps);
    progress('steps measured');
    const api = await measureApi(smallest, root, decisions);
    progress('decisions through HTTP measured');
    const growth = await measureGrowth(houses, turns, progress);
    return [step, ...bundles, transitions, writeUnits, ...growth, ...api];
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
};
