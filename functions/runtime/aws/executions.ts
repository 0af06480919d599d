import { SFNClient } from '@aws-sdk/client-sfn';
import { createStepFunctionsExecutions } from '../../../shared/adapters/aws/step-functions-executions.ts';
import type { WorkflowExecutions } from '../../../shared/ports/workflow-executions.ts';
import { clientSettings } from './client-settings.ts';
import { stateMachines } from './state-machines.ts';

/** A look at the state machines, for functions that may not touch them. */
export const executions: WorkflowExecutions = createStepFunctionsExecutions({
  client: new SFNClient(clientSettings),
  stateMachines,
});
