import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { demoHouseholds } from '../../local/seed/demo-district.ts';
import { caseAtNotice, decide, freshKey, type NoticedCase, openCase, people } from './case-story.ts';
import { type Evidence, type House, openDemoHouse } from './house.ts';

let house: House;
let noticed: NoticedCase;
/** A case of the other village of the same town. */
let neighbour: string;
/** What the village gathered when it looked into the objection. */
let gathered: Evidence;

const statement = '外出务工收入不稳定,请核实。';

beforeAll(async () => {
  house = await openDemoHouse();
  noticed = await caseAtNotice(house);
  neighbour = await openCase(house, 'H-0003');
  const filed = await house.send('POST', `/v1/notices/${noticed.noticeId}/objections`, {
    key: freshKey(),
    body: { ground: 'income-not-stable', statement, contact: '13900001111' },
  });
  expect(filed.status).toBe(201);
  gathered = await house.upload(people.village, noticed.caseNumber, '与提出异议的邻居的谈话记录');
  const step = 'objection-investigation';
  const investigated = await decide(house, people.village, `${noticed.caseNumber}.r1.${step}.o1`, {
    step,
    finding: 'not-substantiated',
    evidence: [gathered],
    record: '走访邻居,情况不属实。',
  });
  expect(investigated.status).toBe(200);
});
afterAll(() => house.close());

const strangers = [people.otherVillage, people.otherTown, 'leader-610302902201001', 'home-H-0005'];

describe("somebody else's village is not there", () => {
  test.each(strangers)('for %s', async (stranger) => {
    const pairs = [
      [`/v1/households/H-0001`, '/v1/households/H-9999'],
      [`/v1/release-cases/${noticed.caseNumber}`, '/v1/release-cases/R-610302-2022-999999'],
      [`/v1/tasks/${noticed.caseNumber}.r1.home-visit`, '/v1/tasks/R-610302-2022-999999.r1.home-visit'],
      [`/v1/evidence/${noticed.photo.evidenceId}`, '/v1/evidence/01ARZ3NDEKTSV4RRFFQ69G5FAV'],
      [`/v1/audit/${noticed.caseNumber}`, '/v1/audit/R-610302-2022-999999'],
      ['/v1/filings/610302901/2022-09', '/v1/filings/610302999/2022-09'],
    ] as const;
    for (const [existing, absent] of pairs) {
      const seen = await house.send('GET', existing, { as: stranger });
      expect(seen).toEqual(await house.send('GET', absent, { as: stranger }));
      expect(seen).toMatchObject({ status: 404, body: { code: 'not-found' } });
    }
  });

  test('nor in any list', async () => {
    for (const stranger of strangers) {
      for (const path of ['/v1/tasks', '/v1/release-cases']) {
        const { status, text } = await house.send('GET', path, { as: stranger });
        expect(status).toBe(200);
        expect(text).not.toContain(noticed.caseNumber);
      }
      for (const division of ['610302901201', '610302901']) {
        const asked = await house.send('GET', '/v1/release-cases', {
          as: stranger,
          query: { division, limit: '1' },
        });
        // No cursor either: it would be the number of a case that they may not see.
        expect(asked.body).toEqual({ cases: [] });
      }
    }
  });

  test('a department sees a case only once it was asked about it', async () => {
    const { status } = await house.send('GET', `/v1/release-cases/${noticed.caseNumber}`, {
      as: 'department-health',
    });
    expect(status).toBe(404);
  });

  test('writing to it is refused in the same words', async () => {
    const upload = (caseNumber: string) =>
      house.send('POST', '/v1/evidence', {
        as: people.otherVillage,
        key: freshKey(),
        body: { caseNumber, contentType: 'image/jpeg', size: 9, sha256: 'a'.repeat(64) },
      });
    const refused = await upload(noticed.caseNumber);
    expect(refused).toEqual(await upload('R-610302-2022-999999'));
    expect(refused.status).toBe(404);
  });
});

describe('what those who are entitled see', () => {
  test('the village officer: their own cases, and not those of the next village', async () => {
    const { body } = await house.send('GET', '/v1/release-cases', { as: people.village });
    expect((body['cases'] as { caseNumber: string }[]).map(({ caseNumber }) => caseNumber)).toEqual([
      noticed.caseNumber,
    ]);
  });

  test('the household: its own case, in the list as well', async () => {
    const { body } = await house.send('GET', '/v1/release-cases', { as: people.home });
    expect(body).toMatchObject({ cases: [{ caseNumber: noticed.caseNumber }] });
    expect(body).not.toHaveProperty('next');
  });

  test('the town: both', async () => {
    const { body } = await house.send('GET', '/v1/release-cases', { as: people.town });
    expect((body['cases'] as { caseNumber: string }[]).map(({ caseNumber }) => caseNumber)).toEqual([
      noticed.caseNumber,
      neighbour,
    ]);
  });

  test('page by page, without missing one and without seeing one twice', async () => {
    const seen: string[] = [];
    let after: string | undefined;
    do {
      const { body } = await house.send('GET', '/v1/release-cases', {
        as: people.bureau,
        query: { limit: '1', ...(after === undefined ? {} : { after }) },
      });
      seen.push(...(body['cases'] as { caseNumber: string }[]).map(({ caseNumber }) => caseNumber));
      after = body['next'] as string | undefined;
    } while (after !== undefined && seen.length < 10);
    expect(seen).toEqual([noticed.caseNumber, neighbour]);
  });

  test('the household: its own case, and what was written about it, but not who objected to it', async () => {
    const path = `/v1/release-cases/${noticed.caseNumber}`;
    const own = await house.send('GET', path, { as: people.home });
    expect(own.status).toBe(200);
    expect(own.text).toContain('objection-filed');
    expect(own.text).not.toContain(statement);
    expect(own.text).not.toContain('13900001111');
    const officer = await house.send('GET', path, { as: people.village });
    expect(officer.text).toContain(statement);
  });

  test('the household: no file that was gathered about the objection, neither named nor to download', async () => {
    const path = `/v1/release-cases/${noticed.caseNumber}`;
    const own = await house.send('GET', path, { as: people.home });
    expect(own.text).toContain('objection-investigated');
    expect(own.text).not.toContain(gathered.evidenceId);
    expect(own.text).not.toContain(gathered.sha256);
    expect(own.text).toContain(noticed.photo.evidenceId);
    const evidence = (evidenceId: string, as: string) =>
      house.send('GET', `/v1/evidence/${evidenceId}`, { as });
    expect(await evidence(gathered.evidenceId, people.home)).toEqual(
      await evidence('01ARZ3NDEKTSV4RRFFQ69G5FAV', people.home),
    );
    for (const officer of [people.village, people.town, people.bureau, people.auditor, people.leader]) {
      expect((await house.send('GET', path, { as: officer })).text).toContain(gathered.evidenceId);
      expect(await evidence(gathered.evidenceId, officer)).toMatchObject({
        status: 200,
        body: { status: 'present' },
      });
    }
  });

  test('the household: the files of its case, and its own, but none that no fact names yet', async () => {
    const status = async (evidenceId: string): Promise<number> =>
      (await house.send('GET', `/v1/evidence/${evidenceId}`, { as: people.home })).status;
    expect(await status(noticed.photo.evidenceId)).toBe(200);
    const own = await house.upload(people.home, noticed.caseNumber, '我家的照片');
    expect(await status(own.evidenceId)).toBe(200);
    const unnamed = await house.upload(people.village, noticed.caseNumber, '还没有用上的照片');
    expect(await status(unnamed.evidenceId)).toBe(404);
  });

  test('nobody is handed refs, commitments or keys of sealed texts', async () => {
    const { text } = await house.send('GET', `/v1/release-cases/${noticed.caseNumber}`, {
      as: people.bureau,
    });
    expect(text).not.toMatch(/commitment|"ref"|wrapped/);
  });

  test('the ledger of the case, whole', async () => {
    const { body } = await house.send('GET', `/v1/audit/${noticed.caseNumber}`, { as: people.auditor });
    expect(body).toMatchObject({ verified: true, problems: [] });
  });

  test('an auditor sees and does nothing', async () => {
    const before = house.rowsWritten();
    const answers = [
      await house.send('PUT', '/v1/divisions/610302901', { as: people.auditor, body: { name: '别名' } }),
      await house.send('POST', '/v1/release-cases', {
        as: people.auditor,
        key: freshKey(),
        body: { householdId: 'H-0002' },
      }),
      await house.send('POST', '/v1/filings/610302901/2022-09', {
        as: people.auditor,
        key: freshKey(),
        body: {},
      }),
    ];
    for (const { status, body } of answers) {
      expect(status).toBe(403);
      expect(body['code']).toBe('role-not-permitted');
    }
    expect(house.rowsWritten()).toBe(before);
  });
});

describe('what the public sees', () => {
  const household = demoHouseholds.find(({ householdId }) => householdId === 'H-0001');

  /** Everything that could tell who it is, or that a case is behind it. */
  const secrets = (): string[] => [
    noticed.caseNumber,
    'H-0001',
    household?.address ?? '',
    '610302901201001',
    ...(household?.members ?? []).flatMap(({ name, idNumber }) => [
      name,
      name.slice(1),
      idNumber,
      idNumber.slice(6, 14),
    ]),
  ];

  test('a notice: this and nothing else', async () => {
    const { status, body, text } = await house.send('GET', `/v1/notices/${noticed.noticeId}`);
    expect(status).toBe(200);
    expect(Object.keys(body).toSorted()).toEqual([
      'endsAt',
      'holidayTablesMissing',
      'lastDay',
      'lateChannel',
      'maskedName',
      'noticeId',
      'objectionsUntil',
      'people',
      'postedAt',
      'postedOn',
      'status',
      'subject',
      'village',
      'villageName',
    ]);
    expect(body).toMatchObject({
      village: '610302901201',
      villageName: '上河村',
      people: 4,
      status: 'running',
    });
    for (const secret of secrets()) expect(text).not.toContain(secret);
  });

  test.each([{}, { division: '610302' }, { division: '610302901201' }])(
    'the board, asked with %j',
    async (query) => {
      const { body, text } = await house.send('GET', '/v1/notices', { query });
      expect((body['notices'] as { noticeId: string }[]).map(({ noticeId }) => noticeId)).toEqual([
        noticed.noticeId,
      ]);
      for (const secret of secrets()) expect(text).not.toContain(secret);
    },
  );

  test('an objection is received, and tells nothing of the case', async () => {
    const { status, body, text } = await house.send('POST', `/v1/notices/${noticed.noticeId}/objections`, {
      key: freshKey(),
      body: { ground: 'procedure', statement: '公示未张贴在公告栏。' },
    });
    expect(status).toBe(201);
    expect(Object.keys(body).toSorted()).toEqual(['noticeId', 'objectionId']);
    for (const secret of secrets()) expect(text).not.toContain(secret);
  });

  test('health and the API document, and nothing else without a token', async () => {
    expect(await house.send('GET', '/health')).toMatchObject({ status: 200, body: { status: 'ok' } });
    expect(await house.send('GET', '/v1/openapi.json')).toMatchObject({
      body: { openapi: expect.stringMatching(/^3\.1/) },
    });
    for (const path of ['/v1/tasks', '/v1/release-cases', `/v1/release-cases/${noticed.caseNumber}`]) {
      expect(await house.send('GET', path)).toMatchObject({ status: 401, body: { code: 'token-missing' } });
    }
  });
});
