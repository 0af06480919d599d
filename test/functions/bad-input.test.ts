import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { caseAtNotice, decide, freshKey, type NoticedCase, openCase, people } from './case-story.ts';
import { type Answer, type House, openDemoHouse, type Sent } from './house.ts';

let house: House;
let noticed: NoticedCase;
/** A second case, which waits for its home visit. */
let waiting: string;

beforeAll(async () => {
  house = await openDemoHouse();
  noticed = await caseAtNotice(house);
  waiting = await openCase(house, 'H-0002');
});
afterAll(() => house.close());

type Request = readonly ['GET' | 'POST' | 'PUT', string, Sent];

const household = {
  group: '610302901201001',
  category: 'marginal',
  monitoredSince: '2021-12-01',
  address: '上河村一组9号',
  head: 'm1',
  members: [
    {
      memberId: 'm1',
      name: '王秀英',
      idNumber: '11010519491231002X',
      relation: '户主',
      ableToWork: true,
    },
  ],
};
const objection = { ground: 'income-not-stable', statement: '外出务工收入不稳定。' };

/** One request that would be taken, for each kind of door: a PUT, a POST with a token, a POST without one. */
const doors: readonly (readonly [string, () => Request])[] = [
  ['PUT a household', () => ['PUT', '/v1/households/H-0900', { as: 'registrar', body: household }]],
  [
    'POST a decision',
    () => [
      'POST',
      `/v1/tasks/${waiting}.r1.home-visit/decision`,
      {
        as: people.village,
        key: freshKey(),
        body: { step: 'home-visit', outcome: 'eligible', evidence: [], record: '入户。' },
      },
    ],
  ],
  [
    'POST an objection, without an account',
    () => ['POST', `/v1/notices/${noticed.noticeId}/objections`, { key: freshKey(), body: objection }],
  ],
];

/** Sends it, and holds that it is a problem document with this code and that not one row was written. */
const refusedWith = async ([method, path, sent]: Request, status: number, code: string): Promise<Answer> => {
  const before = house.rowsWritten();
  const answer = await house.send(method, path, sent);
  expect(answer.body).toMatchObject({ status, code, title: expect.stringMatching(/\p{Script=Han}/u) });
  expect(answer.status).toBe(status);
  expect(answer.headers).toMatchObject({
    'content-type': expect.stringMatching(/^application\/problem\+json/),
    'cache-control': 'no-store',
  });
  expect(house.rowsWritten()).toBe(before);
  return answer;
};

/** The codes of the field errors, as `field: code`. */
const fieldsOf = ({ body }: Answer): string[] =>
  ((body['errors'] ?? []) as { field: string; code: string }[]).map(({ field, code }) => `${field}: ${code}`);

const changed = ([method, path, sent]: Request, change: Partial<Sent>): Request => [
  method,
  path,
  { ...sent, ...change },
];
const bodyOf = ([, , { body }]: Request): Readonly<Record<string, unknown>> => ({ ...(body as object) });

describe.each(doors)('%s', (_door, request) => {
  test.each([
    ['half of it', '{"name":'],
    ['two of it', '{}{}'],
    ['a comma too many', '{"a":1,}'],
    ['single quotes', "{'a':1}"],
    ['NaN', '{"a":NaN}'],
    ['a number that no machine holds', '{"a":1e999}'],
    ['half a surrogate pair', '{"a":"\\ud83d"}'],
    ['a byte order mark', '\ufeff{}'],
    ['XML', '<name/>'],
    ['nothing', ''],
    ['spaces', '  '],
  ])('malformed JSON (%s)', async (_what, text) => {
    await refusedWith(changed(request(), { body: undefined, text }), 400, 'json-malformed');
  });

  test('bytes that are no UTF-8, though JSON but for that', async () => {
    const bytes = new Uint8Array([0x7b, 0x22, 0x61, 0x22, 0x3a, 0x22, 0xff, 0xfe, 0x22, 0x7d]);
    await refusedWith(changed(request(), { bytes }), 400, 'json-malformed');
  });

  test.each([
    ['by one byte', 64 * 1024 + 1],
    ['by a megabyte', 1024 * 1024],
  ])('an oversized body (%s)', async (_what, bytes) => {
    const text = JSON.stringify({ name: '' });
    const padded = text.replace('""', `"${'a'.repeat(bytes - text.length)}"`);
    await refusedWith(changed(request(), { body: undefined, text: padded }), 413, 'body-too-large');
  });

  test('an oversized body in characters of three bytes, and one that came encoded', async () => {
    const text = JSON.stringify({ name: '户'.repeat(22_000) });
    await refusedWith(changed(request(), { body: undefined, text }), 413, 'body-too-large');
    await refusedWith(changed(request(), { bytes: new TextEncoder().encode(text) }), 413, 'body-too-large');
  });

  test.each([
    ['text/plain'],
    ['application/x-www-form-urlencoded'],
    ['multipart/form-data; boundary=x'],
    ['application/xml'],
    ['application/json; charset=gb18030'],
    ['application/jsonp'],
    ['application/json, text/plain'],
    [''],
  ])('a content type of %j', async (contentType) => {
    await refusedWith(
      changed(request(), { headers: { 'content-type': contentType } }),
      415,
      'content-type-not-supported',
    );
  });

  test.each(['[]', '"text"', '1', 'null', 'true'])('JSON that is no object: %s', async (text) => {
    await refusedWith(changed(request(), { body: undefined, text }), 422, 'request-invalid');
  });

  test('an unknown field', async () => {
    const sent = request();
    const answer = await refusedWith(
      changed(sent, { body: { ...bodyOf(sent), isAdmin: true } }),
      422,
      'request-invalid',
    );
    expect(fieldsOf(answer)).toEqual(['isAdmin: field-unknown']);
  });

  test.each([
    '"__proto__":{"isAdmin":true}',
    '"\\u005f_proto__":{}',
    '"constructor":{"prototype":{"isAdmin":true}}',
    '"prototype":1',
    '"a":{"b":[{"__proto__":1}]}',
  ])('a name that reaches a prototype: {%s}', async (members) => {
    const sent = request();
    const text = `${JSON.stringify(bodyOf(sent)).slice(0, -1)},${members}}`;
    await refusedWith(changed(sent, { body: undefined, text }), 400, 'key-not-allowed');
    expect(({} as Record<string, unknown>)['isAdmin']).toBeUndefined();
  });

  test('a name twice: what the reader sees must be what counts', async () => {
    const sent = request();
    const [first = ''] = Object.keys(bodyOf(sent));
    const text = `{"${first}":"another",${JSON.stringify(bodyOf(sent)).slice(1)}`;
    await refusedWith(changed(sent, { body: undefined, text }), 400, 'key-not-allowed');
  });
});

describe('texts in which something is hidden', () => {
  const hidden = [
    0x0000, 0x0007, 0x001b, 0x007f, 0x0085, 0x00ad, 0x061c, 0x200b, 0x200c, 0x200d, 0x200e, 0x200f, 0x2028,
    0x2029, 0x202a, 0x202b, 0x202c, 0x202d, 0x202e, 0x2060, 0x2066, 0x2067, 0x2068, 0x2069, 0xfeff, 0xe0041,
  ];

  test.each(hidden.map((point) => [`U+${point.toString(16).toUpperCase().padStart(4, '0')}`, point]))(
    '%s',
    async (_name, point) => {
      const character = String.fromCodePoint(Number(point));
      const [member] = household.members;
      const name = `王${character}秀英`;
      const put: Request = [
        'PUT',
        '/v1/households/H-0900',
        { as: 'registrar', body: { ...household, members: [{ ...member, name }] } },
      ];
      expect(fieldsOf(await refusedWith(put, 422, 'request-invalid'))).toEqual([
        'members.0.name: character-not-allowed',
      ]);
      const object: Request = [
        'POST',
        `/v1/notices/${noticed.noticeId}/objections`,
        { key: freshKey(), body: { ...objection, statement: `收入${character}` } },
      ];
      const answer = await refusedWith(object, 422, 'request-invalid');
      expect(fieldsOf(answer)).toEqual(['statement: character-not-allowed']);
      expect(answer.text).not.toContain(character);
    },
  );
});

describe('a token', () => {
  const tasks = (claims?: Readonly<Record<string, unknown>>): Request => [
    'GET',
    '/v1/tasks',
    claims === undefined ? {} : { claims },
  ];

  test('none', async () => {
    const { headers } = await refusedWith(tasks(), 401, 'token-missing');
    expect(headers['www-authenticate']).toMatch(/^Bearer/);
  });

  test.each([[{}], [{ sub: '' }], [{ sub: 7 }], [{ sub: ['registrar'] }]])(
    'without a subject: %j',
    async (claims) => {
      await refusedWith(tasks(claims), 401, 'token-missing');
    },
  );

  test.each(['nobody', 'REGISTRAR', 'registrar ', '../registrar', 'x'.repeat(2000), '王秀英', '__proto__'])(
    'of somebody whom the register does not know: %j',
    async (sub) => {
      await refusedWith(tasks({ sub }), 403, 'person-not-registered');
    },
  );

  test('offices come from the register, whatever the token says of them', async () => {
    const claims = { sub: people.otherVillage, role: 'bureau-officer', 'cognito:groups': '[bureau-officer]' };
    await refusedWith(
      ['PUT', '/v1/divisions/610302903', { claims, body: { name: '新镇' } }],
      404,
      'not-found',
    );
  });
});

describe('Idempotency-Key', () => {
  const object = (sent: Sent): Request => [
    'POST',
    `/v1/notices/${noticed.noticeId}/objections`,
    { body: objection, ...sent },
  ];

  test.each(doors.slice(1))('%s needs one', async (_door, request) => {
    const [method, path, { key: _none, ...sent }] = request();
    await refusedWith([method, path, sent], 400, 'idempotency-key-missing');
  });

  test.each(['', ' ', '钥匙', 'a\tb', 'a\nb', 'k'.repeat(129)])('cannot be %j', async (key) => {
    const { status, body } = await house.send(...object({ key }));
    expect(status).toBe(400);
    expect(body['code']).toMatch(/^idempotency-key-(missing|invalid)$/);
  });

  test('the same request again is answered the same, and changes nothing', async () => {
    const request: Request = [
      'POST',
      '/v1/release-cases',
      { as: people.leader, key: 'twice', body: { householdId: 'H-0003' } },
    ];
    const leader = { ...request[2], as: 'leader-610302901202001' };
    const first = await house.send('POST', '/v1/release-cases', leader);
    expect(first.status).toBe(201);
    const before = house.rowsWritten();
    expect(await house.send('POST', '/v1/release-cases', leader)).toEqual(first);
    expect(house.rowsWritten()).toBe(before);
    await refusedWith(
      ['POST', '/v1/release-cases', { ...leader, body: { householdId: 'H-0007' } }],
      422,
      'idempotency-key-reused',
    );
  });

  test('belongs to whoever sent it', async () => {
    await refusedWith(
      ['POST', '/v1/release-cases', { as: people.leader, key: 'twice', body: { householdId: 'H-0001' } }],
      409,
      'case-already-open',
    );
  });
});

describe('names and queries', () => {
  test.each([
    ['/v1/tasks', { limit: '0' }, 'limit: format-wrong'],
    ['/v1/tasks', { limit: '101' }, 'limit: format-wrong'],
    ['/v1/tasks', { limit: '1e2' }, 'limit: format-wrong'],
    ['/v1/tasks', { after: 'not a cursor' }, 'after: format-wrong'],
    ['/v1/tasks', { admin: 'true' }, 'admin: field-unknown'],
    ['/v1/release-cases', { division: '6103' }, 'division: format-wrong'],
    ['/v1/notices', { division: '610302901' }, 'division: format-wrong'],
  ])('GET %s with %j', async (path, query, field) => {
    const answer = await refusedWith(['GET', path, { as: people.village, query }], 422, 'request-invalid');
    expect(fieldsOf(answer)).toContain(field);
  });

  test.each([
    '/v1/release-cases/R-610302-2022-00000x',
    '/v1/release-cases/..%2f..%2fetc',
    '/v1/tasks/__proto__',
    '/v1/households/王秀英',
    '/v1/notices/a b',
    '/v1/evidence/%00',
    '/v1/audit/X-1',
    '/v1/filings/610302901/2022-13',
    '/v1/city-reports/2022-00',
  ])('GET %s is not there', async (path) => {
    await refusedWith(['GET', path, { as: people.bureau }], 404, 'not-found');
  });
});

describe('a decision', () => {
  const visit = () => ({
    step: 'home-visit',
    outcome: 'eligible',
    evidence: [noticed.photo],
    record: '再次入户。',
  });
  const posted = (as: string, taskId: string, body: object): Request => [
    'POST',
    `/v1/tasks/${taskId}/decision`,
    { as, key: freshKey(), body },
  ];

  test('on a closed task', async () => {
    await refusedWith(
      posted(people.village, `${noticed.caseNumber}.r1.home-visit`, visit()),
      409,
      'task-not-open',
    );
  });

  test('on a task that never was', async () => {
    await refusedWith(
      posted(people.village, `${noticed.caseNumber}.r1.announcement`, visit()),
      409,
      'task-not-open',
    );
  });

  test('on a foreign task: the same as on one of a case that does not exist', async () => {
    const foreign = await refusedWith(
      posted(people.otherVillage, `${waiting}.r1.home-visit`, visit()),
      404,
      'not-found',
    );
    const absent = await refusedWith(
      posted(people.otherVillage, 'R-610302-2022-999999.r1.home-visit', visit()),
      404,
      'not-found',
    );
    expect(foreign).toEqual(absent);
  });

  test('on a task of somebody else in the same place', async () => {
    const body = { ...visit(), evidence: [] };
    await refusedWith(posted(people.town, `${waiting}.r1.home-visit`, body), 403, 'task-not-yours');
    await refusedWith(posted(people.auditor, `${waiting}.r1.home-visit`, body), 403, 'task-not-yours');
  });

  test('of another step than the task', async () => {
    const body = { step: 'filing-confirmation', outcome: 'unchanged' };
    const answer = await refusedWith(
      posted(people.village, `${waiting}.r1.home-visit`, body),
      422,
      'wrong-decision-for-step',
    );
    expect(answer.body).toMatchObject({ field: 'step', because: ['home-visit'] });
  });

  test('of a step that there is not', async () => {
    await refusedWith(
      posted(people.village, `${waiting}.r1.home-visit`, { step: 'release-at-once' }),
      422,
      'request-invalid',
    );
  });

  test('with evidence that was never uploaded, was announced only, or is of another case', async () => {
    const task = `${waiting}.r1.home-visit`;
    const naming = (evidence: object) => ({
      step: 'home-visit',
      outcome: 'eligible',
      evidence: [evidence],
      record: '入户。',
    });
    const nowhere = { evidenceId: 'nowhere', versionId: 'v1', sha256: 'a'.repeat(64) };
    await refusedWith(posted(people.village, task, naming(nowhere)), 422, 'evidence-unknown');
    await refusedWith(posted(people.village, task, naming(noticed.photo)), 422, 'evidence-unknown');
    const sha256 = 'b'.repeat(64);
    const asked = await house.send('POST', '/v1/evidence', {
      as: people.village,
      key: freshKey(),
      body: { caseNumber: waiting, contentType: 'image/png', size: 3, sha256 },
    });
    const announced = { evidenceId: asked.body['evidenceId'], versionId: 'v1', sha256 };
    const answer = await refusedWith(
      posted(people.village, task, naming(announced)),
      422,
      'evidence-not-present',
    );
    expect(answer.body['field']).toBe('evidence.0');
  });

  test('with evidence that is not what it was', async () => {
    const photo = await house.upload(people.village, waiting, '入户照片');
    const task = `${waiting}.r1.home-visit`;
    const altered = { ...photo, sha256: 'c'.repeat(64) };
    const body = { step: 'home-visit', outcome: 'eligible', evidence: [photo, altered], record: '入户。' };
    const answer = await refusedWith(posted(people.village, task, body), 422, 'evidence-altered');
    expect(answer.body['field']).toBe('evidence.1');
  });

  test('without the evidence that the step needs', async () => {
    const body = { step: 'home-visit', outcome: 'eligible', evidence: [], record: '入户。' };
    const task = `${waiting}.r1.home-visit`;
    await refusedWith(posted(people.village, task, body), 422, 'evidence-required');
  });

  test('on a superseded task: a later round says so', async () => {
    const { caseNumber, noticeId } = await caseAtNotice(house, 'H-0004');
    const filed = await house.send('POST', `/v1/notices/${noticeId}/objections`, {
      key: freshKey(),
      body: objection,
    });
    expect(filed.status).toBe(201);
    const photo = await house.upload(people.village, caseNumber, '调查照片');
    const answers = [
      [
        people.village,
        'objection-investigation.o1',
        { finding: 'substantiated', evidence: [photo], record: '属实。' },
      ],
      [people.town, 'objection-decision.o1', { outcome: 'upheld', reasons: '收入不稳定。' }],
      [
        people.village,
        'objection-follow-up',
        { outcome: 'start-next-round', record: '继续帮扶后重新核实。' },
      ],
    ] as const;
    for (const [as, task, body] of answers) {
      const step = task.split('.')[0];
      const answer = await decide(house, as, `${caseNumber}.r1.${task}`, { step, ...body });
      expect(answer).toMatchObject({ status: 200 });
    }
    await refusedWith(
      posted(people.village, `${caseNumber}.r1.home-visit`, visit()),
      422,
      'evidence-unknown',
    );
    const stale = { step: 'home-visit', outcome: 'eligible', evidence: [photo], record: '入户。' };
    await refusedWith(posted(people.village, `${caseNumber}.r1.home-visit`, stale), 409, 'round-superseded');
  });
});

describe('an objection that comes too late', () => {
  test('is told where else to report', async () => {
    house.setClock('2022-09-30 00:00');
    const answer = await refusedWith(
      ['POST', `/v1/notices/${noticed.noticeId}/objections`, { key: freshKey(), body: objection }],
      409,
      'objection-period-over',
    );
    expect(answer.body['because']).toEqual([expect.stringMatching(/\p{Script=Han}/u), '12317']);
    house.setClock('2022-09-05 09:00');
  });
});
