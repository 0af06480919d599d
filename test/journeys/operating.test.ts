import { afterAll, beforeAll, expect, test } from 'vitest';
import { ask, askFor } from '../../local/demo/world.ts';
import { demoHouseholds } from '../../local/seed/demo-district.ts';
import { type EmbeddedWorld, embeddedWorld } from '../support/embedded-world.ts';
import { reportCandidate } from '../support/three-households/steps.ts';

type Entry = { readonly streamId: string; readonly [name: string]: unknown };

let embedded: EmbeddedWorld;
let caseNumber: string;
const as = 'operator-1';

const executions = async () =>
  (await askFor<{ executions: Entry[] }>(embedded.world, '/v1/executions', { as })).executions;

beforeAll(async () => {
  embedded = await embeddedWorld();
  const [household] = demoHouseholds;
  if (household === undefined) throw new Error('nobody lives there');
  caseNumber = await reportCandidate(embedded.world, household);
  await embedded.machine.engine.drain();
});
afterAll(() => embedded.stop());

test('on a real machine everything that is open runs', async () => {
  const listed = await executions();
  expect(listed.map(({ streamId }) => streamId).toSorted()).toEqual([
    'F-610302901-2022-09',
    'F-610302902-2022-09',
    caseNumber,
  ]);
  expect(listed.find(({ streamId }) => streamId === caseNumber)).toMatchObject({
    status: 'running',
    stage: 'home-visit',
    stuck: false,
    attempt: 1,
  });
});

test('when the machine has lost every execution, they are found missing, and one call starts them again', async () => {
  embedded.machine.runner.deleteAll();
  await embedded.world.advanceTo('2022-09-05T01:10:00.000Z');
  const lost = await executions();
  expect(lost).toHaveLength(3);
  expect(new Set(lost.map(({ stuckBecause }) => stuckBecause))).toEqual(new Set(['execution-missing']));
  const { status, json } = await ask(embedded.world, '/v1/executions/reconciliation', {
    method: 'POST',
    as,
    key: 'again',
    body: {},
  });
  expect({ status, json }).toMatchObject({ status: 200, json: { open: 3, failed: [] } });
  const found = await executions();
  expect(new Set(found.map(({ status: running }) => running))).toEqual(new Set(['running']));
});
