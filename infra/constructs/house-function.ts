import { Duration } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  Architecture,
  Code,
  Function as LambdaFunction,
  LoggingFormat,
  Runtime,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { FunctionEntry, FunctionName } from '../../functions/manifest.ts';
import type { StageSettings } from '../stages.ts';
import { type Permission, permit } from './permission.ts';

/**
 * What a function is given to reach something: where it is, and the right to do exactly that with it. One without the
 * other is a mistake, so they come as one.
 */
export type Access = {
  readonly environment: Readonly<Record<string, string>>;
  readonly permissions: readonly Permission[];
};

export type HouseFunctionProps = {
  readonly settings: StageSettings;
  readonly name: FunctionName;
  readonly entry: FunctionEntry;
  /** Folder of the bundle. */
  readonly code: string;
  /** Where a call goes that nobody waits for and that failed every time. */
  readonly failedCalls?: IQueue;
};

/** SHA-256 and JSON, no more; but less memory also means less processor, and a person waits for the answer. */
const memoryMegabytes = 512;

/** One function of the manifest: its code, its own log group, and a role that may do nothing but write that log. */
export class HouseFunction extends Construct {
  readonly lambda: LambdaFunction;
  readonly role: Role;
  readonly logGroup: LogGroup;
  readonly functionName: FunctionName;
  readonly entry: FunctionEntry;

  constructor(scope: Construct, { settings, name, entry, code, failedCalls }: HouseFunctionProps) {
    super(scope, name);
    this.functionName = name;
    this.entry = entry;
    this.logGroup = new LogGroup(this, 'Log', {
      logGroupName: `/shouxian/${settings.stage}/${name}`,
      retention: settings.logRetention,
      removalPolicy: settings.removalPolicy,
    });
    this.role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      description: `${name}: what the manifest binds, and its own log`,
    });
    permit(this.role, {
      actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      resources: [this.logGroup.logGroupArn],
    });
    this.lambda = new LambdaFunction(this, 'Function', {
      // Running executions call functions by name for up to a year; a name made up from the tree could change.
      functionName: `shouxian-${settings.stage}-${name}`,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      code: Code.fromAsset(code),
      handler: 'index.handler',
      timeout: Duration.seconds(entry.timeoutSeconds),
      memorySize: memoryMegabytes,
      loggingFormat: LoggingFormat.JSON,
      role: this.role,
      logGroup: this.logGroup,
      environment: {
        SHOUXIAN_STAGE: settings.stage,
        DISTRICT: settings.district,
        REGISTRAR: settings.registrar,
        LOG_LEVEL: settings.logLevel,
        NODE_OPTIONS: '--enable-source-maps',
      },
      ...(failedCalls === undefined ? {} : { deadLetterQueue: failedCalls }),
    });
  }

  /** Gives the function access: the environment variables and the grants, in one act. */
  bind({ environment, permissions }: Access): void {
    for (const [name, value] of Object.entries(environment)) this.lambda.addEnvironment(name, value);
    for (const permission of permissions) permit(this.role, permission);
  }
}
