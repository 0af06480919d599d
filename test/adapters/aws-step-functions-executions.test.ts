import {
  DescribeExecutionCommand,
  ExecutionDoesNotExist,
  type ExecutionStatus,
  ListExecutionsCommand,
  SFNClient,
} from '@aws-sdk/client-sfn';
import { mockClient } from 'aws-sdk-client-mock';
import { afterEach, describe, expect, test } from 'vitest';
import { createStepFunctionsExecutions } from '../../shared/adapters/aws/step-functions-executions.ts';

const mock = mockClient(SFNClient);
afterEach(() => mock.reset());

const machine = (name: string): string => `arn:aws-cn:states:cn-north-1:000000000000:stateMachine:${name}`;
const executions = createStepFunctionsExecutions({
  client: new SFNClient({ region: 'cn-north-1' }),
  stateMachines: {
    'release-case': machine('ReleaseCase-x1'),
    'monthly-filing': machine('MonthlyFiling-x2'),
    'city-report': machine('CityReport-x3'),
  },
});
const execution = { workflow: 'release-case', name: 'R-610302-2022-000123-r2-a1' } as const;
const startDate = new Date('2022-09-28T01:00:00.000Z');
const stopDate = new Date('2022-09-28T02:00:00.000Z');

describe('describing an execution', () => {
  test.each([
    ['RUNNING', 'running'],
    ['PENDING_REDRIVE', 'running'],
    ['SUCCEEDED', 'succeeded'],
    ['FAILED', 'failed'],
    ['TIMED_OUT', 'timed-out'],
    ['ABORTED', 'aborted'],
  ] as const)('%s is %s', async (status: ExecutionStatus, answer) => {
    mock.on(DescribeExecutionCommand).resolves({ status, startDate });
    expect(await executions.describe(execution)).toEqual({
      status: answer,
      startedAt: '2022-09-28T01:00:00.000Z',
    });
    expect(mock.commandCalls(DescribeExecutionCommand)[0]?.args[0].input).toEqual({
      executionArn:
        'arn:aws-cn:states:cn-north-1:000000000000:execution:ReleaseCase-x1:R-610302-2022-000123-r2-a1',
    });
  });

  test('tells the name of an error and our state, and nothing of what it was given', async () => {
    mock.on(DescribeExecutionCommand).resolves({
      status: 'FAILED',
      startDate,
      stopDate,
      error: 'TypeError',
      cause:
        'AwaitHomeVisit could not be carried out; the execution history and the logs of its function say why',
      input: '{"name":"张三"}',
      output: '张三',
    });
    expect(await executions.describe(execution)).toEqual({
      status: 'failed',
      startedAt: '2022-09-28T01:00:00.000Z',
      stoppedAt: '2022-09-28T02:00:00.000Z',
      error: 'TypeError',
      failedState: 'AwaitHomeVisit',
    });
  });

  test('leaves out whatever is not a name', async () => {
    mock.on(DescribeExecutionCommand).resolves({
      status: 'ABORTED',
      startDate,
      error: '张三 rang us',
      cause:
        'An error occurred for 张三: could not be carried out; the execution history and the logs of its function say why',
    });
    expect(await executions.describe(execution)).toEqual({
      status: 'aborted',
      startedAt: '2022-09-28T01:00:00.000Z',
      error: 'Error',
    });
  });

  test('one that is not known is none; a fault of the service is not', async () => {
    mock.on(DescribeExecutionCommand).rejects(new ExecutionDoesNotExist({ $metadata: {}, message: 'no' }));
    expect(await executions.describe(execution)).toBeUndefined();
    mock.on(DescribeExecutionCommand).rejects(new Error('slow down'));
    await expect(executions.describe(execution)).rejects.toThrow('slow down');
  });
});

test('the names that run come page by page, of one machine', async () => {
  const run = (name: string) => ({
    name,
    executionArn: 'arn',
    stateMachineArn: 'arn',
    status: 'RUNNING' as const,
    startDate,
  });
  mock
    .on(ListExecutionsCommand, { nextToken: undefined })
    .resolves({ executions: [run('a'), run('b')], nextToken: 'more' });
  mock.on(ListExecutionsCommand, { nextToken: 'more' }).resolves({ executions: [run('c')] });
  expect(await executions.namesRunning('monthly-filing')).toEqual(new Set(['a', 'b', 'c']));
  expect(mock.commandCalls(ListExecutionsCommand)[0]?.args[0].input).toMatchObject({
    stateMachineArn: machine('MonthlyFiling-x2'),
    statusFilter: 'RUNNING',
    maxResults: 1000,
  });
});
