import { SFNClient } from '@aws-sdk/client-sfn';
import { createStepFunctionsSignals } from '../../../shared/adapters/aws/step-functions-signals.ts';
import type { WorkflowSignals } from '../../../shared/ports/workflow-signals.ts';
import { clientSettings } from './client-settings.ts';
import { stateMachines } from './state-machines.ts';

/** The state machines, and whoever waits in them. */
export const signals: WorkflowSignals = createStepFunctionsSignals({
  client: new SFNClient(clientSettings),
  stateMachines,
});
