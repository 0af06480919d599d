import { cpSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { throwawayFolder } from '../../local/demo/throwaway-folder.ts';
import { askFor, type World } from '../../local/demo/world.ts';
import { importDemoDistrict } from '../../local/seed/import-district.ts';
import type { CivilDate } from '../../shared/domain/calendar/instant.ts';
import { bundleDoomedMachine, crashingWorld } from '../support/crashing-world.ts';
import { type CaseSeen, seeCase } from '../support/three-households/steps.ts';
import type { LedgerCheck } from '../support/three-households/story.ts';
import { playSlowly } from './slow-story.ts';

/** States that only a defect or a service fault leads to; the runner's own tests walk those. */
const onlyAfterDefects = new Set([
  'NeedsAnOperator',
  'ComparisonNeedsAnOperator',
  'AdjustmentNeedsAnOperator',
  'StageUnknown',
]);

type States = { readonly States: Readonly<Record<string, { readonly ItemProcessor?: States }>> };

const statesOf = ({ States }: States): string[] =>
  Object.entries(States).flatMap(([name, { ItemProcessor }]) => [
    name,
    ...(ItemProcessor === undefined ? [] : statesOf(ItemProcessor)),
  ]);

const everyState = ['release-case', 'monthly-filing', 'city-report'].flatMap((workflow) => {
  const file = join(import.meta.dirname, '..', '..', 'workflows', workflow, `${workflow}.asl.json`);
  return statesOf(JSON.parse(readFileSync(file, 'utf8')) as States)
    .filter((state) => !onlyAfterDefects.has(state))
    .map((state) => `${workflow}/${state}`);
});

let folder = '';
let entry = '';

/** What happened, told without what differs from run to run. */
const told = ({ timeline, round, stage }: CaseSeen) => ({
  round,
  stage,
  facts: timeline.map(({ seq, type, actor }) => `${seq} ${type} ${actor.role ?? actor.system ?? 'public'}`),
});

const outcomeOf = async (world: World, cases: readonly string[]) => ({
  cases: await Promise.all(
    cases.map(async (caseNumber) => told(await seeCase(world, caseNumber, 'auditor-1'))),
  ),
  checks: (
    await Promise.all(
      cases.map((caseNumber) => askFor<LedgerCheck>(world, `/v1/audit/${caseNumber}`, { as: 'auditor-1' })),
    )
  ).map(({ events, verified, problems }) => ({ events, verified, problems })),
});

beforeAll(async () => {
  // SIGKILL takes no memory with it that other processes can see: what was written is there, as on a disk.
  folder = throwawayFolder();
  entry = await bundleDoomedMachine(folder);
  const calm = await crashingWorld(entry, join(folder, 'seed'), 'after');
  await calm.spare();
  const token = await calm.token('registrar');
  await importDemoDistrict({ baseUrl: calm.baseUrl, token, today: '2022-09-05' as CivilDate });
  await calm.stop();
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const play = async (name: string, moment: 'before' | 'after', spared: boolean) => {
  cpSync(join(folder, 'seed'), join(folder, name), { recursive: true });
  const world = await crashingWorld(entry, join(folder, name), moment);
  if (spared) await world.spare();
  const cases = await playSlowly(world);
  await world.spare();
  const outcome = await outcomeOf(world, cases);
  await world.stop();
  return { outcome, kills: world.kills(), killedIn: world.killedIn() };
};

describe.concurrent('killed with SIGKILL in every persisted state', () => {
  test.each(['before', 'after'] as const)(
    'just %s every write, nothing is lost and nothing doubled',
    async (moment) => {
      const calm = await play(`calm-${moment}`, moment, true);
      const killed = await play(`killed-${moment}`, moment, false);
      expect(calm.outcome.checks.every(({ verified }) => verified)).toBe(true);
      expect(killed.outcome).toEqual(calm.outcome);
      expect(everyState.filter((state) => !killed.killedIn.has(state))).toEqual([]);
      expect(killed.kills).toBeGreaterThan(everyState.length);
      console.log(`killed just ${moment} a write: ${killed.kills} times, in ${killed.killedIn.size} states`);
    },
  );
});
