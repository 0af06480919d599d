import { once } from 'node:events';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Machine } from '../../local/machine.ts';
import { putPerson } from '../../shared/use-cases/registers/put-person.ts';
import { registrar, taken } from '../support/village-world.ts';
import { percentile } from './arithmetic.ts';
import { startHouse } from './house.ts';
import type { Load, LoadTold, Shot } from './http-clients.ts';
import { type Measured, rowOf } from './report.ts';
import { measuredDecision, measuredStep } from './straight-case.ts';

const clients = 8;

const shotOf = async (machine: Machine, serial: number): Promise<Shot> => {
  const { actor, taskId, input } = measuredDecision(serial);
  const { personId, ownHousehold } = actor;
  if (ownHousehold === undefined) throw new Error('the measured step belongs to the household');
  taken(await putPerson(machine.deps, registrar, { personId, name: '赵守线', offices: [], ownHousehold }));
  const token = await machine.issueToken(personId);
  return { path: `/v1/tasks/${taskId}/decision`, token, key: `api-${serial}`, body: JSON.stringify(input) };
};

/** The clients run in a thread of their own, so that they do not take the time of the one that serves them. */
const fire = async (load: Load): Promise<LoadTold> => {
  const worker = new Worker(new URL('./http-clients.ts', import.meta.url), { workerData: load });
  const [told] = (await once(worker, 'message')) as [LoadTold];
  await worker.terminate();
  return told;
};

/** Decisions through the real gateway on loopback, each by its own account, while the engine carries them on. */
export const measureApi = async (
  seeded: string,
  root: string,
  decisions: number,
): Promise<readonly Measured[]> => {
  const folder = join(root, 'api');
  cpSync(seeded, folder, { recursive: true });
  const machine = await startHouse(folder);
  await machine.engine.drain();
  const warmUp = Math.ceil(decisions / 5);
  const shots: Shot[] = [];
  for (let serial = 2; serial < 2 + warmUp + decisions; serial += 1)
    shots.push(await shotOf(machine, serial));
  const { baseUrl } = machine;
  await fire({ baseUrl, clients, shots: shots.slice(0, warmUp) });
  const { wallMillis, latencies } = await fire({ baseUrl, clients, shots: shots.slice(warmUp) });
  await machine.close();
  const perSecond = (1000 * latencies.length) / wallMillis;
  const p99 = percentile(latencies, 0.99);
  return [
    {
      row: rowOf({ name: 'api-writes-per-s', value: perSecond, unit: '1/s', goal: null, better: 'higher' }),
      counted: [
        `${latencies.length} decisions (${measuredStep}), ${clients} clients, each answered after its commit`,
        `p50 ${percentile(latencies, 0.5).toFixed(1)} ms, p99 ${p99.toFixed(1)} ms`,
        'in the same time the same process carries the workflows on',
      ],
    },
    { row: rowOf({ name: 'api-write-p99-ms', value: p99, unit: 'ms', goal: null }), counted: [] },
  ];
};
