import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { demoHouseholds, demoPeople } from '../../local/seed/demo-district.ts';
import { freshKey, openCase, people } from './case-story.ts';
import { type House, openDemoHouse } from './house.ts';

let house: House;
let poisoned: string;
let healthy: string;
let deadLetterId: string;

const get = (path: string, as: string = people.operator) => house.send('GET', path, { as });
const post = (path: string, body: object = {}, as: string = people.operator) =>
  house.send('POST', path, { as, key: freshKey(), body });
const executions = async () =>
  (await get('/v1/executions')).body['executions'] as { streamId: string; [name: string]: unknown }[];

beforeAll(async () => {
  house = await openDemoHouse();
  poisoned = await openCase(house, 'H-0001');
  house.executions.poison(poisoned);
  healthy = await openCase(house, 'H-0002');
  // The feed comes again with the poisoned change until it is set aside; then what comes after it goes through.
  for (let tries = 0; tries < 5; tries += 1) await house.relay();
});
afterAll(() => house.close());

test('a poisoned change ends as a dead letter and holds nobody up for ever', async () => {
  expect(house.executions.running()).toEqual([`${healthy}-r1-a1`]);
  const { status, body } = await get('/v1/dead-letters');
  expect(status).toBe(200);
  expect(body).toEqual({
    deadLetters: [
      expect.objectContaining({
        streamId: poisoned,
        item: expect.stringContaining('release-round-started'),
        tries: 5,
        error: 'RangeError',
      }),
    ],
  });
  deadLetterId = String((body['deadLetters'] as { deadLetterId: string }[])[0]?.deadLetterId);
});

test('the case that it left behind is listed first, as missing its execution', async () => {
  house.setClock('2022-09-05 09:10');
  expect(await executions()).toMatchObject([
    { streamId: poisoned, status: 'missing', stuck: true, stuckBecause: 'execution-missing' },
    { streamId: healthy, status: 'running', stuck: false },
  ]);
});

test('as long as the cause lasts a retry says so, and the letter stays', async () => {
  const { status, body } = await post(`/v1/dead-letters/${deadLetterId}/retry`);
  expect(status).toBe(409);
  expect(body).toMatchObject({ code: 'change-not-carried', because: ['RangeError'] });
  expect((await get('/v1/dead-letters')).body).toMatchObject({ deadLetters: [{ deadLetterId, tries: 5 }] });
});

test('a reconciliation goes past it and names it', async () => {
  const { status, body } = await post('/v1/executions/reconciliation');
  expect(status).toBe(200);
  // It opens the month as well, whose change nobody has carried yet: it starts what it finds missing, and says so.
  expect(body).toMatchObject({
    restarted: ['F-610302901-2022-09-a1', 'F-610302902-2022-09-a1'],
    failed: [{ streamId: poisoned, error: 'RangeError' }],
  });
  await expect(house.call('reconcile-workflows')).rejects.toMatchObject({ name: 'ReconciliationIncomplete' });
});

test('once it is mended the retry carries the change', async () => {
  house.executions.poison(undefined);
  const retried = await post(`/v1/dead-letters/${deadLetterId}/retry`);
  expect(retried).toMatchObject({ status: 200, body: { deadLetterId, streamId: poisoned } });
  expect((await get('/v1/dead-letters')).body).toEqual({ deadLetters: [] });
  expect(house.executions.running()).toContain(`${poisoned}-r1-a1`);
  expect((await post(`/v1/dead-letters/${deadLetterId}/retry`)).status).toBe(404);
});

test('a failed execution is shown by error and state, and restarted by hand', async () => {
  house.executions.ends(`${healthy}-r1-a1`, {
    status: 'failed',
    error: 'TypeError',
    failedState: 'AwaitHomeVisit',
  });
  expect((await executions())[0]).toMatchObject({
    streamId: healthy,
    stuckBecause: 'execution-failed',
    lastError: { error: 'TypeError', state: 'AwaitHomeVisit' },
  });
  expect(await post(`/v1/executions/${healthy}/retry`)).toMatchObject({
    status: 200,
    body: { streamId: healthy, restarted: `${healthy}-r1-a2` },
  });
  expect(await get(`/v1/executions/${healthy}`)).toMatchObject({
    status: 200,
    body: { open: true, stuck: false, attempts: [{ status: 'running' }, { status: 'failed' }] },
  });
});

test('everything gone: the reconciliation by hand starts all of it again, in one answer that may be asked for twice', async () => {
  house.executions.abortAll();
  const sent = { as: people.operator, key: freshKey(), body: {} };
  const first = await house.send('POST', '/v1/executions/reconciliation', sent);
  const running = house.executions.running();
  expect(first.body).toMatchObject({ failed: [] });
  expect((first.body['restarted'] as string[]).toSorted()).toEqual(
    expect.arrayContaining([`${healthy}-r1-a3`, `${poisoned}-r1-a2`]),
  );
  expect(await house.send('POST', '/v1/executions/reconciliation', sent)).toEqual(first);
  expect(house.executions.running()).toEqual(running);
  await expect(house.call('reconcile-workflows')).resolves.toMatchObject({
    restarted: [],
    deadLetters: { carried: 0, left: 0 },
  });
});

describe('whoever is no operator', () => {
  const paths = () =>
    [
      ['GET', '/v1/executions'],
      ['GET', `/v1/executions/${healthy}`],
      ['GET', '/v1/dead-letters'],
      ['POST', '/v1/executions/reconciliation'],
      ['POST', `/v1/executions/${healthy}/retry`],
      ['POST', `/v1/dead-letters/${deadLetterId}/retry`],
    ] as const;

  test.each([
    [people.bureau, 403],
    [people.auditor, 403],
    [people.village, 404],
    [people.home, 404],
  ])('%s is answered %i', async (as, status) => {
    const before = house.executions.running();
    for (const [method, path] of paths()) {
      const answer = method === 'GET' ? await get(path, as) : await post(path, {}, as);
      expect(answer.status).toBe(status);
    }
    expect(house.executions.running()).toEqual(before);
  });
});

test('no answer tells who a household is', async () => {
  const texts = await Promise.all([
    get('/v1/executions'),
    get(`/v1/executions/${healthy}`),
    get('/v1/dead-letters'),
  ]);
  const text = texts.map((answer) => answer.text).join('');
  for (const { householdId, address, members } of demoHouseholds) {
    for (const secret of [householdId, address, ...members.flatMap(({ name, idNumber }) => [name, idNumber])])
      expect(text).not.toContain(secret);
  }
  for (const { personId } of demoPeople) expect(text).not.toContain(personId);
});
