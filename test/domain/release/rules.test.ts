import { describe, expect, test } from 'vitest';
import { currentPolicy } from '../../../shared/domain/calendar/policy.ts';
import type { HouseholdFacts } from '../../../shared/domain/release/facts.ts';
import { assessRelease } from '../../../shared/domain/release/release-standards.ts';
import type { RuleCode, RuleFinding } from '../../../shared/domain/release/rules/finding.ts';
import { day, goodFacts, month } from '../../support/release-people.ts';
import { shanghai } from '../../support/shanghai.ts';

const policy = currentPolicy(shanghai('2022-10-15 10:00'));
const line = 700_000;

const finding = (rule: RuleCode, facts: HouseholdFacts, today = '2022-10-15'): RuleFinding => {
  const found = assessRelease(facts, policy, day(today)).find((one) => one.rule === rule);
  if (found === undefined) throw new Error(`${rule} is missing`);
  return found;
};
const outcome = (rule: RuleCode, facts: HouseholdFacts, today?: string): string =>
  finding(rule, facts, today).outcome;

const nothing: HouseholdFacts = { monthlyIncome: [] };
const income = (...records: readonly (readonly [string, number])[]): HouseholdFacts => ({
  monthlyIncome: records.map(([text, netPerHeadFen]) => ({ month: month(text), netPerHeadFen })),
});
const without = <Name extends keyof HouseholdFacts>(name: Name): HouseholdFacts => {
  const { [name]: _gone, ...facts } = goodFacts;
  return { monthlyIncome: goodFacts.monthlyIncome, ...facts };
};

describe('all nine standards', () => {
  const order: readonly RuleCode[] = [
    'income-above-line',
    'income-stable',
    'housing-assured',
    'schooling-assured',
    'medical-care-assured',
    'drinking-water-assured',
    'helped-long-enough',
    'measures-implemented',
    'not-dependent-without-labour',
  ];

  test('are always held against the facts, in a fixed order, each with its source', () => {
    const findings = assessRelease(goodFacts, policy, day('2022-10-15'));
    expect(findings.map(({ rule }) => rule)).toEqual(order);
    expect(findings.every(({ outcome: one }) => one === 'passed')).toBe(true);
    expect(findings.every(({ source }) => /^(seed|policy default)/.test(source))).toBe(true);
  });

  test('answer “unknown” and name the missing fact where nothing is known; they never guess', () => {
    expect(
      assessRelease(nothing, policy, day('2022-10-15')).map((one) =>
        one.outcome === 'unknown' ? one.missingFact : one.outcome,
      ),
    ).toEqual([
      'monthly-income',
      'monthly-income:2022-09',
      'housing',
      'schooling',
      'medical-care',
      'drinking-water',
      'monitored-since',
      'assistance-plan',
      'labour',
    ]);
  });
});

describe('income above the line', () => {
  test.each([
    [line - 1, 'failed'],
    [line, 'failed'],
    [line + 1, 'passed'],
  ])('%i fen a head is %s: the line exactly met is not above', (fen, expected) => {
    expect(outcome('income-above-line', income(['2022-10', fen]))).toBe(expected);
  });

  test('the newest record counts, wherever it stands in the list; one of a month to come does not', () => {
    expect(outcome('income-above-line', income(['2022-09', line + 1], ['2022-08', line - 1]))).toBe('passed');
    expect(outcome('income-above-line', income(['2022-11', line + 1], ['2022-10', line]))).toBe('failed');
    expect(finding('income-above-line', income(['2022-09', line + 1]))).toMatchObject({ asOf: '2022-09-01' });
  });

  test('a year without a line is unknown', () => {
    expect(finding('income-above-line', income(['2021-12', line + 1]), '2022-01-10')).toMatchObject({
      outcome: 'unknown',
      missingFact: 'monitoring-line:2021',
    });
  });
});

describe('income stable', () => {
  const months = (...fens: readonly number[]) =>
    income(...fens.map((fen, index) => [`2022-0${9 - index}`, fen] as const));

  test('all of the last six months are above the line', () => {
    expect(outcome('income-stable', months(line + 1, line + 1, line + 1, line + 1, line + 1, line + 1))).toBe(
      'passed',
    );
    expect(outcome('income-stable', months(line + 1, line + 1, line + 1, line + 1, line + 1, line))).toBe(
      'failed',
    );
  });

  test('a seventh month is not looked at', () => {
    const seven = months(line + 1, line + 1, line + 1, line + 1, line + 1, line + 1, line - 1);
    expect(outcome('income-stable', seven)).toBe('passed');
  });

  test('the running month counts once its record is in', () => {
    const withOctober = {
      monthlyIncome: [
        ...months(line + 1, line + 1, line + 1, line + 1, line + 1, line + 1).monthlyIncome,
        { month: month('2022-10'), netPerHeadFen: line },
      ],
    };
    expect(outcome('income-stable', withOctober)).toBe('failed');
  });

  test('a gap is unknown and named, but a month below the line fails it all the same', () => {
    const gap = income(['2022-09', line + 1], ['2022-07', line + 1]);
    expect(finding('income-stable', gap)).toMatchObject({
      outcome: 'unknown',
      missingFact: 'monthly-income:2022-08',
    });
    expect(outcome('income-stable', income(['2022-09', line + 1], ['2022-07', line]))).toBe('failed');
  });

  test('months of a year without a line are unknown', () => {
    const acrossTheYear = income(
      ...['2022-03', '2022-02', '2022-01', '2021-12', '2021-11', '2021-10'].map(
        (text) => [text, line + 1] as const,
      ),
    );
    expect(finding('income-stable', acrossTheYear, '2022-03-20')).toMatchObject({
      outcome: 'unknown',
      missingFact: 'monitoring-line:2021',
    });
  });
});

describe.each([
  ['housing-assured', 'housing'],
  ['schooling-assured', 'schooling'],
  ['medical-care-assured', 'medicalCare'],
  ['drinking-water-assured', 'drinkingWater'],
] as const)('%s', (rule, fact) => {
  test('is what the fact says, as of its day', () => {
    expect(finding(rule, goodFacts)).toMatchObject({ outcome: 'passed', asOf: '2022-08-31' });
    expect(outcome(rule, { ...goodFacts, [fact]: { assured: false, asOf: day('2022-10-01') } })).toBe(
      'failed',
    );
    expect(outcome(rule, without(fact))).toBe('unknown');
  });
});

describe('helped long enough', () => {
  const helped = (monitoredSince: string, helpedSince: string): HouseholdFacts => ({
    ...goodFacts,
    monitoredSince: day(monitoredSince),
    helpedSince: day(helpedSince),
  });

  test.each([
    ['2022-04-15', 'passed'],
    ['2022-04-16', 'failed'],
  ])('six months on 15 October for help since %s: %s', (since, expected) => {
    expect(outcome('helped-long-enough', helped('2022-01-01', since))).toBe(expected);
    // The later of the two days counts.
    expect(outcome('helped-long-enough', helped(since, '2022-01-01'))).toBe(expected);
  });

  test('begun on 31 August, six months are over on the last day of February', () => {
    expect(outcome('helped-long-enough', helped('2021-08-31', '2021-08-31'), '2022-02-27')).toBe('failed');
    expect(outcome('helped-long-enough', helped('2021-08-31', '2021-08-31'), '2022-02-28')).toBe('passed');
  });

  test('names the day that is missing', () => {
    expect(finding('helped-long-enough', without('monitoredSince'))).toMatchObject({
      missingFact: 'monitored-since',
    });
    expect(finding('helped-long-enough', without('helpedSince'))).toMatchObject({
      missingFact: 'helped-since',
    });
  });
});

describe('measures implemented', () => {
  const [first] = goodFacts.measures ?? [];
  const planned = (...implementedOn: readonly (string | undefined)[]): HouseholdFacts => ({
    ...goodFacts,
    measures: implementedOn.flatMap((on) => {
      if (first === undefined) return [];
      const { implementedOn: _verified, ...measure } = first;
      return [on === undefined ? measure : { ...measure, implementedOn: day(on) }];
    }),
  });

  test.each([
    [['2022-10-15', '2022-01-01'], 'passed'],
    [['2022-10-16', '2022-01-01'], 'failed'],
    [['2022-10-15', undefined], 'failed'],
    [[], 'failed'],
  ])('verified in place on %j, looked at on 15 October: %s', (on, expected) => {
    expect(outcome('measures-implemented', planned(...on))).toBe(expected);
  });
});

describe('not dependent without labour', () => {
  const labour = (ableMembers: number, dependent?: boolean): HouseholdFacts => ({
    ...without('safetyNetDependence'),
    labour: { ableMembers, asOf: day('2022-09-01') },
    ...(dependent === undefined ? {} : { safetyNetDependence: { dependent, asOf: day('2022-09-02') } }),
  });

  test.each([
    [1, true, 'passed'],
    [1, undefined, 'passed'],
    [0, false, 'passed'],
    [0, true, 'failed'],
    [0, undefined, 'unknown'],
  ])('%i able to work, dependent on the safety net %s: %s', (able, dependent, expected) => {
    expect(outcome('not-dependent-without-labour', labour(able, dependent))).toBe(expected);
  });

  test('names what is missing', () => {
    expect(finding('not-dependent-without-labour', labour(0))).toMatchObject({
      missingFact: 'safety-net-dependence',
    });
  });
});
