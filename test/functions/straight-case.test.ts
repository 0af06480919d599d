import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { caseAtNotice, decide, freshKey, type NoticedCase, people } from './case-story.ts';
import { type House, openDemoHouse } from './house.ts';

let house: House;
let noticed: NoticedCase;

beforeAll(async () => {
  house = await openDemoHouse('2022-09-05 09:00');
  noticed = await caseAtNotice(house);
});
afterAll(() => house.close());

const round = () => ({ caseNumber: noticed.caseNumber, round: 1 });
const taskOf = (step: string): string => `${noticed.caseNumber}.r1.${step}`;
const answered = async (as: string, step: string, body: object, part = ''): Promise<unknown> => {
  const { status, body: answer } = await decide(house, as, `${taskOf(step)}${part}`, { step, ...body });
  expect({ status, answer }).toMatchObject({ status: 200 });
  return answer['stage'];
};

const departments = [
  'agriculture',
  'civil-affairs',
  'disabled-persons-federation',
  'health',
  'housing',
  'human-resources',
  'medical-insurance',
  'public-security',
];

/**
 * The functions as a workflow would call them, each with nothing but what the manifest binds it to: the waiting itself
 * is the workflows' and is tested with them.
 */
describe('one case from its notice to the city report, through the handlers alone', () => {
  test('the notice passes at its end and not before', async () => {
    expect(await house.call('read-case-standing', round())).toMatchObject({
      stage: 'notice',
      // Posted on Monday the 5th; the fifth day is Saturday the 10th, and with the Mid-Autumn days it ends on Tuesday the 13th.
      waitUntil: '2022-09-13T16:00:00.000Z',
    });
    house.setClock('2022-09-13 23:59');
    expect(await house.call('conclude-notice', round())).toMatchObject({ stage: 'notice' });
    house.setClock('2022-09-14 00:00');
    expect(await house.call('conclude-notice', round())).toMatchObject({ stage: 'town-verification' });
    expect((await house.send('GET', `/v1/notices/${noticed.noticeId}`)).body['status']).toBe('passed');
  });

  test('a step that nobody decides is escalated, and looked at again later', async () => {
    house.setClock('2022-09-22 09:00');
    const { wakeAt } = (await house.call('escalate-step', { taskId: taskOf('town-verification') })) as {
      wakeAt: string;
    };
    expect(wakeAt > '2022-09-22T01:00:00.000Z').toBe(true);
    const task = await house.send('GET', `/v1/tasks/${taskOf('town-verification')}`, { as: people.town });
    expect(task.body).toMatchObject({ status: 'open', overdue: true, escalations: 1, yours: true });
  });

  test('the town approves and files before the cut-off', async () => {
    expect(
      await answered(people.town, 'town-verification', { outcome: 'approved', evidence: [noticed.photo] }),
    ).toBe('filing');
    const filed = await house.send('POST', '/v1/filings/610302901/2022-09', {
      as: people.town,
      key: freshKey(),
      body: {},
    });
    expect(filed).toMatchObject({ status: 201, body: { number: 1, cases: [noticed.caseNumber] } });
    expect(await house.call('record-filing', round())).toMatchObject({ stage: 'department-comparison' });
    house.setClock('2022-09-26 00:00');
    expect(await house.call('complete-filing', { town: '610302901', month: '2022-09' })).toEqual({
      stage: 'completed',
      waitUntil: null,
    });
    const filing = await house.send('GET', '/v1/filings/610302901/2022-09', { as: people.bureau });
    expect(filing.body).toMatchObject({ filings: [{ early: true }], waiting: [] });
  });

  test('every department that was asked answers, then the joint-check group', async () => {
    const { tasks } = (await house.call('read-case-standing', round())) as { tasks: { taskId: string }[] };
    expect(tasks.map(({ taskId }) => taskId.split('.').at(-1))).toEqual(departments);
    for (const department of departments) {
      const part = `.${department}`;
      await answered(
        `department-${department}`,
        'department-comparison',
        { outcome: 'implemented', record: '措施已落实。' },
        part,
      );
    }
    const photo = await house.upload('checker-1', noticed.caseNumber, '抽查照片');
    const evidence = { outcome: 'confirmed', evidence: [photo], record: '与申报一致。' };
    expect(await answered('checker-1', 'spot-check', evidence)).toBe('announcement');
  });

  test('the bureau announces, files with the leadership group and marks: the household is released', async () => {
    await answered(people.bureau, 'announcement', {
      outcome: 'announced',
      announcement: '经核查,予以风险消除。',
    });
    await answered(people.bureau, 'leadership-filing', { receipt: '区领导小组备〔2022〕17号' });
    const stage = await answered(people.bureau, 'system-marking', { outsideReference: 'QG-2022-000017' });
    expect(stage).toBe('city-report');
    const household = await house.send('GET', '/v1/households/H-0001', { as: people.village });
    expect(household.body).toMatchObject({ status: 'released', openCase: noticed.caseNumber });
  });

  test('the report of the month is prepared on the 1st, signed by a person, and closes the case', async () => {
    house.setClock('2022-10-01 00:00');
    await house.call('open-month');
    const month = { district: '610302', month: '2022-09' };
    expect(await house.call('read-city-report-standing', month)).toMatchObject({ stage: 'signature' });
    expect(await house.call('record-city-report', round())).toMatchObject({ stage: 'city-report' });
    const signed = await decide(house, people.bureau, 'C-610302-2022-09.city-report-signature', {
      step: 'city-report-signature',
    });
    expect(signed).toMatchObject({ status: 200, body: { month: '2022-09', households: 1, people: 4 } });
    expect(await house.call('record-city-report', round())).toMatchObject({ stage: 'reported' });
    const household = await house.send('GET', '/v1/households/H-0001', { as: people.village });
    expect(household.body['openCase']).toBeNull();
  });

  test('the whole story stands in the case, in order, and every chain holds', async () => {
    const { body } = await house.send('GET', `/v1/release-cases/${noticed.caseNumber}`, {
      as: people.bureau,
    });
    const timeline = body['timeline'] as { type: string; localTime: string }[];
    expect(timeline.map(({ type }) => type)).toEqual([
      'release-case-opened',
      'release-round-started',
      'home-visit-recorded',
      'household-confirmed',
      'appraisal-passed',
      'notice-posted',
      'notice-passed',
      'step-escalated',
      'town-verification-approved',
      'filed-with-district',
      ...departments.map(() => 'comparison-answered'),
      'spot-check-drawn',
      'assessment-confirmed',
      'release-announced',
      'leadership-filed',
      'national-system-marked',
      'reported-to-city',
    ]);
    for (const stream of [noticed.caseNumber, 'F-610302901-2022-09', 'C-610302-2022-09']) {
      const check = await house.send('GET', `/v1/audit/${stream}`, { as: people.bureau });
      expect(check.body).toMatchObject({ verified: true, problems: [] });
    }
  });
});
