import { type Fail, type TaskStateBase, Wait, WaitTime } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { type FunctionNamed, functionTask, jsonata } from './function-task.ts';

/** The part of a standing that a stage carries while it waits for a day. */
const waitUntil = jsonata('$states.input.waitUntil');

/** A Wait until the day that the ledger named. A time that is over is no wait. */
export const waitForTheDay = (scope: Construct, name: string): Wait =>
  Wait.jsonata(scope, name, { time: WaitTime.timestamp(waitUntil) });

type Notice = {
  readonly functionNamed: FunctionNamed;
  readonly operator: Fail;
  readonly payload: Readonly<Record<string, string>>;
};

/**
 * The public notice 公示: waits until its period is over, then asks the ledger to conclude it. The answer tells whether
 * it passed; it does not while an objection is undecided.
 * @returns the state to begin with, and the one to go on from
 */
export const notice = (
  scope: Construct,
  { functionNamed, operator, payload }: Notice,
): { readonly waiting: Wait; readonly concluded: TaskStateBase } => {
  const waiting = waitForTheDay(scope, 'WaitForNoticeEnd');
  const concluded = functionTask(scope, 'ConcludeNotice', {
    functionNamed,
    call: 'conclude-notice',
    payload,
    operator,
  });
  waiting.next(concluded);
  return { waiting, concluded };
};
