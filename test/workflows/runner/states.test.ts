import { describe, expect, test } from 'vitest';
import { at, beginning, machine, rehearse, theCase } from './rehearsal.ts';

const outcome = async (
  ...[asl, input]: [Parameters<typeof rehearse>[0], Parameters<typeof rehearse>[0]?]
) => {
  const rehearsal = rehearse(asl);
  await rehearsal.start(input ?? {});
  const { status, output, error, cause } = rehearsal.runner.describe(theCase) ?? {};
  return { status, output, error, cause };
};

describe('a Pass state', () => {
  test('hands its input on when it says nothing else', async () => {
    const passed = await outcome(machine({ Pass: { Type: 'Pass', End: true } }), { a: 1 });
    expect(passed).toMatchObject({ status: 'succeeded', output: { a: 1 } });
  });

  test('builds an output of constants and expressions; only a string wholly in {% %} is an expression', async () => {
    const Output = {
      twice: '{% $states.input.n * 2 %}',
      spaced: ' {% $states.input.n %} ',
      plain: '$states.input.n',
      none: null,
      list: [true, '{% $states.input.n %}', []],
    };
    expect(await outcome(machine({ Pass: { Type: 'Pass', Output, End: true } }), { n: 2 })).toMatchObject({
      output: {
        twice: 4,
        spaced: ' {% $states.input.n %} ',
        plain: '$states.input.n',
        none: null,
        list: [true, 2, []],
      },
    });
  });

  test('assigns variables that only later states see: Assign and Output both read the old ones', async () => {
    const asl = machine({
      First: { Type: 'Pass', Assign: { x: 1, list: [1, 2] }, Next: 'Second' },
      Second: {
        Type: 'Pass',
        Assign: { x: '{% $x + 1 %}', old: '{% $x %}' },
        Output: '{% $x %}',
        Next: 'Third',
      },
      Third: {
        Type: 'Pass',
        Output: { x: '{% $x %}', old: '{% $old %}', input: '{% $states.input %}' },
        End: true,
      },
    });
    expect(await outcome(asl)).toMatchObject({ output: { x: 2, old: 1, input: 1 } });
  });

  test('null is a value, and a missing one fails the state with the field and the place', async () => {
    expect(await outcome(machine({ P: { Type: 'Pass', Output: '{% null %}', End: true } }))).toMatchObject({
      status: 'succeeded',
      output: null,
    });
    const rehearsal = rehearse(
      machine({ P: { Type: 'Pass', Output: { a: '{% $states.input.nothing %}' }, End: true } }),
    );
    await rehearsal.start();
    expect(rehearsal.runner.describe(theCase)).toMatchObject({
      status: 'failed',
      error: 'States.QueryEvaluationError',
      cause:
        "An error occurred while executing the state 'P' (entered at the event id #2). The JSONata expression '$states.input.nothing' specified for the field 'Output/a' returned nothing (undefined).",
    });
    expect(rehearsal.events()).toEqual([
      'ExecutionStarted',
      'PassStateEntered',
      'EvaluationFailed',
      'ExecutionFailed',
    ]);
  });

  test.each([
    '{% function($a){$a} %}',
    '{% $string %}',
    '{% 1/0 %}',
    '{% $sum %}',
    '{% "a" + 1 %}',
    '{% $toMillis("soon") %}',
  ])('what is no JSON value is an error: %s', async (Output) => {
    expect(await outcome(machine({ P: { Type: 'Pass', Output, End: true } }))).toMatchObject({
      status: 'failed',
      error: 'States.QueryEvaluationError',
    });
  });

  test('an output of more than 256 KiB ends the execution', async () => {
    const Output = '{% $join($map([1..30000], function($n) { "0123456789" })) %}';
    expect(await outcome(machine({ P: { Type: 'Pass', Output, End: true } }))).toMatchObject({
      error: 'States.DataLimitExceeded',
    });
  });
});

describe('what the JSONata documentation shows holds here', () => {
  const order = {
    Account: {
      Order: [
        {
          OrderID: 'order103',
          Product: [
            { Price: 34.45, Quantity: 2 },
            { Price: 21.67, Quantity: 1 },
          ],
        },
        {
          OrderID: 'order104',
          Product: [
            { Price: 34.45, Quantity: 4 },
            { Price: 107.99, Quantity: 1 },
          ],
        },
      ],
    },
  };
  test.each([
    ['$sum($states.input.Account.Order.Product.(Price * Quantity))', 336.36],
    ['$states.input.Account.Order[0].OrderID', 'order103'],
    ['$count($states.input.Account.Order.Product)', 4],
    ['$states.input.Account.Order.Product[Price > 100].Quantity', 1],
    ['$states.input.Account.Order.OrderID', ['order103', 'order104']],
    ['($f := function($n) { $n <= 1 ? 1 : $n * $f($n - 1) }; $f(5))', 120],
    ['$fromMillis(1510067557121)', '2017-11-07T15:12:37.121Z'],
    ['$toMillis("2017-11-07T15:07:54.972Z")', 1510067274972],
    ['"a" in ["a", "b"] and $exists($states.input.Account)', true],
  ])('%s', async (expression, value) => {
    const asl = machine({ P: { Type: 'Pass', Output: `{% ${expression} %}`, End: true } });
    const { output } = await outcome(asl, order);
    if (typeof value === 'number') expect(output).toBeCloseTo(value, 8);
    else expect(output).toEqual(value);
  });
});

describe('the context object', () => {
  test('tells the execution, the machine and the state', async () => {
    const asl = machine({
      Sleep: { Type: 'Wait', Seconds: 60, Next: 'Look' },
      Look: { Type: 'Pass', Output: '{% $states.context %}', End: true },
    });
    const rehearsal = rehearse(asl);
    await rehearsal.start({ stage: 'opened' });
    await rehearsal.passTo(at('2022-09-28T01:01:00.000Z'));
    expect(rehearsal.runner.describe(theCase)?.output).toEqual({
      Execution: {
        Id: `arn:aws:states:local:000000000000:execution:release-case:${theCase.name}`,
        Input: { stage: 'opened' },
        Name: theCase.name,
        StartTime: beginning,
        RedriveCount: 0,
      },
      StateMachine: {
        Id: 'arn:aws:states:local:000000000000:stateMachine:release-case',
        Name: 'release-case',
      },
      State: { Name: 'Look', EnteredTime: '2022-09-28T01:01:00.000Z' },
    });
  });
});

describe('a Choice state', () => {
  const asl = machine({
    Choose: {
      Type: 'Choice',
      Choices: [
        {
          Condition: '{% $states.input.n > 10 %}',
          Next: 'Many',
          Assign: { seen: 'many' },
          Output: 'from the rule',
        },
        { Condition: '{% $states.input.n > 5 %}', Next: 'Some' },
      ],
      Default: 'Few',
      Assign: { seen: 'few' },
      Output: { n: '{% $states.input.n %}' },
    },
    Many: { Type: 'Pass', Output: ['{% $seen %}', '{% $states.input %}'], End: true },
    Some: { Type: 'Pass', End: true },
    Few: { Type: 'Pass', Output: ['{% $seen %}', '{% $states.input %}'], End: true },
  });

  test('takes the first rule that holds, with that rule’s Assign and Output', async () => {
    expect((await outcome(asl, { n: 11 })).output).toEqual(['many', 'from the rule']);
  });
  test('hands the input on when the rule has no Output: the Output of the state belongs to the Default', async () => {
    expect((await outcome(asl, { n: 6 })).output).toEqual({ n: 6 });
    expect((await outcome(asl, { n: 1, other: true })).output).toEqual(['few', { n: 1 }]);
  });
  test('fails where no rule holds and there is no Default', async () => {
    const strict = machine({
      Choose: { Type: 'Choice', Choices: [{ Condition: '{% false %}', Next: 'Done' }] },
      Done: { Type: 'Succeed' },
    });
    expect(await outcome(strict)).toMatchObject({ status: 'failed', error: 'States.NoChoiceMatched' });
  });
  test('a condition must be true or false', async () => {
    const loose = machine({
      Choose: { Type: 'Choice', Choices: [{ Condition: '{% 1 %}', Next: 'Done' }], Default: 'Done' },
      Done: { Type: 'Succeed' },
    });
    expect(await outcome(loose)).toMatchObject({ error: 'States.QueryEvaluationError' });
  });
});

describe('a Wait state', () => {
  test('sleeps for seconds, neither shorter nor longer', async () => {
    const rehearsal = rehearse(
      machine({ W: { Type: 'Wait', Seconds: '{% $states.input.s %}', Next: 'D' }, D: { Type: 'Succeed' } }),
    );
    await rehearsal.start({ s: 90 });
    expect(rehearsal.runner.nextDueAt()).toBe('2022-09-28T01:01:30.000Z');
    await rehearsal.passTo(at('2022-09-28T01:01:29.999Z'));
    expect(rehearsal.runner.describe(theCase)?.status).toBe('running');
    await rehearsal.passTo(at('2022-09-28T01:01:30.000Z'));
    expect(rehearsal.runner.describe(theCase)?.status).toBe('succeeded');
    expect(rehearsal.runner.nextDueAt()).toBeUndefined();
  });

  test('sleeps until a timestamp from a variable, in any offset; one that is past does not hold it', async () => {
    const asl = machine({
      Read: { Type: 'Pass', Assign: { end: '{% $states.input.end %}' }, Next: 'W' },
      W: { Type: 'Wait', Timestamp: '{% $end %}', Assign: { woke: true }, Output: 'woke', End: true },
    });
    const rehearsal = rehearse(asl);
    await rehearsal.start({ end: '2022-10-09T00:00:00+08:00' });
    expect(rehearsal.runner.nextDueAt()).toBe('2022-10-08T16:00:00.000Z');
    await rehearsal.passTo(at('2022-10-08T16:00:00.000Z'));
    expect(rehearsal.runner.describe(theCase)).toMatchObject({ status: 'succeeded', output: 'woke' });
    expect(await outcome(asl, { end: '2021-01-01T00:00:00Z' })).toMatchObject({ status: 'succeeded' });
  });

  test.each(['tomorrow', '2022-10-08', '2022-02-30T00:00:00Z', '2022-10-08T24:00Z', 7])(
    'refuses %s as a timestamp',
    async (end) => {
      const asl = machine({ W: { Type: 'Wait', Timestamp: '{% $states.input.end %}', End: true } });
      expect(await outcome(asl, { end })).toMatchObject({ error: 'States.QueryEvaluationError' });
    },
  );
  test.each([-1, 1.5, 100_000_000, '60'])('refuses %s as seconds', async (s) => {
    const asl = machine({ W: { Type: 'Wait', Seconds: '{% $states.input.s %}', End: true } });
    expect(await outcome(asl, { s })).toMatchObject({ error: 'States.QueryEvaluationError' });
  });
});

describe('the ends', () => {
  test('Succeed may shape the output', async () => {
    const asl = machine({ Done: { Type: 'Succeed', Output: { ok: true } } });
    expect(await outcome(asl)).toMatchObject({ status: 'succeeded', output: { ok: true } });
  });
  test('Fail says error and cause, which may be expressions', async () => {
    const asl = machine({
      Bad: { Type: 'Fail', Error: 'notice-lost', Cause: '{% "round " & $states.input.round %}' },
    });
    expect(await outcome(asl, { round: 2 })).toMatchObject({
      status: 'failed',
      error: 'notice-lost',
      cause: 'round 2',
    });
  });
  test('the execution has its own time', async () => {
    const asl = machine(
      { W: { Type: 'Wait', Seconds: 3600, Next: 'D' }, D: { Type: 'Succeed' } },
      { TimeoutSeconds: 60 },
    );
    const rehearsal = rehearse(asl);
    await rehearsal.start();
    await rehearsal.passTo(at('2022-09-28T03:00:00.000Z'));
    expect(rehearsal.runner.describe(theCase)).toMatchObject({
      status: 'timed-out',
      error: 'States.Timeout',
      stoppedAt: '2022-09-28T01:01:00.000Z',
    });
    expect(rehearsal.events().at(-1)).toBe('ExecutionTimedOut');
  });
  test('a circle without an end stops at the limit of events', async () => {
    const asl = machine({ A: { Type: 'Pass', Next: 'B' }, B: { Type: 'Pass', Next: 'A' } });
    expect(await outcome(asl)).toMatchObject({ status: 'failed', error: 'States.Runtime' });
  });
});

test('the history has the words and the chain of GetExecutionHistory', async () => {
  const asl = machine({ A: { Type: 'Pass', Assign: { x: 1 }, Next: 'D' }, D: { Type: 'Succeed' } });
  const rehearsal = rehearse(asl);
  await rehearsal.start({ a: 1 });
  const timestamp = beginning;
  expect(rehearsal.runner.history(theCase)).toEqual([
    { id: 1, previousEventId: 0, timestamp, type: 'ExecutionStarted', details: { input: { a: 1 } } },
    {
      id: 2,
      previousEventId: 0,
      timestamp,
      type: 'PassStateEntered',
      details: { name: 'A', input: { a: 1 } },
    },
    {
      id: 3,
      previousEventId: 2,
      timestamp,
      type: 'PassStateExited',
      details: { name: 'A', output: { a: 1 }, assignedVariables: { x: 1 } },
    },
    {
      id: 4,
      previousEventId: 3,
      timestamp,
      type: 'SucceedStateEntered',
      details: { name: 'D', input: { a: 1 } },
    },
    {
      id: 5,
      previousEventId: 4,
      timestamp,
      type: 'SucceedStateExited',
      details: { name: 'D', output: { a: 1 } },
    },
    { id: 6, previousEventId: 5, timestamp, type: 'ExecutionSucceeded', details: { output: { a: 1 } } },
  ]);
});
