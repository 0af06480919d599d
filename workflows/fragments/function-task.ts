import { Duration } from 'aws-cdk-lib';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import {
  Fail,
  JitterType,
  type Map as MapState,
  TaskInput,
  type TaskStateBase,
  Timeout,
} from 'aws-cdk-lib/aws-stepfunctions';
import { LambdaInvoke } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import type { Construct } from 'constructs';
import { type FunctionName, manifest } from '../../functions/manifest.ts';
import { couldNotBeCarriedOut } from './signals.ts';

/** The function of a name, on the stack that the workflow is built for. */
export type FunctionNamed = (name: FunctionName) => IFunction;

/** Text between the marks of JSONata, as Step Functions reads it. */
export const jsonata = (expression: string): string => `{% ${expression} %}`;

/** Faults of the service on the way to a function: the function itself may not have been called. */
const serviceFaults = [
  'Lambda.ServiceException',
  'Lambda.AWSLambdaException',
  'Lambda.SdkClientException',
  'Lambda.ClientExecutionTimeoutException',
  'Lambda.TooManyRequestsException',
  'Lambda.Unknown',
];

/** Where a workflow ends that cannot go on by itself. A failed execution raises an alarm, and reconciliation starts the next attempt. */
export const needsAnOperator = (scope: Construct, name = 'NeedsAnOperator'): Fail =>
  Fail.jsonata(scope, name, {
    comment: 'Nothing is lost: the ledger stands, and the next attempt goes on from its stage.',
    error: jsonata('$states.input.error'),
    cause: jsonata(`$states.input.state & '${couldNotBeCarriedOut}'`),
  });

/** An expression that cannot be evaluated is a defect of the definition, or an answer that a step did not expect: no better later. */
const definitionFaults = { errors: ['States.QueryEvaluationError'], maxAttempts: 0 };

/** Every task of ours outlives faults of the service and of the store for some minutes. */
export const outliveFaults = (task: TaskStateBase, own: readonly string[] = []): void => {
  const spread = { backoffRate: 2, maxDelay: Duration.minutes(2), jitterStrategy: JitterType.FULL };
  task.addRetry({
    ...spread,
    errors: [...serviceFaults, ...own],
    interval: Duration.seconds(2),
    maxAttempts: 8,
  });
  task.addRetry(definitionFaults);
  task.addRetry({ ...spread, errors: ['States.TaskFailed'], interval: Duration.seconds(5), maxAttempts: 5 });
};

/**
 * What lasts longer ends where an operator sees it. The error goes on by name and state only: a cause may quote what a
 * function was given. Added last, as Step Functions asks of a Catch for everything.
 */
export const catchTheRest = (task: TaskStateBase | MapState, operator: Fail): void => {
  task.addCatch(operator, {
    errors: ['States.ALL'],
    outputs: {
      error: jsonata('$states.errorOutput.Error'),
      state: jsonata('$states.context.State.Name'),
    },
  });
};

/** The service may take a little longer to answer than the function is allowed to run. */
const answerMarginSeconds = 30;

type FunctionTask = {
  readonly functionNamed: FunctionNamed;
  readonly call: FunctionName;
  readonly payload: Readonly<Record<string, string>>;
  readonly operator: Fail;
  /** What goes on to the next state; the function's answer unless given. */
  readonly outputs?: string;
  readonly comment?: string;
};

/** A function that is called and answers at once. */
export const functionTask = (
  scope: Construct,
  name: string,
  { functionNamed, call, payload, operator, outputs, comment }: FunctionTask,
): TaskStateBase => {
  const seconds = manifest[call].timeoutSeconds + answerMarginSeconds;
  const task = LambdaInvoke.jsonata(scope, name, {
    lambdaFunction: functionNamed(call),
    payload: TaskInput.fromObject({ ...payload }),
    outputs: outputs ?? jsonata('$states.result.Payload'),
    taskTimeout: Timeout.duration(Duration.seconds(seconds)),
    retryOnServiceExceptions: false,
    ...(comment === undefined ? {} : { comment }),
  });
  outliveFaults(task, ['States.Timeout']);
  catchTheRest(task, operator);
  return task;
};
