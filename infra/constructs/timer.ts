import { Duration } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { HouseFunction } from './house-function.ts';
import { permit } from './permission.ts';

const field = /^[\d*,/-]+$/;

/** Unix counts the days of the week from Sunday 0 (or 7), EventBridge from Sunday 1; `/` steps are not days. */
const dayOfWeek = (unix: string): string =>
  unix.replace(/(?<![/\d])\d/g, (day) => String((Number(day) % 7) + 1));

/**
 * A cron of five fields (minute hour day-of-month month day-of-week) as EventBridge Scheduler writes it.
 * @throws for what it cannot say: both a day of the month and a day of the week, or anything that is not a cron.
 */
export const schedulerCron = (unix: string): string => {
  const fields = unix.trim().split(/\s+/);
  const [minute, hour, dayOfMonth, month, weekday] = fields;
  if (
    fields.length !== 5 ||
    !fields.every((part) => field.test(part)) ||
    minute === undefined ||
    hour === undefined ||
    dayOfMonth === undefined ||
    month === undefined ||
    weekday === undefined
  ) {
    throw new Error(`not a cron of five fields: ${unix}`);
  }
  if (weekday === '*') return `cron(${minute} ${hour} ${dayOfMonth} ${month} ? *)`;
  if (dayOfMonth === '*') return `cron(${minute} ${hour} ? ${month} ${dayOfWeek(weekday)} *)`;
  throw new Error(`a day of the month and a day of the week exclude each other: ${unix}`);
};

export type TimerProps = {
  readonly cron: string;
  readonly target: HouseFunction;
  /** Receives the calls that the scheduler could not hand over. */
  readonly failedCalls: IQueue;
};

/** Calls a function by the clock of Shanghai. What the timer does is idempotent, so a retry is harmless. */
export class Timer extends Construct {
  constructor(scope: Construct, id: string, { cron, target, failedCalls }: TimerProps) {
    super(scope, id);
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com'),
      description: `calls ${target.functionName} by the clock`,
    });
    permit(role, { actions: ['lambda:InvokeFunction'], resources: [target.lambda.functionArn] });
    permit(role, { actions: ['sqs:SendMessage'], resources: [failedCalls.queueArn] });
    new CfnSchedule(this, 'Schedule', {
      description: `${target.functionName}: ${cron}, Asia/Shanghai`,
      scheduleExpression: schedulerCron(cron),
      scheduleExpressionTimezone: 'Asia/Shanghai',
      flexibleTimeWindow: { mode: 'OFF' },
      target: {
        arn: target.lambda.functionArn,
        roleArn: role.roleArn,
        deadLetterConfig: { arn: failedCalls.queueArn },
        retryPolicy: {
          maximumRetryAttempts: 20,
          maximumEventAgeInSeconds: Duration.hours(6).toSeconds(),
        },
      },
    });
  }
}
