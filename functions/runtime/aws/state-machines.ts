import type { WorkflowName } from '../../../shared/ports/workflow-signals.ts';
import { requiredVariable } from './environment.ts';

/** ARNs of the state machines. */
export const stateMachines: Readonly<Record<WorkflowName, string>> = {
  'release-case': requiredVariable('RELEASE_CASE_ARN'),
  'monthly-filing': requiredVariable('MONTHLY_FILING_ARN'),
  'city-report': requiredVariable('CITY_REPORT_ARN'),
};
