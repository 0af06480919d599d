import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { importDemoDistrict } from '../../local/seed/import-district.ts';
import type { CivilDate } from '../../shared/domain/calendar/instant.ts';
import { describeJourneys } from '../journeys/journeys.contract.ts';
import { embeddedWorld } from '../support/embedded-world.ts';
import { playOtherWays } from '../support/three-households/other-ways.ts';
import { play } from '../support/three-households/story.ts';
import { type DeployedHouse, deployHouse } from './deployed-house.ts';
import { deployedWorld } from './deployed-world.ts';
import { differences, without } from './differences.ts';
import { type StepFunctions, stepFunctionsOf } from './executions.ts';
import { type Told, toldByRunner, toldByService } from './told.ts';
import { findToolchain } from './toolchain.ts';

const startsAt = '2022-09-05T01:00:00.000Z';
const tools = await findToolchain();
if ('unavailable' in tools)
  console.log(`conformance was skipped, nothing was deployed: ${tools.unavailable}`);

describe.skipIf('unavailable' in tools)('deployed onto MiniStack by cdk deploy', () => {
  let house: DeployedHouse;
  let stepFunctions: StepFunctions;
  let story: Told[] = [];
  let calm: Told[] = [];

  beforeAll(async () => {
    if ('unavailable' in tools) return;
    // Nobody is faster than the feed here either.
    const embedded = await embeddedWorld((machine) => machine.engine.drain());
    try {
      await play(embedded.world);
      await playOtherWays(embedded.world);
      const { runner } = embedded.machine;
      calm = runner.list({ limit: 1_000 }).executions.map((one) => ({
        name: one.name,
        workflow: one.workflow,
        status: one.status.toUpperCase(),
        steps: runner.history(one).map(toldByRunner),
      }));
    } finally {
      await embedded.stop();
    }
    house = await deployHouse(tools, startsAt);
    stepFunctions = stepFunctionsOf(house);
  }, 600_000);

  afterAll(async () => {
    stepFunctions?.close();
    await house?.stop();
  });

  describeJourneys(
    'on HTTP API, Lambda, DynamoDB, its stream and Step Functions',
    async () => {
      await importDemoDistrict({
        baseUrl: house.apiUrl,
        token: await house.issuer.token('registrar'),
        today: startsAt.slice(0, 10) as CivilDate,
      });
      // The month's own timer was due before there was a town.
      await house.invoke('open-month');
      return {
        world: deployedWorld(house, stepFunctions, () => undefined),
        async stop() {
          const executions = await stepFunctions.list();
          story = await Promise.all(
            executions.map(async ({ name, workflow, status, arn }) => ({
              name,
              workflow,
              status,
              steps: (await stepFunctions.history(arn)).map(toldByService),
            })),
          );
        },
      };
    },
    'http-api',
  );

  describe('the executions of the story', () => {
    const byName = (told: readonly Told[]) =>
      new Map(told.map((one) => [one.name, one] as const).toSorted(([a], [b]) => (a < b ? -1 : 1)));
    /** What the rude client opened after the story is not part of it. */
    const ofTheStory = () => story.filter(({ name }) => byName(calm).has(name));

    test('are the same ones, and ended the same', () => {
      expect(calm.length).toBeGreaterThan(10);
      const ends = (told: readonly Told[]) =>
        [...byName(told)].map(([name, { workflow, status }]) => [name, workflow, status]);
      expect(ends(ofTheStory())).toEqual(ends(calm));
    });

    test('went through the same states with the same inputs and outputs, but for the known differences', () => {
      const told = byName(ofTheStory());
      for (const [name, one] of byName(calm)) {
        const other = told.get(name);
        expect(other).toBeDefined();
        if (other !== undefined) expect(without(differences, other), name).toEqual(without(differences, one));
      }
    });

    test.each(differences.map(({ id }) => id))('%s is still a difference', (id) => {
      const others = differences.filter((difference) => difference.id !== id);
      const told = byName(ofTheStory());
      const differ = [...byName(calm)].filter(([name, one]) => {
        const other = told.get(name);
        return (
          other === undefined ||
          JSON.stringify(without(others, other)) !== JSON.stringify(without(others, one))
        );
      });
      expect(differ.length).toBeGreaterThan(0);
    });

    test('tell nothing about the people', () => {
      const secrets = /王|李|张|刘|陈|杨|赵|黄|周|吴|H-000|610399/;
      expect(JSON.stringify(story)).not.toMatch(secrets);
    });
  });

  test('all executions are stopped, and reconciliation lets every open case go on where it stands', async () => {
    const running = async () =>
      (await stepFunctions.list()).filter(({ status }) => status === 'RUNNING').map(({ name }) => name);
    const before = await running();
    expect(before.some((name) => name.startsWith('R-'))).toBe(true);
    for (const { arn, status } of await stepFunctions.list())
      if (status === 'RUNNING') await stepFunctions.stop(arn);
    expect(await running()).toEqual([]);
    await house.invoke('reconcile-workflows');
    const next = (name: string) => name.replace(/\d+$/, (attempt) => String(Number(attempt) + 1));
    expect(await running()).toEqual(before.map(next));
  });
});

test('every difference is explained', () => {
  const page = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'conformance.md'), 'utf8');
  const rows = [...page.matchAll(/^\| `([a-z-]+)` \|/gm)].map((match) => match[1]);
  expect(rows).toEqual(differences.map(({ id }) => id));
});
