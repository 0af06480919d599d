import { describe, expect, test } from 'vitest';
import type { YearMonth } from '../../../shared/domain/calendar/instant.ts';
import { currentPolicy } from '../../../shared/domain/calendar/policy.ts';
import type { FilingEvent, RecordedFilingEvent } from '../../../shared/domain/filing/events.ts';
import {
  decideFiling,
  evolveFiling,
  type Filing,
  type FilingCommand,
  type FilingRefusalCode,
} from '../../../shared/domain/filing/filing.ts';
import { specificationOf } from '../../support/given.ts';
import { town } from '../../support/release-people.ts';
import { timer } from '../../support/release-story.ts';
import { shanghai } from '../../support/shanghai.ts';

type Context = Parameters<typeof decideFiling>[2];
const given = specificationOf<
  Filing,
  FilingCommand,
  FilingEvent,
  RecordedFilingEvent,
  Context,
  FilingRefusalCode
>({ decide: decideFiling, evolve: evolveFiling });

const at = (text: string): Context => ({ now: shanghai(text), policy: currentPolicy(shanghai(text)) });
const open: FilingCommand = { type: 'open-filing', town, month: '2022-10' as YearMonth };
const remind: FilingCommand = { type: 'remind-town' };
const seed = 'd'.repeat(64);
const early = (...approved: readonly string[]): FilingCommand => ({
  type: 'file-early',
  approved,
  spotCheckSeed: seed,
});
const complete = (...approved: readonly string[]): FilingCommand => ({
  type: 'complete-filing',
  approved,
  spotCheckSeed: seed,
});

const afterwards = (
  past: readonly RecordedFilingEvent[],
  command: FilingCommand,
  text: string,
): RecordedFilingEvent[] => {
  const context = at(text);
  const decision = decideFiling(stateOf(past), command, context);
  if ('refusal' in decision) throw new Error(`${command.type} was refused: ${decision.refusal.code}`);
  return [...past, ...decision.events.map((event) => ({ ...event, at: context.now, actor: timer }))];
};
const stateOf = (past: readonly RecordedFilingEvent[]): Filing | undefined =>
  past.reduce<Filing | undefined>((filing, event) => evolveFiling(filing, event), undefined);

const opened = afterwards([], open, '2022-10-01 00:00');
const reminded = afterwards(opened, remind, '2022-10-24 09:00');
const completed = afterwards(reminded, complete('b', 'a'), '2022-10-26 00:00');

describe('the filing of a town’s month', () => {
  test('opens with the month and not before, once', () => {
    given([])
      .when(open, at('2022-09-30 23:59:59.999'))
      .then({ code: 'filing-month-not-begun', field: 'month' });
    given([])
      .when(open, at('2022-10-01 00:00'))
      .then([{ type: 'filing-opened', data: { cutOffAt: shanghai('2022-10-26 00:00') } }]);
    given(opened).when(open, at('2022-10-02 00:00')).thenNothing();
    given([]).when(early('a'), at('2022-10-10 00:00')).then({ code: 'filing-not-open' });
  });

  test('may be made early; what is approved later goes in a supplement', () => {
    const filedEarly = afterwards(opened, early('b', 'a'), '2022-10-10 09:00');
    given(filedEarly)
      .when(complete('a', 'b', 'c'), at('2022-10-26 00:00'))
      .then([
        { type: 'cases-filed', data: { number: 2, caseNumbers: ['c'], early: false } },
        { type: 'filing-completed', data: { filings: 2, cases: 3 } },
      ]);
    given(filedEarly).when(early('a', 'b'), at('2022-10-11 00:00')).then({ code: 'filing-empty' });
  });

  test('is completed by the timer at the cut-off, also without any case', () => {
    given(opened)
      .when(complete('a'), at('2022-10-25 23:59:59.999'))
      .then({ code: 'cut-off-not-reached', because: [shanghai('2022-10-26 00:00')] });
    given(opened)
      .when(complete(), at('2022-10-26 00:00'))
      .then([{ type: 'filing-completed', data: { filings: 0, cases: 0 } }]);
    given(completed).when(complete('c'), at('2022-10-27 00:00')).thenNothing();
    given(completed).when(early('c'), at('2022-10-27 00:00')).then({ code: 'filing-completed' });
    given(opened)
      .when(early('a'), at('2022-10-26 00:00'))
      .then({ code: 'cut-off-passed', because: [shanghai('2022-10-26 00:00')] });
  });
});

describe('the reminder of the cut-off', () => {
  test('comes on the last working day before the 25th, and stands in the town’s inbox until the month is filed', () => {
    // 25 October 2022 is a Tuesday.
    given(opened)
      .when(remind, at('2022-10-24 08:59:59.999'))
      .then({ code: 'reminder-not-due', because: [shanghai('2022-10-24 09:00')] });
    given(opened)
      .when(remind, at('2022-10-24 09:00'))
      .then([
        {
          type: 'filing-reminded',
          data: {
            opens: [
              {
                taskId: 'F-610302101-2022-10.filing-cut-off',
                assignees: [{ role: 'town-officer', division: '610302101' }],
                dueAt: shanghai('2022-10-26 00:00'),
                reminded: false,
              },
            ],
          },
        },
      ]);
    expect(stateOf(reminded)).toMatchObject({ reminded: true, tasks: [{ step: 'filing-cut-off' }] });
    expect(stateOf(afterwards(reminded, early('a'), '2022-10-24 10:00'))?.tasks).toHaveLength(1);
    expect(stateOf(completed)?.tasks).toEqual([]);
  });

  test('comes once, and never after the cut-off or to a month that is filed', () => {
    given(reminded).when(remind, at('2022-10-24 10:00')).thenNothing();
    given(opened).when(remind, at('2022-10-26 00:00')).thenNothing();
    given(completed).when(remind, at('2022-10-25 10:00')).thenNothing();
    given([]).when(remind, at('2022-10-24 09:00')).then({ code: 'filing-not-open' });
  });
});
