import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { type Binding, type FunctionName, functionEntries } from '../../functions/manifest.ts';
import { type StateMachineName, stateMachines } from '../../workflows/state-machines.ts';
import type { Bundles } from '../bundles.ts';
import { Alarms } from '../constructs/alarms.ts';
import { feedFrom } from '../constructs/change-feed.ts';
import { HouseApi } from '../constructs/house-api.ts';
import { type Access, HouseFunction } from '../constructs/house-function.ts';
import { Timer } from '../constructs/timer.ts';
import { signalling, Workflow, watching } from '../constructs/workflow.ts';
import type { StageSettings } from '../stages.ts';
import type { RecordsStack } from './records-stack.ts';

export type ServiceStackProps = StackProps & {
  readonly settings: StageSettings;
  readonly records: RecordsStack;
  readonly bundles: Pick<Bundles, 'folderOf'>;
};

/** Outputs are named in one word. `release-case` → `ReleaseCaseArn`. */
const outputName = (name: StateMachineName): string =>
  `${name.replace(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase())}Arn`;

/** Everything that can be deployed anew at any time: functions, workflows, the API, timers and alarms. */
export class ServiceStack extends Stack {
  constructor(scope: Construct, id: string, { settings, records, bundles, ...props }: ServiceStackProps) {
    super(scope, id, props);
    const functions = this.functionsOf(settings, records, bundles);
    const workflows = (Object.keys(stateMachines) as StateMachineName[]).map(
      (name) => new Workflow(this, { settings, name, functions }),
    );
    const accesses: Readonly<Record<Binding, Access>> = {
      'records:read': records.ledger.read,
      'records:write': records.ledger.write,
      keys: records.personalDataKey.use,
      'evidence:sign-upload': records.evidence.signUpload,
      'evidence:read': records.evidence.read,
      workflows: signalling(workflows),
      'workflows:read': watching(workflows),
    };
    const house = new HouseApi(this, 'HouseApi', settings);
    const alarms = new Alarms(this, 'Alarms', settings);

    for (const [name, houseFunction] of functions) {
      const { bindings, trigger } = houseFunction.entry;
      for (const binding of bindings) houseFunction.bind(accesses[binding]);
      alarms.functionFails(houseFunction);
      switch (trigger.kind) {
        case 'http':
          house.route(trigger, houseFunction);
          break;
        case 'feed':
          feedFrom(this, `${name}-feed`, {
            ledger: records.ledger,
            reader: houseFunction,
            givenUp: records.givenUpChanges,
          });
          alarms.feedFallsBehind(houseFunction);
          alarms.changesSetAside(houseFunction);
          break;
        case 'schedule':
          new Timer(this, `${name}-timer`, {
            cron: trigger.cron,
            target: houseFunction,
            failedCalls: records.failedTimers,
          });
          break;
        case 'workflow':
          // Called by the state machines, which hold the right to.
          break;
      }
    }

    alarms.apiFaults(house.api);
    alarms.queueFills('given-up-changes', records.givenUpChanges, {
      zh: '有台账变更连搁置登记都未能完成（函数崩溃、超时或库不可用）：相应案件可能停住。台账完好；排除故障后调用 POST /v1/executions/reconciliation 即可继续，再清空此队列。',
      en: 'Changes of the ledger were given up that could not even be set aside (the function crashed or timed out, or the table could not be reached): their cases may stand still. The ledger is intact; mend the cause, call POST /v1/executions/reconciliation, then empty this queue.',
    });
    alarms.queueFills('failed-timers', records.failedTimers, {
      zh: '定时任务没有完成：本月申报或每日核对可能没有进行，错过期限前请手动运行该函数（可重复运行），再清空此队列。',
      en: "A timer's call failed every time: the month's filing or the daily reconciliation may not have happened. Run the function by hand before the deadline (twice is harmless), then empty this queue.",
    });
    for (const workflow of workflows) {
      alarms.workflowFails(workflow);
      new CfnOutput(this, outputName(workflow.workflowName), {
        value: workflow.stateMachine.stateMachineArn,
      });
    }
    new CfnOutput(this, 'ApiUrl', { value: house.api.apiEndpoint });
    new CfnOutput(this, 'ApiId', { value: house.api.apiId });
  }

  private functionsOf(
    settings: StageSettings,
    records: RecordsStack,
    bundles: Pick<Bundles, 'folderOf'>,
  ): ReadonlyMap<FunctionName, HouseFunction> {
    return new Map(
      functionEntries().map(([name, entry]) => [
        name,
        new HouseFunction(this, {
          settings,
          name,
          entry,
          code: bundles.folderOf(name),
          // Only a timer's call has nobody who waits for the answer.
          ...(entry.trigger.kind === 'schedule' ? { failedCalls: records.failedTimers } : {}),
        }),
      ]),
    );
  }
}
