import { describe, expect, test } from 'vitest';
import { loadDefinition } from '../../../local/workflow-runner/load-definition.ts';
import type { JsonObject } from '../../../shared/ports/record-store.ts';
import { awaitPerson, invoke, machine } from './rehearsal.ts';

const end = { End: true };
const one = (state: JsonObject): JsonObject => machine({ S: state });
const pass = (Output: string): JsonObject => one({ Type: 'Pass', Output, ...end });
const map = (more: JsonObject, inner: JsonObject = { Type: 'Pass', ...end }): JsonObject =>
  one({ Type: 'Map', ItemProcessor: { StartAt: 'I', States: { I: inner } }, ...end, ...more });
const retry = (more: JsonObject): JsonObject =>
  one(invoke('f', {}, { Retry: [{ ErrorEquals: ['A'], ...more }], ...end }));

describe('what the runner does not do is refused at load, by name', () => {
  test.each<[string, JsonObject]>([
    ['States.S.QueryLanguage', { StartAt: 'S', States: { S: { Type: 'Succeed' } } }],
    ['States.S.QueryLanguage', one({ Type: 'Pass', QueryLanguage: 'JSONPath', ...end })],
    ['Version', machine({ S: { Type: 'Succeed' } }, { Version: '1.0' })],
    ['TimeoutSeconds', machine({ S: { Type: 'Succeed' } }, { TimeoutSeconds: '{% 60 %}' })],
    ['States.S.Type', one({ Type: 'Parallel', Branches: [], ...end })],
    ['States.S.Type', one({ ...end })],
    ['States.S.ResultPath', one({ Type: 'Pass', ResultPath: '$', ...end })],
    ['States.S.Parameters', one({ ...invoke('f', {}, end), Parameters: {} })],
    ['States.S.HeartbeatSeconds', one(awaitPerson('f', { HeartbeatSeconds: 60, ...end }))],
    ['States.S.Credentials', one(invoke('f', {}, { Credentials: {}, ...end }))],
    ['States.S.Resource', one({ ...invoke('f', {}, end), Resource: 'arn:aws:states:::sqs:sendMessage' })],
    [
      'States.S.Resource',
      one({ ...invoke('f', {}, end), Resource: 'arn:aws:lambda:eu-west-1:1:function:f' }),
    ],
    ['States.S.Arguments', one({ Type: 'Task', Resource: 'arn:aws:states:::lambda:invoke', ...end })],
    [
      'States.S.Arguments.InvocationType',
      one({ ...invoke('f', {}, end), Arguments: { FunctionName: 'f', InvocationType: 'Event' } }),
    ],
    ['States.S.Arguments.FunctionName', one(invoke('{% $states.input.f %}', {}, end))],
    ['States.S.TimeoutSeconds', one(invoke('f', {}, { TimeoutSeconds: 0, ...end }))],
    ['States.S.Next', one({ Type: 'Pass' })],
    ['States.S.End', machine({ S: { Type: 'Pass', Next: 'D', ...end }, D: { Type: 'Succeed' } })],
    ['States.S.End', one({ Type: 'Pass', End: false })],
    ['States.S.Next', one({ Type: 'Pass', Next: 'Nowhere' })],
    ['States.S.Next', one({ Type: 'Choice', Choices: [{ Condition: true, Next: 'S' }], Default: 'Nowhere' })],
    ['StartAt', { QueryLanguage: 'JSONata', StartAt: 'X', States: { S: { Type: 'Succeed' } } }],
    ['States.S.Choices', one({ Type: 'Choice', Choices: [], Default: 'S' })],
    [
      'States.S.Choices[0].Variable',
      one({ Type: 'Choice', Choices: [{ Variable: '$.a', Next: 'S' }], Default: 'S' }),
    ],
    [
      'States.S.Choices[0].Condition',
      one({ Type: 'Choice', Choices: [{ Condition: 'yes', Next: 'S' }], Default: 'S' }),
    ],
    ['States.S.SecondsPath', one({ Type: 'Wait', SecondsPath: '$.s', ...end })],
    ['States.S.Timestamp', one({ Type: 'Wait', Seconds: 1, Timestamp: '2022-01-01T00:00:00Z', ...end })],
    ['States.S.Timestamp', one({ Type: 'Wait', ...end })],
    ['States.S.Seconds', one({ Type: 'Wait', Seconds: -1, ...end })],
    ['States.S.Assign', one({ Type: 'Succeed', Assign: { a: 1 } })],
    ['States.S.Assign.states', one({ Type: 'Pass', Assign: { states: 1 }, ...end })],
    ['States.S.Assign.a.b', one({ Type: 'Pass', Assign: { 'a.b': 1 }, ...end })],
    ['States.S.Assign', one({ Type: 'Pass', Assign: '{% {} %}', ...end })],
    ['States.S.ItemReader', map({ ItemReader: {} })],
    ['States.S.ToleratedFailureCount', map({ ToleratedFailureCount: 1 })],
    [
      'States.S.ItemProcessor.ProcessorConfig.Mode',
      one({
        Type: 'Map',
        ItemProcessor: { ProcessorConfig: { Mode: 'DISTRIBUTED' }, StartAt: 'I', States: {} },
        ...end,
      }),
    ],
    [
      'States.S.ItemProcessor.States.I.HeartbeatSeconds',
      map({}, awaitPerson('f', { HeartbeatSeconds: 1, ...end })),
    ],
    ['States.S.ItemProcessor.States.I.Next', map({}, { Type: 'Pass', Next: 'S' })],
    [
      'States.S.ItemProcessor.States',
      map({ Assign: { round: 1 } }, { Type: 'Pass', Assign: { round: 2 }, ...end }),
    ],
    [
      'States.S.ItemProcessor.States.S',
      one({ Type: 'Map', ItemProcessor: { StartAt: 'S', States: { S: { Type: 'Succeed' } } }, ...end }),
    ],
    ['States.S.Retry[0].MaxAttempts', retry({ MaxAttempts: -1 })],
    ['States.S.Retry[0].BackoffRate', retry({ BackoffRate: 0.5 })],
    ['States.S.Retry[0].JitterStrategy', retry({ JitterStrategy: 'SOME' })],
    ['States.S.Retry[0].ErrorEquals', retry({ ErrorEquals: ['States.ALL', 'A'] })],
    ['States.S.Retry[0].Maximum', retry({ Maximum: 1 })],
    [
      'States.S.Catch[0].ResultPath',
      one(invoke('f', {}, { Catch: [{ ErrorEquals: ['A'], Next: 'S', ResultPath: '$' }], ...end })),
    ],
    [
      'States.S.Catch[0].ErrorEquals',
      one(
        invoke(
          'f',
          {},
          {
            Catch: [
              { ErrorEquals: ['States.ALL'], Next: 'S' },
              { ErrorEquals: ['A'], Next: 'S' },
            ],
            ...end,
          },
        ),
      ),
    ],
  ])('%s', (path, asl) => {
    expect(() => loadDefinition(asl)).toThrow(expect.objectContaining({ name: 'DefinitionRefused', path }));
  });

  test.each([
    '$now()',
    '$millis()',
    '$random()',
    '$uuid()',
    '$shuffle([1, 2])',
    '$eval("1")',
    '$hash("a", "MD5")',
    '$partition([1], 1)',
    '$range(1, 2, 1)',
    '$parse("1")',
    '$map([1], function($v) { $v + $millis() })',
    '($f := $now; $f())',
    '"2022" ~> $now()',
    '$toMillis("10:00", "[H]:[m]")',
  ])('the expression %s', (expression) => {
    expect(() => loadDefinition(pass(`{% ${expression} %}`))).toThrow(
      expect.objectContaining({
        path: 'States.S.Output',
        message: expect.stringMatching(/forbidden|not supported/),
      }),
    );
  });

  test('an expression that does not parse', () => {
    expect(() => loadDefinition(pass('{% 1 + %}'))).toThrow(/States\.S\.Output: not a JSONata expression/);
  });

  test('everything that the runner does is accepted', () => {
    const asl = machine(
      {
        A: awaitPerson('f', {
          Comment: 'asks',
          QueryLanguage: 'JSONata',
          TimeoutSeconds: '{% 60 %}',
          Retry: [
            { ErrorEquals: ['A'], IntervalSeconds: 2, BackoffRate: 1.5, MaxAttempts: 6, MaxDelaySeconds: 9 },
          ],
          Catch: [{ ErrorEquals: ['States.ALL'], Next: 'F', Assign: { a: 1 }, Output: {} }],
          Next: 'F',
        }),
        F: { Type: 'Fail', Error: 'e', Cause: '{% "c" %}' },
      },
      { Comment: 'one', TimeoutSeconds: 60 },
    );
    expect([...loadDefinition(asl).states.keys()]).toEqual(['A', 'F']);
  });
});
