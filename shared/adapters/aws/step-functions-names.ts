import type { ExecutionStatus as StatusOfService } from '@aws-sdk/client-sfn';
import type { ExecutionDescription } from '../../ports/workflow-executions.ts';

export const statusNames: Readonly<Record<StatusOfService, ExecutionDescription['status']>> = {
  RUNNING: 'running',
  // Nobody redrives executions here; one that waits for it has not ended.
  PENDING_REDRIVE: 'running',
  SUCCEEDED: 'succeeded',
  FAILED: 'failed',
  TIMED_OUT: 'timed-out',
  ABORTED: 'aborted',
};

/** `arn:PARTITION:states:REGION:ACCOUNT:stateMachine:NAME[:VERSION]`; the partition is `aws-cn` in China. */
export const executionArn = (stateMachineArn: string, name: string): string => {
  const [arn, partition, service, region, account, , stateMachine] = stateMachineArn.split(':');
  return [arn, partition, service, region, account, 'execution', stateMachine, name].join(':');
};
