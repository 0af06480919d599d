import {
  DescribeExecutionCommand,
  ExecutionAlreadyExists,
  ExecutionDoesNotExist,
  type ExecutionStatus,
  InvalidOutput,
  InvalidToken,
  SendTaskSuccessCommand,
  SFNClient,
  StartExecutionCommand,
  StopExecutionCommand,
  TaskDoesNotExist,
  TaskTimedOut,
} from '@aws-sdk/client-sfn';
import { mockClient } from 'aws-sdk-client-mock';
import { afterEach, describe, expect, test } from 'vitest';
import { createStepFunctionsSignals } from '../../shared/adapters/aws/step-functions-signals.ts';

const mock = mockClient(SFNClient);
afterEach(() => mock.reset());

const machine = (name: string): string => `arn:aws-cn:states:cn-north-1:000000000000:stateMachine:${name}`;
const signals = createStepFunctionsSignals({
  client: new SFNClient({ region: 'cn-north-1' }),
  stateMachines: {
    'release-case': machine('ReleaseCase-x1'),
    'monthly-filing': machine('MonthlyFiling-x2'),
    'city-report': machine('CityReport-x3'),
  },
});
const execution = { workflow: 'release-case', name: 'R-610302-2022-000123-r2-a1' } as const;
const executionArn =
  'arn:aws-cn:states:cn-north-1:000000000000:execution:ReleaseCase-x1:R-610302-2022-000123-r2-a1';
const input = { caseNumber: 'R-610302-2022-000123', round: 2, attempt: 1 };

const fault = { $metadata: {}, message: 'no' };
const stands = (status: ExecutionStatus) => mock.on(DescribeExecutionCommand).resolves({ status });

describe('starting an execution', () => {
  test('names it so that a second start is no second execution', async () => {
    mock.on(StartExecutionCommand).resolves({});
    expect(await signals.start(execution, input)).toBe('started');
    expect(mock.commandCalls(StartExecutionCommand)[0]?.args[0].input).toEqual({
      stateMachineArn: machine('ReleaseCase-x1'),
      name: execution.name,
      input: JSON.stringify(input),
    });
  });

  test.each([
    ['RUNNING', 'already-running'],
    ['SUCCEEDED', 'already-ended'],
    ['ABORTED', 'already-ended'],
  ] as const)('a name that is taken by one that is %s is %s', async (status, answer) => {
    mock.on(StartExecutionCommand).rejects(new ExecutionAlreadyExists(fault));
    stands(status);
    expect(await signals.start(execution, input)).toBe(answer);
  });

  test('anything else is an error', async () => {
    mock
      .on(StartExecutionCommand)
      .rejects(Object.assign(new Error('gone'), { name: 'StateMachineDoesNotExist' }));
    await expect(signals.start(execution, input)).rejects.toThrow('gone');
  });
});

describe('stopping an execution', () => {
  test('tells our reason as its error, in the partition of its machine', async () => {
    stands('RUNNING');
    mock.on(StopExecutionCommand).resolves({});
    expect(await signals.stop(execution, 'objection-upheld')).toBe('stopped');
    expect(mock.commandCalls(StopExecutionCommand)[0]?.args[0].input).toEqual({
      executionArn,
      error: 'objection-upheld',
    });
  });

  test('leaves alone what has ended or never was', async () => {
    stands('SUCCEEDED');
    expect(await signals.stop(execution, 'objection-upheld')).toBe('not-running');
    mock.on(DescribeExecutionCommand).rejects(new ExecutionDoesNotExist(fault));
    expect(await signals.stop(execution, 'objection-upheld')).toBe('not-running');
    expect(mock.commandCalls(StopExecutionCommand)).toEqual([]);
  });

  test('does not mind one that was deleted in between', async () => {
    stands('RUNNING');
    mock.on(StopExecutionCommand).rejects(new ExecutionDoesNotExist(fault));
    expect(await signals.stop(execution, 'objection-upheld')).toBe('not-running');
  });
});

describe('resuming a waiting task', () => {
  test('hands over the answer', async () => {
    mock.on(SendTaskSuccessCommand).resolves({});
    expect(await signals.succeed('token', { stage: 'notice' })).toBe('delivered');
    expect(mock.commandCalls(SendTaskSuccessCommand)[0]?.args[0].input).toEqual({
      taskToken: 'token',
      output: '{"stage":"notice"}',
    });
  });

  test.each([
    ['timed out', TaskTimedOut],
    ['was used, or is not known', TaskDoesNotExist],
    ['is malformed', InvalidToken],
  ])('at a token that %s, nobody waits', async (_what, Fault) => {
    mock.on(SendTaskSuccessCommand).rejects(new Fault(fault));
    expect(await signals.succeed('token', {})).toBe('nobody-waits');
  });

  test.each([
    ['empty', ''],
    ['longer than any that was given out', 't'.repeat(2049)],
  ])('at a token that is %s, nobody waits, and nobody is asked', async (_what, token) => {
    expect(await signals.succeed(token, {})).toBe('nobody-waits');
    expect(mock.calls()).toEqual([]);
  });

  test('an answer that the service may not take is a defect', async () => {
    mock.on(SendTaskSuccessCommand).rejects(new InvalidOutput(fault));
    await expect(signals.succeed('token', {})).rejects.toThrow('no');
  });
});

describe('looking at an execution', () => {
  test.each([
    ['RUNNING', 'running'],
    ['PENDING_REDRIVE', 'running'],
    ['SUCCEEDED', 'succeeded'],
    ['FAILED', 'failed'],
    ['TIMED_OUT', 'timed-out'],
    ['ABORTED', 'aborted'],
  ] as const)('%s is %s', async (status, answer) => {
    stands(status);
    expect(await signals.status(execution)).toBe(answer);
    expect(mock.commandCalls(DescribeExecutionCommand)[0]?.args[0].input).toEqual({ executionArn });
  });

  test('one that is not known is absent; a fault of the service is not', async () => {
    mock.on(DescribeExecutionCommand).rejects(new ExecutionDoesNotExist(fault));
    expect(await signals.status(execution)).toBe('absent');
    mock
      .on(DescribeExecutionCommand)
      .rejects(Object.assign(new Error('slow down'), { name: 'ThrottlingException' }));
    await expect(signals.status(execution)).rejects.toThrow('slow down');
  });
});
