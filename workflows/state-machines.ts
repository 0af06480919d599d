import type { IChainable } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { cityReport } from './city-report/state-machine.ts';
import type { FunctionNamed } from './fragments/function-task.ts';
import { monthlyFiling } from './monthly-filing/state-machine.ts';
import { releaseCase } from './release-case/state-machine.ts';

/** Every workflow of the house, by the name of its folder. */
export const stateMachines = {
  'release-case': releaseCase,
  'monthly-filing': monthlyFiling,
  'city-report': cityReport,
} as const satisfies Readonly<Record<string, (scope: Construct, functionNamed: FunctionNamed) => IChainable>>;

export type StateMachineName = keyof typeof stateMachines;
