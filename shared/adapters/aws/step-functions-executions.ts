import {
  DescribeExecutionCommand,
  ExecutionDoesNotExist,
  paginateListExecutions,
  type SFNClient,
} from '@aws-sdk/client-sfn';
import { instantFromMillis } from '../../domain/calendar/instant.ts';
import { failureOf, type WorkflowExecutions } from '../../ports/workflow-executions.ts';
import type { WorkflowName } from '../../ports/workflow-signals.ts';
import { executionArn, statusNames } from './step-functions-names.ts';

/** As many as the service gives in one page. */
const namesPerPage = 1000;

/** Looks at the workflows on Step Functions (Standard). */
export const createStepFunctionsExecutions = ({
  client,
  stateMachines,
}: {
  readonly client: SFNClient;
  /** ARNs. */
  readonly stateMachines: Readonly<Record<WorkflowName, string>>;
}): WorkflowExecutions => ({
  async describe({ workflow, name }) {
    try {
      const { status, startDate, stopDate, error, cause } = await client.send(
        new DescribeExecutionCommand({ executionArn: executionArn(stateMachines[workflow], name) }),
      );
      if (status === undefined || startDate === undefined)
        throw new Error('an execution without a status or a beginning');
      return {
        status: statusNames[status],
        startedAt: instantFromMillis(startDate.getTime()),
        ...(stopDate === undefined ? {} : { stoppedAt: instantFromMillis(stopDate.getTime()) }),
        ...failureOf(error, cause),
      };
    } catch (thrown) {
      if (thrown instanceof ExecutionDoesNotExist) return undefined;
      throw thrown;
    }
  },
  async namesRunning(workflow) {
    const names = new Set<string>();
    const pages = paginateListExecutions(
      { client, pageSize: namesPerPage },
      { stateMachineArn: stateMachines[workflow], statusFilter: 'RUNNING' },
    );
    for await (const { executions = [] } of pages) {
      for (const { name } of executions) if (name !== undefined) names.add(name);
    }
    return names;
  },
});
