import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { functionEntries } from '../../functions/manifest.ts';
import { caseAtNotice, freshKey, type NoticedCase, openCase, people } from './case-story.ts';
import { type House, openDemoHouse } from './house.ts';

let house: House;
let noticed: NoticedCase;
let waiting: string;
let deadLetterId: string;

beforeAll(async () => {
  house = await openDemoHouse();
  noticed = await caseAtNotice(house);
  waiting = await openCase(house, 'H-0002');
  // A change that cannot be carried, nor will it be: its letter stays whatever is sent.
  house.executions.poison(waiting);
  for (let tries = 0; tries < 5; tries += 1) await house.relay();
  const { body } = await house.send('GET', '/v1/dead-letters', { as: people.operator });
  deadLetterId = String((body['deadLetters'] as { deadLetterId: string }[])[0]?.deadLetterId);
});
afterAll(() => house.close());

const runs = 150;

/** Somebody who may do it, so that what is sent is looked at as far as it can be. */
const entitled = (path: string): string => {
  if (path.includes('decision') || path.includes('evidence')) return people.village;
  if (path.includes('release-cases')) return people.leader;
  if (path.includes('executions') || path.includes('dead-letters')) return people.operator;
  return path.includes('filings') ? people.town : people.bureau;
};

/** The route with names that exist. */
const existing = (path: string): string =>
  path
    .replace('{divisionCode}', '610302901')
    .replace('{personId}', 'somebody')
    .replace('{householdId}', 'H-0001')
    .replace('{groupCode}', '610302901201001')
    .replace('{caseNumber}', noticed.caseNumber)
    .replace('{taskId}', `${waiting}.r1.home-visit`)
    .replace('{noticeId}', noticed.noticeId)
    .replace('{townCode}', '610302901')
    .replace('{month}', '2022-09')
    .replace('{evidenceId}', noticed.photo.evidenceId)
    .replace('{deadLetterId}', deadLetterId)
    .replace('{streamId}', noticed.caseNumber);

const routes = functionEntries().flatMap(([name, { trigger }]) =>
  trigger.kind === 'http' ? [{ name, method: trigger.method, path: trigger.path }] : [],
);
const writing = routes.filter(({ method }) => method !== 'GET');

/** A body that would be taken, with which the mutations begin. */
const good = (name: string): unknown => {
  const member = {
    memberId: 'm1',
    name: '王秀英',
    idNumber: '11010519491231002X',
    relation: '户主',
    ableToWork: true,
  };
  const bodies: Readonly<Record<string, unknown>> = {
    'put-division': { name: '清溪镇' },
    'put-person': { name: '李桂兰', offices: [{ role: 'grid-member', division: '610302901201001' }] },
    'put-household': {
      group: '610302901201001',
      category: 'marginal',
      monitoredSince: '2021-12-01',
      address: '上河村一组1号',
      head: 'm1',
      members: [member],
    },
    'put-household-facts': {
      monitoredSince: '2021-12-01',
      monthlyIncome: [{ month: '2022-08', netPerHeadFen: 900_000 }],
      housing: { assured: true, asOf: '2022-08-01' },
      measures: [{ measureId: 'a', kind: 'industry', leadDepartment: 'agriculture' }],
    },
    'put-grid': {
      leader: people.leader,
      members: [{ personId: 'member-610302901201001', households: ['H-0001'] }],
    },
    'open-release-case': { householdId: 'H-0001' },
    'decide-task': { step: 'home-visit', outcome: 'eligible', evidence: [noticed.photo], record: '入户。' },
    'file-objection': { ground: 'other', statement: '不属实。', contact: '13900000000' },
    'file-early': {},
    'reconcile-executions': {},
    'retry-execution': {},
    'retry-dead-letter': {},
    'request-upload': {
      caseNumber: noticed.caseNumber,
      contentType: 'image/jpeg',
      size: 9,
      sha256: 'a'.repeat(64),
    },
  };
  return bodies[name];
};

type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

/** Puts `value` in the place of one part of `json`, whichever `pick` comes to. */
const mutated = (json: Json, pick: number, value: Json): Json => {
  if (typeof json !== 'object' || json === null || pick % 4 === 0) return value;
  const rest = Math.floor(pick / 4);
  const names = Object.keys(json);
  const name = names[rest % (names.length + 1)] ?? 'added';
  const deeper = Math.floor(rest / (names.length + 1));
  if (Array.isArray(json))
    return json.map((item: Json, index) => (String(index) === name ? mutated(item, deeper, value) : item));
  const part = (json as { readonly [name: string]: Json })[name] ?? null;
  return { ...json, [name]: mutated(part, deeper, value) };
};

const anyJson = fc.jsonValue({ maxDepth: 4, stringUnit: 'binary' }) as fc.Arbitrary<Json>;
const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.string({ unit: 'grapheme', maxLength: 30 }),
  fc.json(),
);

const settled = (status: number): boolean => status >= 200 && status < 500;

describe('the good bodies that the changes begin with', () => {
  test.each(writing)('$method $path', async ({ name, method, path }) => {
    const { body } = await house.send(method, existing(path), {
      as: entitled(path),
      key: freshKey(),
      text: JSON.stringify(good(name)),
    });
    expect(body['code']).not.toBe('request-invalid');
    expect(body['code']).not.toBe('role-not-permitted');
    expect(body['code']).not.toBe('not-found');
  });
});

describe('whatever is sent, it is answered or refused, and a refusal writes nothing', () => {
  test.each(writing)('$method $path: any JSON', async ({ method, path }) => {
    await fc.assert(
      fc.asyncProperty(anyJson, async (body) => {
        const before = house.rowsWritten();
        const answer = await house.send(method, existing(path), {
          as: entitled(path),
          key: freshKey(),
          text: JSON.stringify(body),
        });
        expect(answer).toSatisfy(({ status }) => settled(status));
        if (answer.status >= 400) expect(house.rowsWritten()).toBe(before);
      }),
      { numRuns: runs },
    );
  });

  test.each(writing)('$method $path: a good body with one part changed', async ({ name, method, path }) => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.oneof(anyJson, anyText), async (pick, value) => {
        const before = house.rowsWritten();
        const answer = await house.send(method, existing(path), {
          as: entitled(path),
          key: freshKey(),
          text: JSON.stringify(mutated(good(name) as Json, pick, value)),
        });
        expect(answer).toSatisfy(({ status }) => settled(status));
        if (answer.status >= 400) expect(house.rowsWritten()).toBe(before);
      }),
      { numRuns: runs },
    );
  });

  test.each(writing)('$method $path: any text, bytes, content type and key', async ({ method, path }) => {
    const header = fc.string({ unit: 'binary-ascii', maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(anyText, fc.boolean(), header, header, async (text, encoded, type, key) => {
        const before = house.rowsWritten();
        const answer = await house.send(method, existing(path), {
          as: entitled(path),
          headers: { 'content-type': type === '' ? 'application/json' : type, 'idempotency-key': key },
          ...(encoded ? { bytes: new TextEncoder().encode(text) } : { text }),
        });
        expect(answer).toSatisfy(({ status }) => settled(status));
        if (answer.status >= 400) expect(house.rowsWritten()).toBe(before);
      }),
      { numRuns: runs },
    );
  });

  test.each(routes.filter(({ method }) => method === 'GET'))(
    '$method $path: any names and query',
    async ({ path }) => {
      const segment = fc
        .string({ unit: 'binary', minLength: 1, maxLength: 20 })
        .map((text) => text.replaceAll('/', ''));
      const before = house.rowsWritten();
      await fc.assert(
        fc.asyncProperty(
          segment,
          fc.dictionary(fc.constantFrom('limit', 'after', 'division', '__proto__', 'x'), anyText, {
            maxKeys: 3,
          }),
          fc.constantFrom(
            people.bureau,
            people.operator,
            people.village,
            people.auditor,
            people.home,
            'nobody',
          ),
          async (name, query, as) => {
            const asked = path.replaceAll(/\{\w+\}/g, name === '' ? 'x' : name);
            const answer = await house.send('GET', asked, { as, query });
            expect(answer).toSatisfy(({ status }) => settled(status));
          },
        ),
        { numRuns: runs },
      );
      expect(house.rowsWritten()).toBe(before);
    },
  );
});
