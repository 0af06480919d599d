import { describe, expect, test } from 'vitest';
import type { PersonActor } from '../../../shared/domain/access/actor.ts';
import type { YearMonth } from '../../../shared/domain/calendar/instant.ts';
import { currentPolicy } from '../../../shared/domain/calendar/policy.ts';
import {
  type AnnouncedCase,
  type CityReport,
  type CityReportCommand,
  type CityReportContext,
  type CityReportRefusalCode,
  casesAsAmended,
  decideCityReport,
  evolveCityReport,
} from '../../../shared/domain/city-report/city-report.ts';
import type {
  CityReportEvent,
  Correction,
  RecordedCityReportEvent,
} from '../../../shared/domain/city-report/events.ts';
import { specificationOf } from '../../support/given.ts';
import { bureau, district, townOfficer } from '../../support/release-people.ts';
import { timer } from '../../support/release-story.ts';
import { shanghai } from '../../support/shanghai.ts';

const given = specificationOf<
  CityReport,
  CityReportCommand,
  CityReportEvent,
  RecordedCityReportEvent,
  CityReportContext,
  CityReportRefusalCode
>({ decide: decideCityReport, evolve: evolveCityReport });

const contextAt = (at: string, actor: PersonActor | typeof timer = bureau): CityReportContext => ({
  now: shanghai(at),
  actor,
  policy: currentPolicy(shanghai(at)),
});
const october = '2022-10' as YearMonth;
const reportId = 'C-610302-2022-10';
const taskId = `${reportId}.city-report-signature`;
const prepare: CityReportCommand = { type: 'prepare-city-report', district, month: october };

const announced = (serial: number, people: number, change: Partial<AnnouncedCase> = {}): AnnouncedCase => ({
  caseNumber: `R-610302-2022-00000${serial}`,
  people,
  leadershipFiled: true,
  marked: true,
  ...change,
});
const two = [announced(2, 4), announced(1, 3)];
const sign = (cases: readonly AnnouncedCase[]): CityReportCommand => ({
  type: 'sign-city-report',
  taskId,
  announced: cases,
});
const amend = (
  corrections: readonly Correction[],
  reference = '区乡振发〔2022〕31号',
): CityReportCommand => ({
  type: 'amend-city-report',
  reason: 'figure-wrong',
  corrections,
  reference,
});

const afterwards = (
  past: readonly RecordedCityReportEvent[],
  command: CityReportCommand,
  context: CityReportContext,
): RecordedCityReportEvent[] => {
  const decision = decideCityReport(stateOf(past), command, context);
  if ('refusal' in decision) throw new Error(`${command.type} was refused: ${decision.refusal.code}`);
  return [...past, ...decision.events.map((event) => ({ ...event, at: context.now, actor: timer }))];
};
const stateOf = (past: readonly RecordedCityReportEvent[]): CityReport | undefined =>
  past.reduce<CityReport | undefined>((report, event) => evolveCityReport(report, event), undefined);

const prepared = afterwards([], prepare, contextAt('2022-11-01 00:00', timer));
const signed = afterwards(prepared, sign(two), contextAt('2022-11-04 10:00'));

describe('the report of a month', () => {
  test('is prepared from the first of the next month on, for the bureau to sign by the fifth', () => {
    given([])
      .when(prepare, contextAt('2022-10-31 23:59:59.999', timer))
      .then({
        code: 'city-report-window-not-open',
        field: 'month',
        because: [shanghai('2022-11-01 00:00')],
      });
    given([])
      .when(prepare, contextAt('2022-11-01 00:00', timer))
      .then([
        {
          type: 'city-report-prepared',
          data: {
            month: '2022-10',
            dueAt: shanghai('2022-11-06 00:00'),
            opens: [
              {
                taskId,
                assignees: [{ role: 'bureau-officer', division: '610302' }],
                // The 5th is a Saturday: the last working day before it is Friday the 4th.
                wakeAt: shanghai('2022-11-04 09:00'),
              },
            ],
          },
        },
      ]);
    given(prepared).when(prepare, contextAt('2022-11-02 00:00', timer)).thenNothing();
  });

  test('is signed with every case that was announced in it, in the order of their numbers', () => {
    given(prepared)
      .when(sign(two), contextAt('2022-11-04 10:00'))
      .then([
        {
          type: 'city-report-signed',
          data: {
            cases: [
              { caseNumber: 'R-610302-2022-000001', people: 3 },
              { caseNumber: 'R-610302-2022-000002', people: 4 },
            ],
            households: 2,
            people: 7,
            overdue: false,
          },
        },
      ]);
    expect(stateOf(signed)?.tasks).toEqual([]);
  });

  test('a month without a case gets a nil report', () => {
    given(prepared)
      .when(sign([]), contextAt('2022-11-05 23:59:59.999'))
      .then([{ type: 'city-report-signed', data: { cases: [], households: 0, people: 0, overdue: false } }]);
  });

  test('is not signed while a case is not filed with the leadership group or not marked', () => {
    given(prepared)
      .when(
        sign([
          announced(3, 1, { marked: false }),
          announced(1, 3),
          announced(2, 2, { leadershipFiled: false }),
        ]),
        contextAt('2022-11-04 10:00'),
      )
      .then({
        code: 'city-report-incomplete',
        because: ['R-610302-2022-000002', 'R-610302-2022-000003'],
      });
  });

  test('signed after the fifth it says that it was late, and it is never signed twice or by another', () => {
    given(prepared)
      .when(sign([]), contextAt('2022-11-06 00:00'))
      .then([{ type: 'city-report-signed', data: { overdue: true } }]);
    given(signed).when(sign(two), contextAt('2022-11-05 10:00')).then({ code: 'task-not-open' });
    given(prepared)
      .when(sign(two), contextAt('2022-11-04 10:00', townOfficer))
      .then({ code: 'task-not-yours' });
    given(prepared).when(sign(two), contextAt('2022-11-04 10:00', timer)).then({ code: 'task-not-yours' });
    given([]).when(sign(two), contextAt('2022-11-04 10:00')).then({ code: 'city-report-not-prepared' });
  });
});

describe('a signature that does not come', () => {
  const look = (vacant: readonly string[] = []): CityReportCommand => ({
    type: 'escalate-signature',
    taskId,
    vacant,
  });
  const reminded = afterwards(prepared, look(), contextAt('2022-11-04 09:00', timer));
  const overdue = afterwards(reminded, look(), contextAt('2022-11-06 00:00', timer));

  test('is asked for on the last working day before the fifth, then told upwards day after day', () => {
    given(prepared)
      .when(look(), contextAt('2022-11-04 08:59:59.999', timer))
      .then({ code: 'too-early', because: [shanghai('2022-11-04 09:00')] });
    given(prepared)
      .when(look(), contextAt('2022-11-04 09:00', timer))
      .then([{ type: 'signature-reminded', data: { wakeAt: shanghai('2022-11-06 00:00') } }]);
    given(reminded)
      .when(look(), contextAt('2022-11-06 00:00', timer))
      .then([
        {
          type: 'signature-escalated',
          data: { reason: 'overdue', to: [{ role: 'bureau-leader' }], wakeAt: shanghai('2022-11-08 00:00') },
        },
      ]);
    given(overdue)
      .when(look(), contextAt('2022-11-08 00:00', timer))
      .then([{ type: 'signature-escalated', data: { to: [{ role: 'leadership-secretary' }] } }]);
    expect(stateOf(overdue)?.tasks).toMatchObject([{ reminded: true, escalations: 1 }]);
  });

  test('is told upwards at once where nobody is bureau officer', () => {
    given(prepared)
      .when(look(['bureau-officer@610302']), contextAt('2022-11-01 00:01', timer))
      .then([
        {
          type: 'signature-escalated',
          data: {
            reason: 'office-vacant',
            to: [{ role: 'bureau-leader' }, { role: 'leadership-secretary' }],
          },
        },
      ]);
  });

  test('is called for no more once it came', () => {
    given(signed).when(look(), contextAt('2022-11-06 00:00', timer)).then({ code: 'task-not-open' });
    given([]).when(look(), contextAt('2022-11-06 00:00', timer)).then({ code: 'city-report-not-prepared' });
  });
});

describe('after the signature', () => {
  const first = amend([{ caseNumber: 'R-610302-2022-000001', people: 5 }]);
  const amended = afterwards(signed, first, contextAt('2022-11-10 10:00'));

  test('what was wrong is said in a numbered amendment, and the signed report stays as it was', () => {
    given(signed)
      .when(first, contextAt('2022-11-10 10:00'))
      .then([
        {
          type: 'city-report-amended',
          data: {
            number: 1,
            reason: 'figure-wrong',
            reference: '区乡振发〔2022〕31号',
            corrections: [{ caseNumber: 'R-610302-2022-000001', people: 5 }],
            households: 2,
            people: 9,
          },
        },
      ]);
    expect(stateOf(amended)?.signed).toEqual(stateOf(signed)?.signed);
  });

  test('the next one has the next number, and is read upon the first', () => {
    const second = amend([{ caseNumber: 'R-610302-2022-000002', people: null }]);
    given(amended)
      .when(second, contextAt('2022-11-11 10:00'))
      .then([{ type: 'city-report-amended', data: { number: 2, households: 1, people: 5 } }]);
    const report = stateOf(afterwards(amended, second, contextAt('2022-11-11 10:00')));
    expect(report?.amendments.map(({ number }) => number)).toEqual([1, 2]);
    expect(report && casesAsAmended(report)).toEqual([{ caseNumber: 'R-610302-2022-000001', people: 5 }]);
  });

  test('a case that was never reported is not corrected; one that was struck can be put back', () => {
    given(signed)
      .when(amend([{ caseNumber: 'R-610302-2022-000009', people: 2 }]), contextAt('2022-11-10 10:00'))
      .then({ code: 'case-not-reported', field: 'corrections.0.caseNumber' });
    const without = afterwards(
      signed,
      amend([{ caseNumber: 'R-610302-2022-000002', people: null }]),
      contextAt('2022-11-10 10:00'),
    );
    given(without)
      .when(amend([{ caseNumber: 'R-610302-2022-000002', people: 4 }]), contextAt('2022-11-11 10:00'))
      .then([{ type: 'city-report-amended' }]);
    given(without)
      .when(amend([{ caseNumber: 'R-610302-2022-000002', people: null }]), contextAt('2022-11-11 10:00'))
      .then({ code: 'correction-changes-nothing', field: 'corrections.0.people' });
  });

  test('a correction changes something, as the report reads today', () => {
    const again = (people: number) =>
      amend([
        { caseNumber: 'R-610302-2022-000002', people: 8 },
        { caseNumber: 'R-610302-2022-000001', people },
      ]);
    const refused = { code: 'correction-changes-nothing', field: 'corrections.1.people' } as const;
    given(signed).when(again(3), contextAt('2022-11-10 10:00')).then(refused);
    given(amended).when(again(5), contextAt('2022-11-10 10:00')).then(refused);
    given(amended)
      .when(again(3), contextAt('2022-11-10 10:00'))
      .then([{ type: 'city-report-amended' }]);
  });

  test('an amendment without any correction, or with two of one case, is none', () => {
    given(signed)
      .when(amend([]), contextAt('2022-11-10 10:00'))
      .then({ code: 'correction-changes-nothing', field: 'corrections' });
    given(signed)
      .when(
        amend([
          { caseNumber: 'R-610302-2022-000001', people: 5 },
          { caseNumber: 'R-610302-2022-000001', people: 6 },
        ]),
        contextAt('2022-11-10 10:00'),
      )
      .then({ code: 'correction-changes-nothing', field: 'corrections.1.caseNumber' });
  });

  test('it names the document that it follows', () => {
    given(signed)
      .when(
        amend([{ caseNumber: 'R-610302-2022-000001', people: 5 }], '\u3000'),
        contextAt('2022-11-10 10:00'),
      )
      .then({ code: 'text-required', field: 'reference' });
  });

  test('before the signature there is nothing to amend', () => {
    given(prepared).when(first, contextAt('2022-11-03 10:00')).then({ code: 'city-report-not-signed' });
    given([]).when(first, contextAt('2022-11-03 10:00')).then({ code: 'city-report-not-prepared' });
  });
});
