import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { contracts } from '../../functions/http/openapi.ts';
import { fieldErrors } from '../../functions/runtime/field-errors.ts';
import { requestUploadContract } from '../../shared/contracts/evidence.ts';
import { fileEarlyContract } from '../../shared/contracts/filing.ts';
import { putGridContract } from '../../shared/contracts/grid.ts';
import { putHouseholdContract } from '../../shared/contracts/household.ts';
import { putHouseholdFactsContract } from '../../shared/contracts/household-facts.ts';
import { fileObjectionContract, listNoticesContract } from '../../shared/contracts/notice.ts';
import type { OperationContract } from '../../shared/contracts/operation.ts';
import { cursorOf, keyOfCursor } from '../../shared/contracts/paging.ts';
import { putPersonContract } from '../../shared/contracts/person.ts';
import { listReleaseCasesContract } from '../../shared/contracts/release-case.ts';
import { decideTaskContract } from '../../shared/contracts/task.ts';

/** What is refused of a body, as the edge says it: `field: code`. */
const refusedIn = (contract: OperationContract, body: unknown): string[] => {
  const result = contract.body?.safeParse(body, { reportInput: true });
  if (result === undefined) throw new Error('this operation reads no body');
  return result.success
    ? []
    : fieldErrors('body', result.error.issues).map(({ field, code }) => `${field}: ${code}`);
};

const member = {
  memberId: 'm1',
  name: '王秀英',
  idNumber: '11010519491231002X',
  relation: '户主',
  ableToWork: true,
};
const household = {
  group: '610302101201001',
  category: 'marginal',
  monitoredSince: '2021-12-01',
  address: '陈家村三组',
  head: 'm1',
  members: [member, { ...member, memberId: 'm2', name: '陈小宝', idNumber: '440524188001010014' }],
};
const objection = { ground: 'income-not-stable', statement: '外出务工收入不稳定。' };
const photo = { evidenceId: 'e-1', versionId: 'v1', sha256: 'a'.repeat(64) };
const appraisal = {
  step: 'appraisal',
  outcome: 'passed',
  heldOn: '2022-09-26',
  attendance: { eligible: 60, present: 45 },
  votes: { inFavour: 40, against: 3, abstained: 2 },
  minutes: [photo],
};

describe('whatever is sent', () => {
  const all = Object.values(contracts).flatMap((contract) => contract ?? []);

  test('no JSON makes a contract throw, and every refusal names its field', () => {
    fc.assert(
      fc.property(fc.constantFrom(...all), fc.jsonValue({ maxDepth: 4 }), ({ path, query, body }, value) => {
        for (const schema of [path, query, body]) {
          const result = schema?.safeParse(value, { reportInput: true });
          if (result === undefined || result.success) continue;
          expect(fieldErrors('body', result.error.issues).length).toBeGreaterThan(0);
        }
      }),
      { numRuns: 500 },
    );
  });

  test('an unknown name is refused wherever it stands, whatever it is called', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.jsonValue(), (name, value) => {
        fc.pre(!(name in objection) && name !== 'contact');
        const sent: unknown = JSON.parse(
          `{${JSON.stringify(name)}: ${JSON.stringify(value)}, ${JSON.stringify(objection).slice(1)}`,
        );
        expect(refusedIn(fileObjectionContract, sent)).toEqual([`${name}: field-unknown`]);
      }),
    );
  });

  test.each(['__proto__', 'constructor', 'prototype', 'toString'])(
    '%s is a name like any other that nobody asked for',
    (name) => {
      const sent: unknown = JSON.parse(
        `{"${name}": {"polluted": true}, ${JSON.stringify(objection).slice(1)}`,
      );
      expect(refusedIn(fileObjectionContract, sent)).toEqual([`${name}: field-unknown`]);
      expect('polluted' in {}).toBe(false);
    },
  );
});

describe('texts', () => {
  const hidden: [string, string][] = [
    ['zero-width space', '\u200b'],
    ['zero-width joiner', '\u200d'],
    ['left-to-right mark', '\u200e'],
    ['right-to-left override', '\u202e'],
    ['word joiner', '\u2060'],
    ['first strong isolate', '\u2068'],
    ['byte order mark', '\ufeff'],
    ['null', '\u0000'],
    ['tabulator', '\t'],
    ['carriage return', '\r'],
    ['C1 control', '\u0085'],
    ['line separator', '\u2028'],
    ['half of a surrogate pair', '\ud842'],
  ];

  test.each(hidden)('a %s is refused in the middle and at the ends', (_name, character) => {
    for (const statement of [`收入${character}不稳`, `${character}收入不稳`, `收入不稳${character}`])
      expect(refusedIn(fileObjectionContract, { ...objection, statement })).toEqual([
        'statement: character-not-allowed',
      ]);
  });

  test('the whole of the ranges that the requirements name is refused', () => {
    const ranges = [
      [0x00, 0x09],
      [0x0b, 0x1f],
      [0x7f, 0x9f],
      [0x200b, 0x200f],
      [0x202a, 0x202e],
      [0x2060, 0x2064],
      [0x2066, 0x2069],
      [0xfeff, 0xfeff],
    ];
    for (const [from = 0, to = 0] of ranges)
      for (let code = from; code <= to; code += 1) {
        const statement = `收${String.fromCodePoint(code)}入`;
        expect(refusedIn(fileObjectionContract, { ...objection, statement })).not.toEqual([]);
      }
  });

  test('a long text may have lines, a short one may not', () => {
    expect(refusedIn(fileObjectionContract, { ...objection, statement: '一\n二' })).toEqual([]);
    expect(refusedIn(fileObjectionContract, { ...objection, contact: '一\n二' })).toEqual([
      'contact: character-not-allowed',
    ]);
  });

  test('blank or empty is no text; too long is refused', () => {
    for (const statement of ['', '   ', '\n', '\u3000'])
      expect(refusedIn(fileObjectionContract, { ...objection, statement })).toEqual([
        'statement: text-blank',
      ]);
    expect(refusedIn(fileObjectionContract, { ...objection, statement: '长'.repeat(4001) })).toEqual([
      'statement: too-long',
    ]);
  });

  test('what is taken is trimmed and in NFC; rare characters of names stay', () => {
    const taken = fileObjectionContract.body.parse({ ...objection, statement: '  cafe\u0301 𠮷 㛃 \ue86f ' });
    expect(taken.statement).toBe('café 𠮷 㛃 \ue86f');
  });
});

describe('citizen identification numbers', () => {
  const put = (idNumber: string): string[] =>
    refusedIn(putHouseholdContract, { ...household, members: [{ ...member, idNumber }] });

  test.each(['11010519491231002X', '440524188001010014'])('%s, the example of GB 11643, is taken', (number) =>
    expect(put(number)).toEqual([]),
  );

  test('any one digit changed, or two neighbours exchanged, is refused', () => {
    const valid = '440524188001010014';
    fc.assert(
      fc.property(fc.nat(17), fc.nat(9), (index, digit) => {
        fc.pre(valid[index] !== String(digit));
        expect(put(valid.slice(0, index) + digit + valid.slice(index + 1))).not.toEqual([]);
      }),
    );
    for (let index = 0; index < 17; index += 1) {
      const [a = '', b = ''] = valid.slice(index, index + 2);
      if (a !== b) expect(put(valid.slice(0, index) + b + a + valid.slice(index + 2))).not.toEqual([]);
    }
  });

  test.each([
    ['a birth date that does not exist, though the check digit fits', '440524199002300017'],
    ['fifteen digits, as before 1999', '440524800101001'],
    ['a small x', '11010519491231002x'],
    ['full-width digits', '４４０５２４１８８００１０１００１４'],
  ])('refused: %s', (_what, number) =>
    expect(put(number)).toContain('members.0.idNumber: id-number-invalid'),
  );
});

describe('registers', () => {
  test('a household as it should be is taken', () =>
    expect(refusedIn(putHouseholdContract, household)).toEqual([]));

  test.each([
    ['a head who is no member', { head: 'm9' }, 'head: head-not-a-member'],
    [
      'a member twice',
      { members: [member, { ...household.members[1], memberId: 'm1' }] },
      'members: member-twice',
    ],
    ['one ID number twice', { members: [member, { ...member, memberId: 'm2' }] }, 'members: member-twice'],
    ['nobody', { members: [] }, 'members: too-short'],
    ['a day that does not exist', { monitoredSince: '2022-02-30' }, 'monitoredSince: format-wrong'],
    ['a town for a group', { group: '610302101' }, 'group: format-wrong'],
    ['a category of its own', { category: 'poor' }, 'category: value-not-allowed'],
    ['a number for a text', { address: 7 }, 'address: type-wrong'],
    [
      'a field of the member that nobody knows',
      { members: [{ ...member, bankAccount: '1' }] },
      'members.0.bankAccount: field-unknown',
    ],
  ])('a household with %s is refused', (_what, change, expected) =>
    expect(refusedIn(putHouseholdContract, { ...household, ...change })).toContain(expected),
  );

  test('what is left out is named', () => {
    const { address: _left, ...rest } = household;
    expect(refusedIn(putHouseholdContract, rest)).toEqual(['address: field-missing']);
  });

  test.each([
    [
      'a village officer of a group',
      { role: 'village-officer', division: '610302101201001' },
      'code-length-wrong',
      'division',
    ],
    [
      'a department officer without a department',
      { role: 'department-officer', division: '610302' },
      'department-required',
      'department',
    ],
    [
      'a town officer with a department',
      { role: 'town-officer', division: '610302101', department: 'health' },
      'department-not-applicable',
      'department',
    ],
    [
      'a department in capitals',
      { role: 'department-officer', division: '610302', department: 'Health' },
      'format-wrong',
      'department',
    ],
    [
      'the household, which is no office',
      { role: 'household', division: '610302' },
      'value-not-allowed',
      'role',
    ],
  ])('refused: %s', (_what, office, code, field) =>
    expect(refusedIn(putPersonContract, { name: '李明', offices: [office] })).toEqual([
      `offices.0.${field}: ${code}`,
    ]),
  );

  test('a grid member has fifteen households at most, once each, and stands once in the grid', () => {
    const households = Array.from({ length: 15 }, (_, index) => `h-${index}`);
    const grid = { leader: 'p-1', members: [{ personId: 'p-2', households }] };
    expect(refusedIn(putGridContract, grid)).toEqual([]);
    const sixteen = { personId: 'p-2', households: [...households, 'h-15'] };
    expect(refusedIn(putGridContract, { ...grid, members: [sixteen] })).toEqual([
      'members.0.households: too-long',
    ]);
    expect(refusedIn(putGridContract, { ...grid, members: [...grid.members, ...grid.members] })).toEqual([
      'members: grid-member-twice',
    ]);
    const twice = { personId: 'p-2', households: ['h-1', 'h-1'] };
    expect(refusedIn(putGridContract, { ...grid, members: [twice] })).toEqual([
      'members.0.households: household-twice',
    ]);
  });

  test('what becomes a key or stays in the clear takes no ID number and no telephone', () => {
    const path = (personIdText: string) =>
      putPersonContract.path.safeParse({ personId: personIdText }).success;
    expect(['bureau-1', '610302', '2022000123', '123456789012'].filter((id) => !path(id))).toEqual([]);
    expect(['61039919620115001X', '610399620115001', '13800138000'].filter(path)).toEqual([]);
    const receipt = (text: string) =>
      refusedIn(decideTaskContract, { step: 'leadership-filing', receipt: text });
    expect(receipt('备案回执〔2022〕1号')).toEqual([]);
    expect(receipt('户主 610399196206150258')).toEqual(['receipt: value-not-allowed']);
    expect(receipt('电话13800138000')).toEqual(['receipt: value-not-allowed']);
  });

  test('what shows nothing is no text, but a selector may pick the form of a character', () => {
    const record = (text: string) =>
      refusedIn(decideTaskContract, { step: 'home-visit', outcome: 'eligible', evidence: [], record: text });
    expect(record('葛\u{e0100}家')).toEqual([]);
    for (const nothing of ['\ufe00', '\u2800', ' \u2800 \ufe0f'])
      expect(record(nothing)).toEqual(['record: text-blank']);
  });

  test('facts are dated, whole fen, one income a month', () => {
    const income = { month: '2022-08', netPerHeadFen: 1_200_000 };
    const facts = (change: object) =>
      refusedIn(putHouseholdFactsContract, { monthlyIncome: [income], ...change });
    expect(facts({ housing: { assured: true, asOf: '2022-09-01' }, measures: [] })).toEqual([]);
    expect(facts({ monthlyIncome: [income, income] })).toEqual(['monthlyIncome: month-twice']);
    const ledBy = (count: number) =>
      Array.from({ length: count }, (_, index) => ({
        measureId: `m-${index}`,
        kind: 'employment',
        leadDepartment: `lead-${String.fromCharCode(97 + (index % 26), 97 + Math.floor(index / 26))}`,
      }));
    expect(facts({ measures: ledBy(12) })).toEqual([]);
    expect(facts({ measures: ledBy(13) })).toEqual(['measures: departments-too-many']);
    expect(facts({ monthlyIncome: [{ ...income, netPerHeadFen: 0.5 }] })).toEqual([
      'monthlyIncome.0.netPerHeadFen: type-wrong',
    ]);
    expect(facts({ monthlyIncome: [{ ...income, month: '2022-13' }] })).toEqual([
      'monthlyIncome.0.month: format-wrong',
    ]);
    expect(facts({ housing: { assured: true } })).toEqual(['housing.asOf: field-missing']);
    expect(facts({ income: 'good' })).toEqual(['income: field-unknown']);
  });
});

describe('decisions', () => {
  test('each step has its own shape', () => {
    expect(refusedIn(decideTaskContract, appraisal)).toEqual([]);
    expect(refusedIn(decideTaskContract, { ...appraisal, record: '另记' })).toEqual([
      'record: field-unknown',
    ]);
    expect(
      refusedIn(decideTaskContract, { step: 'home-visit', outcome: 'eligible', evidence: [photo] }),
    ).toEqual(['record: field-missing']);
  });

  test.each([
    ['a step that there is not', { step: 'pardon' }, ['step: value-not-allowed']],
    ['no step at all', {}, ['step: value-not-allowed']],
    [
      'half a vote',
      { ...appraisal, votes: { ...appraisal.votes, against: 0.5 } },
      ['votes.against: type-wrong'],
    ],
    [
      'fewer votes than none',
      { ...appraisal, votes: { ...appraisal.votes, against: -1 } },
      ['votes.against: too-small'],
    ],
    [
      'a hash in capitals',
      { step: 'notice-posting', photo: { ...photo, sha256: 'A'.repeat(64) } },
      ['photo.sha256: format-wrong'],
    ],
    [
      'evidence that names a place',
      { step: 'notice-posting', photo: { ...photo, evidenceId: '../key' } },
      ['photo.evidenceId: format-wrong'],
    ],
  ])('refused: %s', (_what, sent, expected) => expect(refusedIn(decideTaskContract, sent)).toEqual(expected));
});

describe('the rest', () => {
  test('an upload says type, size and hash', () => {
    const upload = {
      caseNumber: 'R-610302-2022-000001',
      contentType: 'image/jpeg',
      size: 1,
      sha256: 'a'.repeat(64),
    };
    expect(refusedIn(requestUploadContract, upload)).toEqual([]);
    expect(refusedIn(requestUploadContract, { ...upload, size: 0 })).toEqual(['size: too-small']);
    expect(refusedIn(requestUploadContract, { ...upload, contentType: 'image/jpeg\r\nx: y' })).toEqual([
      'contentType: format-wrong',
    ]);
  });

  test('filing early says nothing but that', () => {
    expect(refusedIn(fileEarlyContract, {})).toEqual([]);
    expect(refusedIn(fileEarlyContract, { cases: [] })).toEqual(['cases: field-unknown']);
  });

  test('a page has 1 to 100 entries, 50 unless asked otherwise', () => {
    expect(listReleaseCasesContract.query.parse({}).limit).toBe(50);
    expect(listReleaseCasesContract.query.parse({ limit: '100' }).limit).toBe(100);
    for (const limit of ['0', '101', '1e1', '-1', ' 5', ''])
      expect(listReleaseCasesContract.query.safeParse({ limit }).success).toBe(false);
  });

  test('a cursor gives back the key that it was made of, and nothing else is one', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[ -~]{1,200}$/), (key) => {
        expect(keyOfCursor(cursorOf(key))).toBe(key);
        expect(listReleaseCasesContract.query.safeParse({ after: cursorOf(key) }).success).toBe(true);
      }),
    );
    for (const after of ['%00', cursorOf('\u0000'), 'a', 'x'.repeat(300)])
      expect(listReleaseCasesContract.query.safeParse({ after }).success).toBe(false);
  });

  test('notices hang out in a district or a village', () => {
    expect(listNoticesContract.query.safeParse({ division: '610302' }).success).toBe(true);
    expect(listNoticesContract.query.safeParse({ division: '610302101201' }).success).toBe(true);
    expect(listNoticesContract.query.safeParse({ division: '610302101' }).success).toBe(false);
  });
});
