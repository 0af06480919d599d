import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../../shared/ports/record-store.ts';
import {
  answers,
  at,
  awaitPerson,
  breaks,
  type FunctionOfTheHouse,
  invoke,
  machine,
  rehearse,
  theCase,
  tokenKeeper,
} from './rehearsal.ts';

const mapping = (states: JsonObject, more: JsonObject = {}): JsonObject => ({
  Type: 'Map',
  Items: '{% $states.input.departments %}',
  ItemProcessor: {
    ProcessorConfig: { Mode: 'INLINE' },
    StartAt: Object.keys(states)[0] ?? '',
    States: states,
  },
  ...(more['Next'] === undefined ? { End: true } : {}),
  ...more,
});
const departments = ['health', 'housing', 'education'];
const endOf = ({ runner }: ReturnType<typeof rehearse>) => runner.describe(theCase);

describe('a Map state', () => {
  test('runs its states for every item and gathers the outputs in the order of the items', async () => {
    const asl = machine({
      Ask: mapping({ One: { Type: 'Pass', Output: '{% $uppercase($states.input) %}', End: true } }),
    });
    const rehearsal = rehearse(asl);
    await rehearsal.start({ departments });
    expect(endOf(rehearsal)?.output).toEqual(['HEALTH', 'HOUSING', 'EDUCATION']);
    expect(rehearsal.events().filter((type) => type.startsWith('Map'))).toEqual([
      'MapStateEntered',
      'MapStateStarted',
      ...departments.map(() => 'MapIterationStarted'),
      ...departments.map(() => 'MapIterationSucceeded'),
      'MapStateSucceeded',
      'MapStateExited',
    ]);
  });

  test('shapes the input of an iteration by ItemSelector; the item is in the context all the way', async () => {
    const asl = machine({
      Init: { Type: 'Pass', Assign: { round: 2 }, Next: 'Ask' },
      Ask: mapping(
        {
          One: { Type: 'Pass', Output: ['{% $states.input %}', '{% $states.context.Map.Item %}'], End: true },
        },
        {
          ItemSelector: {
            department: '{% $states.context.Map.Item.Value %}',
            place: '{% $states.context.Map.Item.Index %}',
            case: '{% $states.input.case %}',
            round: '{% $round %}',
          },
        },
      ),
    });
    const rehearsal = rehearse(asl);
    await rehearsal.start({ departments: ['health'], case: 'R-1' });
    expect(endOf(rehearsal)?.output).toEqual([
      [
        { department: 'health', place: 0, case: 'R-1', round: 2 },
        { Index: 0, Value: 'health' },
      ],
    ]);
  });

  test('an iteration sees the variables around it and keeps its own to itself', async () => {
    const asl = machine({
      Init: { Type: 'Pass', Assign: { outer: 'o' }, Next: 'Ask' },
      Ask: mapping(
        {
          Set: { Type: 'Pass', Assign: { mine: '{% $states.input %}' }, Next: 'Show' },
          Show: { Type: 'Pass', Output: '{% $outer & $mine %}', End: true },
        },
        { Assign: { all: '{% $states.result %}' }, Next: 'After' },
      ),
      After: { Type: 'Pass', Output: { all: '{% $all %}', leaked: '{% $exists($mine) %}' }, End: true },
    });
    const rehearsal = rehearse(asl);
    await rehearsal.start({ departments: ['a', 'b'] });
    expect(endOf(rehearsal)?.output).toEqual({ all: ['oa', 'ob'], leaked: false });
  });

  test('nothing to do gives an empty list, and a thing that is no list is an error', async () => {
    const asl = machine({ Ask: mapping({ One: { Type: 'Pass', End: true } }) });
    const empty = rehearse(asl);
    await empty.start({ departments: [] });
    expect(endOf(empty)?.output).toEqual([]);
    const wrong = rehearse(asl);
    await wrong.start({ departments: 'health' });
    expect(endOf(wrong)?.error).toBe('States.QueryEvaluationError');
  });

  test('begins no more iterations at once than MaxConcurrency', async () => {
    const keeper = tokenKeeper();
    const asl = machine({ Ask: mapping({ A: awaitPerson('ask', { End: true }) }, { MaxConcurrency: 2 }) });
    const rehearsal = rehearse(asl, { ask: keeper.keep });
    await rehearsal.start({ departments });
    expect(keeper.tokens).toHaveLength(2);
    await rehearsal.runner.signals.succeed(keeper.tokens[1] ?? '', { of: 1 });
    await rehearsal.runner.runReady();
    expect(keeper.tokens).toHaveLength(3);
    await rehearsal.runner.signals.succeed(keeper.tokens[0] ?? '', { of: 0 });
    await rehearsal.runner.signals.succeed(keeper.tokens[2] ?? '', { of: 2 });
    await rehearsal.runner.runReady();
    expect(endOf(rehearsal)?.output).toEqual([{ of: 0 }, { of: 1 }, { of: 2 }]);
  });

  test('every department is asked and reminded in its own loop', async () => {
    const keeper = tokenKeeper();
    const asl = machine({
      Ask: mapping({
        A: awaitPerson('ask', {
          TimeoutSeconds: 3600,
          Catch: [{ ErrorEquals: ['States.Timeout'], Next: 'Remind' }],
          End: true,
        }),
        Remind: invoke('remind', '{% $states.context.Map.Item.Value %}', { Next: 'A' }),
      }),
    });
    const rehearsal = rehearse(asl, { ask: keeper.keep, remind: () => answers(null) });
    await rehearsal.start({ departments });
    await rehearsal.runner.signals.succeed(keeper.tokens[1] ?? '', { ok: 'housing' });
    await rehearsal.passTo(at('2022-09-28T02:00:00.000Z'));
    expect(rehearsal.calls.filter(({ name }) => name === 'remind').map(({ payload }) => payload)).toEqual([
      'health',
      'education',
    ]);
    for (const token of keeper.tokens) await rehearsal.runner.signals.succeed(token, { ok: 'later' });
    await rehearsal.runner.runReady();
    expect(endOf(rehearsal)?.output).toEqual([{ ok: 'later' }, { ok: 'housing' }, { ok: 'later' }]);
  });

  test('one that fails aborts the others and fails the Map, which may catch it', async () => {
    const keeper = tokenKeeper();
    const asl = machine({
      Ask: mapping(
        {
          Which: {
            Type: 'Choice',
            Choices: [{ Condition: '{% $states.input = "housing" %}', Next: 'Wrong' }],
            Default: 'A',
          },
          Wrong: { Type: 'Fail', Error: 'no-such-department', Cause: 'why' },
          A: awaitPerson('ask', { End: true }),
        },
        { Catch: [{ ErrorEquals: ['no-such-department'], Next: 'Seen' }] },
      ),
      Seen: { Type: 'Pass', End: true },
    });
    const rehearsal = rehearse(asl, { ask: keeper.keep });
    await rehearsal.start({ departments });
    expect(endOf(rehearsal)).toMatchObject({
      status: 'succeeded',
      output: { Error: 'no-such-department', Cause: 'why' },
    });
    expect(rehearsal.events().filter((type) => /Failed|Aborted/.test(type))).toEqual([
      'MapIterationFailed',
      'TaskStateAborted',
      'MapIterationAborted',
      'MapIterationAborted',
      'MapStateFailed',
    ]);
    for (const token of keeper.tokens)
      expect(await rehearsal.runner.signals.succeed(token, {})).toBe('nobody-waits');
    expect(rehearsal.db.prepare('SELECT count(*) AS n FROM workflow_branch').get()).toEqual({ n: 0 });
  });

  test('is retried as a whole', async () => {
    let calls = 0;
    const once: FunctionOfTheHouse = (payload) => {
      calls += 1;
      return calls === 1 ? breaks('Busy') : answers(payload);
    };
    const asl = machine({
      Ask: mapping(
        { T: invoke('f', '{% $states.input %}', { Output: '{% $states.result.Payload %}', End: true }) },
        { Retry: [{ ErrorEquals: ['Busy'], IntervalSeconds: 5 }] },
      ),
    });
    const rehearsal = rehearse(asl, { f: once });
    await rehearsal.start({ departments });
    await rehearsal.passTo(at('2022-09-28T01:00:05.000Z'));
    expect(endOf(rehearsal)?.output).toEqual(departments);
  });

  test('may stand in a Map', async () => {
    const asl = machine({
      Towns: mapping({
        Villages: {
          Type: 'Map',
          Items: '{% $states.input %}',
          ItemProcessor: {
            StartAt: 'V',
            States: {
              V: { Type: 'Pass', Output: '{% $states.context.Map.Item.Index & $states.input %}', End: true },
            },
          },
          End: true,
        },
      }),
    });
    const rehearsal = rehearse(asl);
    await rehearsal.start({ departments: [['a', 'b'], ['c']] });
    expect(endOf(rehearsal)?.output).toEqual([['0a', '1b'], ['0c']]);
  });
});
