import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { openDatabase } from '../../shared/adapters/embedded/database.ts';
import { decideTask } from '../../shared/use-cases/tasks/decide-task.ts';
import { taken } from '../support/village-world.ts';
import { median } from './arithmetic.ts';
import { durableWritesOf, rawWriter } from './durable-writes.ts';
import { startHouse } from './house.ts';
import { type Measured, rowOf } from './report.ts';
import { measuredDecision, measuredStep } from './straight-case.ts';

const goal = 1.5;
const warmUp = 60;

/**
 * One human step with everything durable that it leads to (the decision, the relay, the execution that takes the answer
 * and waits at the next step), against as many plain transactions with as many rows of as many bytes, in turn.
 */
export const measureStep = async (seeded: string, root: string, steps: number): Promise<Measured> => {
  const folder = join(root, 'step');
  cpSync(seeded, folder, { recursive: true });
  let commits = 0;
  const counting = {
    beforeCommit: () => undefined,
    afterCommit: () => {
      commits += 1;
    },
  };
  const machine = await startHouse(folder, counting);
  await machine.engine.drain();
  const step = async (serial: number): Promise<void> => {
    const { actor, ...decision } = measuredDecision(serial);
    const key = { owner: 'bench', key: `step-${serial}`, fingerprint: `step-${serial}` };
    taken(await decideTask(machine.deps, actor, decision, key));
    await machine.engine.drain();
  };
  const shapes = await durableWritesOf(() => step(1));
  const database = openDatabase(join(folder, 'raw.db'));
  const writeRaw = rawWriter(database, shapes);
  const times: { step: number; raw: number; commits: number }[] = [];
  for (let serial = 2; serial <= warmUp + steps + 1; serial += 1) {
    const before = commits;
    const began = performance.now();
    await step(serial);
    const between = performance.now();
    writeRaw();
    const done = performance.now();
    times.push({ step: between - began, raw: done - between, commits: commits - before });
  }
  database.close();
  await machine.close();
  const timed = times.slice(warmUp);
  const counts = new Set(timed.map((time) => time.commits));
  if (counts.size !== 1 || !counts.has(shapes.length))
    throw new Error(`a step did not always commit alike: ${[...counts].join(', ')} of ${shapes.length}`);
  const stepTime = median(timed.map((time) => time.step));
  const rawTime = median(timed.map((time) => time.raw));
  const name = 'step-vs-raw';
  return {
    row: rowOf({ name, value: stepTime / rawTime, unit: 'x', goal }),
    counted: [
      `one ${measuredStep}: ${shapes.length} durable transactions, ${shapes.flat().length} rows, ${shapes.flat().reduce((sum, bytes) => sum + bytes, 0)} bytes`,
      ...shapes.map((shape, index) => `transaction ${index + 1}: rows of ${shape.join(', ')} bytes`),
      `medians of ${timed.length}, in turn: step ${stepTime.toFixed(2)} ms, raw ${rawTime.toFixed(2)} ms`,
    ],
  };
};
