import { Choice, Condition, Fail, type IChainable, Succeed } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { type FunctionNamed, functionTask, jsonata, needsAnOperator } from '../fragments/function-task.ts';
import { waitForTheDay } from '../fragments/notice.ts';
import type { FilingStanding } from './signals.ts';

const townMonth = {
  town: jsonata('$states.context.Execution.Input.town'),
  month: jsonata('$states.context.Execution.Input.month'),
};

const standsAt = (stage: FilingStanding['stage']): Condition =>
  Condition.jsonata(jsonata(`$states.input.stage = '${stage}'`));

/**
 * One town and month: the town is reminded in time, and at the cut-off everything that is approved is filed with the district, even if it is
 * nothing.
 */
export const monthlyFiling = (scope: Construct, functionNamed: FunctionNamed): IChainable => {
  const operator = needsAnOperator(scope);
  const task = (name: string, call: 'read-filing-standing' | 'remind-town' | 'complete-filing') =>
    functionTask(scope, name, { functionNamed, call, payload: townMonth, operator });
  const read = task('ReadFilingStanding', 'read-filing-standing');
  const complete = task('CompleteFiling', 'complete-filing');
  const reminderDay = waitForTheDay(scope, 'WaitForReminder');
  const remind = task('RemindTown', 'remind-town');
  const cutOff = waitForTheDay(scope, 'WaitForFilingCutOff');
  const isTheMonthFiled = Choice.jsonata(scope, 'IsTheMonthFiled')
    .when(standsAt('completed'), new Succeed(scope, 'Completed'))
    .when(standsAt('before-reminder'), reminderDay)
    .when(standsAt('open'), cutOff)
    .otherwise(
      Fail.jsonata(scope, 'StageUnknown', {
        error: 'stage-unknown',
        cause: jsonata(`'nothing in this workflow acts on the stage ' & $states.input.stage`),
      }),
    );
  read.next(isTheMonthFiled);
  reminderDay.next(remind).next(isTheMonthFiled);
  cutOff.next(complete).next(isTheMonthFiled);
  return read;
};
