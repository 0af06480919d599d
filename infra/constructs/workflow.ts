import { ArnFormat, Stack } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { DefinitionBody, LogLevel, QueryLanguage, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { FunctionName } from '../../functions/manifest.ts';
import type { FunctionNamed } from '../../workflows/fragments/function-task.ts';
import { type StateMachineName, stateMachines } from '../../workflows/state-machines.ts';
import type { StageSettings } from '../stages.ts';
import type { Access, HouseFunction } from './house-function.ts';
import { type Permission, permit } from './permission.ts';

/** Step Functions delivers all logs and all traces of the account, or none. */
const deliverLogsAndTraces: Permission = {
  actions: [
    'logs:CreateLogDelivery',
    'logs:DeleteLogDelivery',
    'logs:DescribeLogGroups',
    'logs:DescribeResourcePolicies',
    'logs:GetLogDelivery',
    'logs:ListLogDeliveries',
    'logs:PutResourcePolicy',
    'logs:UpdateLogDelivery',
    'xray:GetSamplingRules',
    'xray:GetSamplingTargets',
    'xray:PutTelemetryRecords',
    'xray:PutTraceSegments',
  ],
  resources: ['*'],
  patternReason: 'These actions of log delivery and X-Ray know no resources.',
};

export type WorkflowProps = {
  readonly settings: StageSettings;
  readonly name: StateMachineName;
  readonly functions: ReadonlyMap<FunctionName, HouseFunction>;
};

/** One state machine of `workflows/`, which may call the functions that its definition names and nothing else. */
export class Workflow extends Construct {
  readonly stateMachine: StateMachine;
  readonly workflowName: StateMachineName;
  private readonly physicalName: string;

  constructor(scope: Construct, { settings, name, functions }: WorkflowProps) {
    super(scope, name);
    this.workflowName = name;
    this.physicalName = `shouxian-${settings.stage}-${name}`;
    const called = new Map<FunctionName, HouseFunction>();
    const functionNamed: FunctionNamed = (functionName) => {
      const found = functions.get(functionName);
      if (found === undefined)
        throw new Error(`${name} calls ${functionName}, which the stack does not have`);
      called.set(functionName, found);
      return found.lambda;
    };
    const definition = stateMachines[name](this, functionNamed);
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('states.amazonaws.com'),
      description: `${name}: calls its own functions`,
    });
    permit(role, {
      actions: ['lambda:InvokeFunction'],
      resources: [...called.values()].map(({ lambda }) => lambda.functionArn),
    });
    permit(role, deliverLogsAndTraces);
    this.stateMachine = new StateMachine(this, 'StateMachine', {
      // An execution is found again by the name of its machine, also after the tree was rearranged.
      stateMachineName: this.physicalName,
      definitionBody: DefinitionBody.fromChainable(definition),
      queryLanguage: QueryLanguage.JSONATA,
      // The library would add every version of every function.
      role: role.withoutPolicyUpdates(),
      tracingEnabled: true,
      logs: {
        level: LogLevel.ALL,
        // What a task was given and what it answered stays in the execution's history.
        includeExecutionData: false,
        destination: new LogGroup(this, 'Log', {
          // Under this prefix one policy serves all groups; elsewhere each adds to one that has a limit.
          logGroupName: `/aws/vendedlogs/states/${this.physicalName}`,
          retention: settings.logRetention,
          removalPolicy: settings.removalPolicy,
        }),
      },
    });
    this.stateMachine.node.addDependency(role);
  }

  /** All executions of this machine. */
  get executionsArn(): string {
    return Stack.of(this).formatArn({
      service: 'states',
      resource: 'execution',
      resourceName: `${this.physicalName}:*`,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
  }
}

/** `release-case` → `RELEASE_CASE_ARN`. */
const arnVariable = (name: StateMachineName): string => `${name.toUpperCase().replaceAll('-', '_')}_ARN`;

const arnsOf = (workflows: readonly Workflow[]): Access['environment'] =>
  Object.fromEntries(
    workflows.map(({ workflowName, stateMachine }) => [
      arnVariable(workflowName),
      stateMachine.stateMachineArn,
    ]),
  );

const onMachines = (workflows: readonly Workflow[], actions: readonly string[]): Permission => ({
  actions,
  resources: workflows.map(({ stateMachine }) => stateMachine.stateMachineArn),
});

const onExecutions = (workflows: readonly Workflow[], actions: readonly string[]): Permission => ({
  actions,
  resources: workflows.map(({ executionsArn }) => executionsArn),
  patternReason: 'Executions are named by case, round and attempt; these are all those of our own machines.',
});

/** Start, look at, stop and resume executions of these workflows. */
export const signalling = (workflows: readonly Workflow[]): Access => ({
  environment: arnsOf(workflows),
  permissions: [
    onMachines(workflows, ['states:StartExecution', 'states:SendTaskSuccess']),
    onExecutions(workflows, ['states:DescribeExecution', 'states:StopExecution']),
  ],
});

/** Look at executions of these workflows: which run, and how one ended. Their histories, with what was in them, are not among it. */
export const watching = (workflows: readonly Workflow[]): Access => ({
  environment: arnsOf(workflows),
  permissions: [
    onMachines(workflows, ['states:ListExecutions']),
    onExecutions(workflows, ['states:DescribeExecution']),
  ],
});
