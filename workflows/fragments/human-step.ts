import {
  type Fail,
  type IChainable,
  IntegrationPattern,
  TaskInput,
  type TaskStateBase,
  Timeout,
} from 'aws-cdk-lib/aws-stepfunctions';
import { LambdaInvoke } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import type { Construct } from 'constructs';
import { catchTheRest, type FunctionNamed, functionTask, jsonata, outliveFaults } from './function-task.ts';

type HumanStep = {
  /** `HomeVisit` makes the states `AwaitHomeVisit` and `EscalateHomeVisit`. */
  readonly name: string;
  /** The stage whose first open task is awaited. A standing of another stage ends where an operator sees it. */
  readonly stage: string;
  /** Who is waited for, and what for, as an operator reads it in the console. */
  readonly comment: string;
  readonly functionNamed: FunctionNamed;
  readonly operator: Fail;
  /** Where to go on after a look in vain; unless given, the same task is awaited again. */
  readonly afterEscalation?: IChainable;
};

const latestTimeoutSeconds = 99_999_999;

/**
 * A step that a person decides. Its input is a standing, and so is its result: where the case stands after the decision.
 * If nobody decides until the task's `wakeAt`, people are reminded or the step escalates, and it waits again, for ever:
 * silence never approves.
 * @returns the state to begin with, and to go on from
 */
export const humanStep = (
  scope: Construct,
  { name, stage, comment, functionNamed, operator, afterEscalation }: HumanStep,
): TaskStateBase => {
  const task = `$states.input[stage = '${stage}'].tasks[0]`;
  const taskId = jsonata(`${task}.taskId`);
  const seconds = `$ceil(($toMillis(${task}.wakeAt) - $toMillis($states.context.State.EnteredTime)) / 1000)`;
  const awaiting = LambdaInvoke.jsonata(scope, `Await${name}`, {
    comment,
    lambdaFunction: functionNamed('await-step'),
    integrationPattern: IntegrationPattern.WAIT_FOR_TASK_TOKEN,
    payload: TaskInput.fromObject({
      taskId,
      token: jsonata('$states.context.Task.Token'),
      enteredAt: jsonata('$states.context.State.EnteredTime'),
      retry: jsonata('$states.context.State.RetryCount'),
    }),
    taskTimeout: Timeout.jsonata(jsonata(`$max([1, $min([${latestTimeoutSeconds}, ${seconds}])])`)),
    retryOnServiceExceptions: false,
  });
  const escalate = functionTask(scope, `Escalate${name}`, {
    functionNamed,
    call: 'escalate-step',
    payload: { taskId },
    operator,
    comment:
      'Nobody has decided by then: a reminder 提醒 or an escalation 升级督办 goes on record, and names a later time.',
    // The same standing, in which the awaited task is looked at later.
    outputs: jsonata(
      afterEscalation === undefined
        ? `$merge([$states.input, {'tasks': [$merge([$states.input.tasks[0], $states.result.Payload]), $states.input.tasks[[1..$count($states.input.tasks)]]]}])`
        : '$states.result.Payload',
    ),
  });
  outliveFaults(awaiting);
  awaiting.addCatch(escalate, { errors: ['States.Timeout'], outputs: jsonata('$states.input') });
  catchTheRest(awaiting, operator);
  escalate.next(afterEscalation ?? awaiting);
  return awaiting;
};
