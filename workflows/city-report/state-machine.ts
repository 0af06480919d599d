import { Choice, Condition, Fail, type IChainable, Succeed } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { type FunctionNamed, functionTask, jsonata, needsAnOperator } from '../fragments/function-task.ts';
import { humanStep } from '../fragments/human-step.ts';
import type { CityReportStanding } from './signals.ts';

const standsAt = (stage: CityReportStanding['stage']): Condition =>
  Condition.jsonata(jsonata(`$states.input.stage = '${stage}'`));

/** The report of one district and month: prepared by a timer, signed by the bureau and by nobody else, however long it takes. */
export const cityReport = (scope: Construct, functionNamed: FunctionNamed): IChainable => {
  const operator = needsAnOperator(scope);
  const read = functionTask(scope, 'ReadCityReportStanding', {
    functionNamed,
    call: 'read-city-report-standing',
    payload: {
      district: jsonata('$states.context.Execution.Input.district'),
      month: jsonata('$states.context.Execution.Input.month'),
    },
    operator,
  });
  const signature = humanStep(scope, {
    name: 'Signature',
    stage: 'signature',
    comment:
      'The bureau signs the report to the city 上报市级, from the 1st to the 5th; later it is overdue.',
    functionNamed,
    operator,
  });
  const isTheReportSigned = Choice.jsonata(scope, 'IsTheReportSigned')
    .when(standsAt('signed'), new Succeed(scope, 'Signed'))
    .when(standsAt('signature'), signature)
    .otherwise(
      Fail.jsonata(scope, 'StageUnknown', {
        error: 'stage-unknown',
        cause: jsonata(`'nothing in this workflow acts on the stage ' & $states.input.stage`),
      }),
    );
  read.next(isTheReportSigned);
  signature.next(isTheReportSigned);
  return read;
};
