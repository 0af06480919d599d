import { rmSync } from 'node:fs';
import { throwawayFolder } from '../../local/demo/throwaway-folder.ts';
import type { World } from '../../local/demo/world.ts';
import { type Machine, startMachine } from '../../local/machine.ts';
import { importDemoDistrict } from '../../local/seed/import-district.ts';
import type { DistrictCode, PersonId } from '../../shared/domain/access/identifiers.ts';
import { type CivilDate, type Instant, parseInstant } from '../../shared/domain/calendar/instant.ts';

export type EmbeddedWorld = {
  readonly machine: Machine;
  readonly world: World;
  readonly folder: string;
  /** Defects that the machine reported. */
  readonly defects: readonly unknown[];
  stop(): Promise<void>;
};

/** A real embedded machine on a virtual clock with the demo district, and a world on it that speaks HTTP. */
export const embeddedWorld = async (
  afterEachStep?: (machine: Machine, line: string) => Promise<void>,
): Promise<EmbeddedWorld> => {
  const folder = throwawayFolder();
  const defects: unknown[] = [];
  const machine = await startMachine({
    folder,
    port: 0,
    clock: { virtualFrom: '2022-09-05T01:00:00.000Z' as Instant },
    house: { district: '610302' as DistrictCode, registrar: 'registrar' as PersonId },
    report: (error) => defects.push(error),
  });
  await importDemoDistrict({
    baseUrl: machine.baseUrl,
    token: await machine.issueToken('registrar'),
    today: '2022-09-05' as CivilDate,
  });
  await machine.runTimer('open-month');
  let pending: Promise<void> = Promise.resolve();
  const world: World = {
    baseUrl: machine.baseUrl,
    send: async (url, init) => {
      await pending;
      return fetch(url, init);
    },
    token: (personId) => machine.issueToken(personId),
    now: async () => machine.deps.clock.now(),
    advanceTo: async (to) => {
      await pending;
      const instant = parseInstant(to);
      if (instant === undefined) throw new Error(`no instant: ${to}`);
      await machine.engine.advanceTo(instant);
    },
    progress: (line) => {
      if (afterEachStep !== undefined) pending = pending.then(() => afterEachStep(machine, line));
    },
  };
  return {
    machine,
    world,
    folder,
    defects,
    async stop() {
      await pending;
      await machine.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
};
