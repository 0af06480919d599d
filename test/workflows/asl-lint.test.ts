import { describe, expect, test } from 'vitest';
import { lintAsl } from '../../workflows/asl-lint.ts';

const retry = [
  {
    ErrorEquals: [
      'Lambda.ServiceException',
      'Lambda.AWSLambdaException',
      'Lambda.SdkClientException',
      'Lambda.ClientExecutionTimeoutException',
      'Lambda.TooManyRequestsException',
    ],
  },
];
const caught = [{ ErrorEquals: ['States.ALL'], Next: 'Broken' }];

const call = (more: object = {}) => ({
  Type: 'Task',
  Resource: 'arn:aws:states:::lambda:invoke',
  Arguments: { FunctionName: 'read', Payload: {} },
  TimeoutSeconds: 90,
  Retry: retry,
  Catch: caught,
  Next: 'Done',
  ...more,
});
const ask = (more: object = {}) => ({
  Type: 'Task',
  Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
  Arguments: { FunctionName: 'await', Payload: { token: '{% $states.context.Task.Token %}' } },
  TimeoutSeconds: '{% $toMillis($states.input.wakeAt) - $toMillis($states.context.State.EnteredTime) %}',
  Retry: retry,
  Catch: [{ ErrorEquals: ['States.Timeout'], Next: 'Escalate' }, ...caught],
  Next: 'Done',
  ...more,
});
const escalate = (more: object = {}) =>
  call({ Next: 'Ask', Output: '{% $merge([$states.input, $states.result.Payload]) %}', ...more });
const machine = (states: object, more: object = {}) => ({
  QueryLanguage: 'JSONata',
  StartAt: Object.keys(states)[0] ?? '',
  States: { ...states, Broken: { Type: 'Fail' }, Done: { Type: 'Succeed' } },
  ...more,
});
const codes = (document: unknown) => lintAsl(document).map(({ code, state }) => `${state}: ${code}`);

describe('a state machine without fault', () => {
  test('has no findings', () => {
    const inner = {
      StartAt: 'Ask',
      States: { Ask: ask(), Escalate: escalate(), Broken: { Type: 'Fail' }, Done: { Type: 'Succeed' } },
    };
    const document = machine({
      Read: call({ Assign: { stand: '{% $states.result.Payload %}' }, Next: 'Where' }),
      Where: {
        Type: 'Choice',
        Choices: [{ Condition: "{% $stand.stage = 'asking' %}", Next: 'All' }],
        Default: 'Sleep',
      },
      Sleep: { Type: 'Wait', Timestamp: '{% $stand.waitUntil %}', Next: 'All' },
      All: {
        Type: 'Map',
        Items: '{% ($left := $map($stand.tasks, function($task, $i) { $task }); [$left]) %}',
        ItemProcessor: inner,
        Catch: caught,
        Next: 'Done',
      },
    });
    expect(lintAsl(document)).toEqual([]);
  });
});

describe('the lint finds', () => {
  test.each([
    [
      'a token that nobody is given',
      { Arguments: { FunctionName: 'await', Payload: {} } },
      'token-not-passed',
    ],
    ['a wait for a person without an end', { TimeoutSeconds: undefined }, 'wait-not-timed'],
    ['a wait that does not count from its entry', { TimeoutSeconds: 600 }, 'duration-not-from-entry'],
    ['an end of a wait that escalates nothing', { Catch: caught }, 'timeout-not-caught'],
    [
      'an end of a wait that is treated as a fault',
      { Catch: [{ ErrorEquals: ['States.Timeout'], Next: 'Broken' }, ...caught] },
      'timeout-not-caught',
    ],
    ['a task that does not outlive the service', { Retry: undefined }, 'no-retry-for-service-faults'],
    [
      'a task that retries something else',
      { Retry: [{ ErrorEquals: ['Mine'] }] },
      'no-retry-for-service-faults',
    ],
    [
      'a fault that nobody sees',
      { Catch: [{ ErrorEquals: ['States.Timeout'], Next: 'Escalate' }] },
      'no-catch-to-an-operator',
    ],
    [
      'a fault that ends as a success',
      {
        Catch: [
          { ErrorEquals: ['States.Timeout'], Next: 'Escalate' },
          { ErrorEquals: ['States.ALL'], Next: 'Done' },
        ],
      },
      'no-catch-to-an-operator',
    ],
  ])('%s', (_what, more, code) => {
    expect(codes(machine({ Ask: ask(more), Escalate: escalate() }))).toEqual([`Ask: ${code}`]);
  });

  test('an escalation that does not wait again', () => {
    expect(codes(machine({ Ask: ask(), Escalate: escalate({ Next: 'Done' }) }))).toEqual([
      'Ask: escalation-does-not-return',
    ]);
  });

  test('an escalation that forgets the later day', () => {
    expect(codes(machine({ Ask: ask(), Escalate: escalate({ Output: '{% $states.input %}' }) }))).toEqual([
      'Ask: escalation-not-later',
    ]);
  });

  test('a token where nobody waits', () => {
    const Arguments = { FunctionName: 'read', Payload: { token: '{% $states.context.Task.Token %}' } };
    expect(codes(machine({ Read: call({ Arguments }) }))).toEqual(['Read: token-outside-of-wait']);
  });

  test('a call without an end', () => {
    expect(codes(machine({ Read: call({ TimeoutSeconds: undefined }) }))).toEqual(['Read: wait-not-timed']);
  });

  test('a choice that may match nothing', () => {
    const Where = { Type: 'Choice', Choices: [{ Condition: '{% true %}', Next: 'Done' }] };
    expect(codes(machine({ Where }))).toEqual(['Where: choice-without-default']);
  });

  test('a day that stands in the definition', () => {
    expect(codes(machine({ Sleep: { Type: 'Wait', Seconds: 60, Next: 'Done' } }))).toEqual([
      'Sleep: literal-wait',
    ]);
  });

  test.each(['$now()', '$millis()', '$random()', '$uuid()', "$eval('1')", '$map([1], $random)'])(
    '%s, which no rehearsal can repeat',
    (source) => {
      const Pass = { Type: 'Pass', Output: `{% ${source} %}`, Next: 'Done' };
      expect(lintAsl(machine({ Pass })).map((finding) => finding.code)).toEqual(['function-forbidden']);
    },
  );

  test('a variable that nobody assigns', () => {
    const Pass = { Type: 'Pass', Output: { a: ['{% $stand.stage %}'] }, Next: 'Done' };
    expect(lintAsl(machine({ Pass }))).toEqual([
      { code: 'variable-unassigned', state: 'Pass', detail: '$stand' },
    ]);
  });

  test('a variable of a Map that hides the one around it', () => {
    const Pass = { Type: 'Pass', Assign: { stand: 1 }, Next: 'Done' };
    const ItemProcessor = { StartAt: 'Inner', States: { Inner: { ...Pass, End: true } } };
    const All = { Type: 'Map', Items: [1], ItemProcessor, Catch: caught, Next: 'Done' };
    expect(codes(machine({ Pass: { ...Pass, Next: 'All' }, All }))).toEqual(['Inner: variable-shadowed']);
  });

  test('a Map whose fault nobody sees', () => {
    const ItemProcessor = { StartAt: 'Inner', States: { Inner: { Type: 'Succeed' } } };
    const All = { Type: 'Map', Items: [1], ItemProcessor, Next: 'Done' };
    expect(codes(machine({ All }))).toEqual(['All: no-catch-to-an-operator']);
  });

  test('an expression that is none, and a document in another language', () => {
    expect(codes(machine({ Pass: { Type: 'Pass', Output: '{% ( %}', Next: 'Done' } }))).toEqual([
      'Pass: not-jsonata',
    ]);
    expect(codes(machine({}, { QueryLanguage: 'JSONPath' }))).toEqual([': not-jsonata']);
  });
});
