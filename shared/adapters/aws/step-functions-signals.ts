import {
  DescribeExecutionCommand,
  ExecutionAlreadyExists,
  ExecutionDoesNotExist,
  InvalidToken,
  SendTaskSuccessCommand,
  type SFNClient,
  StartExecutionCommand,
  StopExecutionCommand,
  TaskDoesNotExist,
  TaskTimedOut,
} from '@aws-sdk/client-sfn';
import type {
  ExecutionRef,
  ExecutionStatus,
  WorkflowName,
  WorkflowSignals,
} from '../../ports/workflow-signals.ts';
import { executionArn, statusNames } from './step-functions-names.ts';

/** What the service accepts as a token at all; anything else was never given out. */
const tokenLengthAtMost = 2048;

/** Reaches the workflows on Step Functions (Standard). */
export const createStepFunctionsSignals = ({
  client,
  stateMachines,
}: {
  readonly client: SFNClient;
  /** ARNs. */
  readonly stateMachines: Readonly<Record<WorkflowName, string>>;
}): WorkflowSignals => {
  const arnOf = ({ workflow, name }: ExecutionRef): string => executionArn(stateMachines[workflow], name);

  const status = async (execution: ExecutionRef): Promise<ExecutionStatus> => {
    try {
      const described = await client.send(new DescribeExecutionCommand({ executionArn: arnOf(execution) }));
      if (described.status === undefined) throw new Error('an execution without a status');
      return statusNames[described.status];
    } catch (error) {
      if (error instanceof ExecutionDoesNotExist) return 'absent';
      throw error;
    }
  };

  return {
    status,
    async start(execution, input) {
      const { workflow, name } = execution;
      try {
        await client.send(
          new StartExecutionCommand({
            stateMachineArn: stateMachines[workflow],
            name,
            input: JSON.stringify(input),
          }),
        );
        return 'started';
      } catch (error) {
        if (!(error instanceof ExecutionAlreadyExists)) throw error;
        return (await status(execution)) === 'running' ? 'already-running' : 'already-ended';
      }
    },
    async stop(execution, reason) {
      // The service accepts a stop of what has ended, so its answer alone does not tell.
      if ((await status(execution)) !== 'running') return 'not-running';
      try {
        await client.send(new StopExecutionCommand({ executionArn: arnOf(execution), error: reason }));
        return 'stopped';
      } catch (error) {
        if (error instanceof ExecutionDoesNotExist) return 'not-running';
        throw error;
      }
    },
    async succeed(token, output) {
      if (token.length === 0 || token.length > tokenLengthAtMost) return 'nobody-waits';
      try {
        await client.send(new SendTaskSuccessCommand({ taskToken: token, output: JSON.stringify(output) }));
        return 'delivered';
      } catch (error) {
        if (
          error instanceof TaskTimedOut ||
          error instanceof TaskDoesNotExist ||
          error instanceof InvalidToken
        ) {
          return 'nobody-waits';
        }
        throw error;
      }
    },
  };
};
