import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { type Binding, changeSetAside, functionEntries } from '../../functions/manifest.ts';
import { type StateMachineName, stateMachines } from '../../workflows/state-machines.ts';
import {
  ofType,
  only,
  plain,
  production,
  type Resource,
  type Statement,
  type Synthesised,
  statementsOf,
  synthesise,
} from './templates.ts';

const machineNames = Object.keys(stateMachines) as StateMachineName[];
const partitions = ['aws', 'aws-cn'] as const;
const built = {
  aws: (await synthesise(production)).service,
  'aws-cn': (await synthesise({ ...production, partition: 'aws-cn' })).service,
};

/** `openreleasecaseLog73E1AFC2.Arn`: CDK adds eight digits to a logical id, which say nothing here. */
const withoutHash = (text: string): string => text.replaceAll(/(?<=[A-Za-z])[0-9A-F]{8}(?=[.>A-Z]|$)/g, '');
const logicalIdOf = (text: string): string => text.replaceAll('-', '');

const lambdaNamed = (service: Synthesised, name: string): readonly [string, Resource] => {
  const found = ofType(service, 'AWS::Lambda::Function').find(
    ([, { Properties }]) => Properties['FunctionName'] === `shouxian-production-${name}`,
  );
  if (found === undefined) throw new Error(`no function ${name}`);
  return found;
};

const machineNamed = (service: Synthesised, name: string): Resource => {
  const found = ofType(service, 'AWS::StepFunctions::StateMachine').find(
    ([, { Properties }]) => Properties['StateMachineName'] === `shouxian-production-${name}`,
  );
  if (found === undefined) throw new Error(`no state machine ${name}`);
  return found[1];
};

/** Everything that the role of a function or a machine may do, as `action on resource`. */
const rightsOf = (service: Synthesised, role: unknown): readonly Statement[] => {
  const roleId = plain(role).replace('.Arn>', '>');
  const policies = ofType(service, 'AWS::IAM::Policy').filter(([, { Properties }]) =>
    plain(Properties['Roles']).includes(roleId),
  );
  return policies.flatMap(([, { Properties }]) => statementsOf(Properties['PolicyDocument']));
};
const flat = (statements: readonly Statement[]): readonly string[] =>
  statements
    .flatMap(({ actions, resources }) =>
      resources.flatMap((resource) => actions.map((action) => `${action} on ${withoutHash(resource)}`)),
    )
    .toSorted();

const on = (resource: string, ...actions: string[]): string[] =>
  actions.map((action) => `${action} on ${resource}`);
const table = '<LedgerTableArn>';
const storage = '<StorageKeyArn>';
const reading = [
  ...on(table, 'dynamodb:GetItem', 'dynamodb:Query'),
  ...on(storage, 'kms:Decrypt', 'kms:DescribeKey'),
];
const writing = [
  ...reading,
  ...on(table, 'dynamodb:PutItem', 'dynamodb:DeleteItem', 'dynamodb:ConditionCheckItem'),
  ...on(storage, 'kms:Encrypt', 'kms:GenerateDataKey', 'kms:ReEncryptFrom', 'kms:ReEncryptTo'),
];
const machine = (name: string): string => `<${logicalIdOf(name)}StateMachine>`;
const executions = (partition: string, name: string): string => {
  const place = partition === 'aws-cn' ? 'cn-northwest-1' : '<AWS::Region>';
  const arn = partition === 'aws-cn' ? 'aws-cn' : '<AWS::Partition>';
  return `arn:${arn}:states:${place}:<AWS::AccountId>:execution:shouxian-production-${name}:*`;
};

const rightsOfBinding = (partition: string): Readonly<Record<Binding, readonly string[]>> => ({
  'records:read': reading,
  'records:write': writing,
  keys: on('<PersonalDataKeyArn>', 'kms:GenerateDataKey', 'kms:Decrypt'),
  'evidence:sign-upload': [
    ...on('<EvidenceBucketArn>/evidence/*', 's3:PutObject'),
    ...on(storage, 'kms:GenerateDataKey'),
  ],
  'evidence:read': [
    ...on('<EvidenceBucketArn>/evidence/*', 's3:GetObject', 's3:GetObjectVersion'),
    ...on('<EvidenceBucketArn>', 's3:ListBucket'),
    ...on(storage, 'kms:Decrypt'),
  ],
  workflows: machineNames.flatMap((name) => [
    ...on(machine(name), 'states:StartExecution', 'states:SendTaskSuccess'),
    ...on(executions(partition, name), 'states:DescribeExecution', 'states:StopExecution'),
  ]),
  'workflows:read': machineNames.flatMap((name) => [
    ...on(machine(name), 'states:ListExecutions'),
    ...on(executions(partition, name), 'states:DescribeExecution'),
  ]),
});

const machineArns = ['RELEASE_CASE_ARN', 'MONTHLY_FILING_ARN', 'CITY_REPORT_ARN'];
const variablesOfBinding: Readonly<Record<Binding, readonly string[]>> = {
  'records:read': ['RECORDS_TABLE'],
  'records:write': ['RECORDS_TABLE'],
  keys: ['PERSONAL_DATA_KEY'],
  'evidence:sign-upload': ['EVIDENCE_BUCKET'],
  'evidence:read': ['EVIDENCE_BUCKET'],
  workflows: machineArns,
  'workflows:read': machineArns,
};

const clockOf: ReadonlyMap<string, string> = new Map([
  ['open-month', 'cron(0 0 1 * ? *)'],
  ['reconcile-workflows', 'cron(30 3 * * ? *)'],
]);

describe.each(partitions)('in the partition %s', (partition) => {
  const service = built[partition];

  describe.each(functionEntries())('%s', (name, { bindings, timeoutSeconds, trigger }) => {
    const [, { Properties: lambda }] = lambdaNamed(service, name);

    test('runs on Node 24, on arm64, for as long as the manifest says', () => {
      expect(lambda).toMatchObject({
        Runtime: 'nodejs24.x',
        Architectures: ['arm64'],
        Timeout: timeoutSeconds,
        Handler: 'index.handler',
      });
    });

    test('may do what its bindings say and nothing else', () => {
      const rights = rightsOfBinding(partition);
      const feed = [
        ...on(
          '<LedgerTableStreamArn>',
          'dynamodb:DescribeStream',
          'dynamodb:GetRecords',
          'dynamodb:GetShardIterator',
        ),
        ...on(`${table}/stream/*`, 'dynamodb:ListStreams'),
        ...on('<GivenUpChangesArn>', 'sqs:SendMessage'),
      ];
      const expected = [
        ...bindings.flatMap((binding) => rights[binding]),
        ...on(`<${logicalIdOf(name)}Log.Arn>`, 'logs:CreateLogStream', 'logs:PutLogEvents'),
        ...(trigger.kind === 'feed' ? feed : []),
        ...(trigger.kind === 'schedule' ? on('<FailedTimersArn>', 'sqs:SendMessage') : []),
      ];
      expect([...new Set(flat(rightsOf(service, lambda['Role'])))]).toEqual(
        [...new Set(expected)].toSorted(),
      );
    });

    test('is told where what it may reach is, and of nothing else', () => {
      const environment = z
        .object({ Variables: z.record(z.string(), z.unknown()) })
        .parse(lambda['Environment']);
      expect(Object.keys(environment.Variables).toSorted()).toEqual(
        [
          ...new Set(bindings.flatMap((binding) => variablesOfBinding[binding])),
          'DISTRICT',
          'LOG_LEVEL',
          'NODE_OPTIONS',
          'REGISTRAR',
          'SHOUXIAN_STAGE',
        ].toSorted(),
      );
      expect(environment.Variables).toMatchObject({
        DISTRICT: production.district,
        REGISTRAR: production.registrar,
        SHOUXIAN_STAGE: 'production',
      });
    });

    test('writes a log that ends some day', () => {
      const { LogGroup } = z.object({ LogGroup: z.unknown() }).parse(lambda['LoggingConfig']);
      const log = service.Resources[plain(LogGroup).slice(1, -1)];
      expect(log?.Properties['RetentionInDays']).toBe(731);
    });
  });

  test('there are no functions beside those of the manifest', () => {
    expect(ofType(service, 'AWS::Lambda::Function')).toHaveLength(functionEntries().length);
  });

  test('the personal-data key opens only for a named scope, the storage key only through its service', () => {
    const [, { Properties }] = lambdaNamed(service, 'decide-task');
    const conditions = rightsOf(service, Properties['Role'])
      .filter(({ actions }) => actions.some((action) => action.startsWith('kms:')))
      .map(({ resources, condition }) => [withoutHash(resources[0] ?? ''), JSON.stringify(condition)]);
    expect(conditions).toHaveLength(3);
    for (const [key, condition] of conditions)
      expect(condition).toMatch(
        key === storage ? /"kms:ViaService"/ : /"Null":{"kms:EncryptionContext:scope":"false"}/,
      );
  });

  test('nothing is allowed on every resource, but what Step Functions gives only so: its logs and traces', () => {
    const everywhere = ofType(service, 'AWS::IAM::Policy')
      .flatMap(([, { Properties }]) => statementsOf(Properties['PolicyDocument']))
      .filter(({ resources }) => resources.includes('*'));
    expect(everywhere).toHaveLength(machineNames.length);
    for (const { actions } of everywhere)
      for (const action of actions)
        expect(action).toMatch(/^(logs:.*(Deliver|ResourcePolic|DescribeLogGroups)|xray:)/);
  });

  test('no action is granted by a pattern', () => {
    const actions = ofType(service, 'AWS::IAM::Policy').flatMap(([, { Properties }]) =>
      statementsOf(Properties['PolicyDocument']).flatMap((granted) => granted.actions),
    );
    expect(actions.filter((action) => action.includes('*'))).toEqual([]);
  });

  describe('the API', () => {
    const routes = new Map(
      ofType(service, 'AWS::ApiGatewayV2::Route').map(([, { Properties }]) => [
        Properties['RouteKey'],
        Properties,
      ]),
    );
    const httpEntries = functionEntries().flatMap(([name, { trigger }]) =>
      trigger.kind === 'http' ? [{ name, ...trigger }] : [],
    );

    test('has the routes of the manifest and no other, so that all else is the same 404', () => {
      expect([...routes.keys()].toSorted()).toEqual(
        httpEntries.map(({ method, path }) => `${method} ${path}`).toSorted(),
      );
    });

    test.each(httpEntries)('$method $path is $access', ({ name, method, path, access }) => {
      const route = routes.get(`${method} ${path}`);
      expect(route?.['AuthorizationType']).toBe(access === 'public' ? 'NONE' : 'JWT');
      if (access === 'bearer') expect(plain(route?.['AuthorizerId'])).toMatch(/^<HouseApiBearerToken/);
      const integration = service.Resources[plain(route?.['Target']).replace(/^integrations\/<(.*)>$/, '$1')];
      expect(plain(integration?.Properties['IntegrationUri'])).toBe(`<${lambdaNamed(service, name)[0]}.Arn>`);
    });

    test('takes the tokens of the stage alone', () => {
      expect(only(service, 'AWS::ApiGatewayV2::Authorizer').Properties).toMatchObject({
        AuthorizerType: 'JWT',
        IdentitySource: ['$request.header.Authorization'],
        JwtConfiguration: { Audience: [production.audience], Issuer: production.issuer },
      });
    });

    test('gives every route that anybody may write through a throttle of its own, once the route is there', () => {
      const keys = httpEntries
        .filter(({ method, access }) => method === 'POST' && access === 'public')
        .map(({ method, path }) => `${method} ${path}`);
      expect(keys).toContain('POST /v1/notices/{noticeId}/objections');
      const stage = only(service, 'AWS::ApiGatewayV2::Stage');
      expect(stage.Properties['RouteSettings']).toEqual(
        Object.fromEntries(
          keys.map((key) => [
            key,
            { ThrottlingRateLimit: 5, ThrottlingBurstLimit: 20, DetailedMetricsEnabled: true },
          ]),
        ),
      );
      const awaited = (stage.DependsOn ?? []).map((id) => service.Resources[id]?.Properties['RouteKey']);
      expect(awaited).toEqual(expect.arrayContaining(keys));
    });

    test('is throttled, and logs the pattern of a route instead of what was asked for', () => {
      const { Properties } = only(service, 'AWS::ApiGatewayV2::Stage');
      expect(Properties).toMatchObject({
        StageName: '$default',
        DefaultRouteSettings: { ThrottlingRateLimit: 100, ThrottlingBurstLimit: 200 },
      });
      const { Format } = z.object({ Format: z.string() }).parse(Properties['AccessLogSettings']);
      expect(Format).toContain('$context.routeKey');
      expect(Format).not.toMatch(/context\.(path|identity|authorizer\.claims)|querystring/);
    });
  });

  test('the relay hears of what it acts on, from the beginning, and names what it gives up', () => {
    const { Properties: feed } = only(service, 'AWS::Lambda::EventSourceMapping');
    expect(feed).toMatchObject({
      StartingPosition: 'TRIM_HORIZON',
      BatchSize: 25,
      BisectBatchOnFunctionError: true,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      MaximumRetryAttempts: 20,
      MaximumRecordAgeInSeconds: 21_600,
    });
    expect(JSON.stringify(feed['DestinationConfig'])).toContain('GivenUpChanges');
    const { Filters } = z
      .object({ Filters: z.array(z.object({ Pattern: z.string() })) })
      .parse(feed['FilterCriteria']);
    expect(Filters.map(({ Pattern }): unknown => JSON.parse(Pattern))).toEqual([
      {
        eventName: ['INSERT', 'MODIFY'],
        dynamodb: {
          Keys: {
            pk: { S: [{ prefix: 'STREAM#' }] },
            sk: { S: [{ prefix: 'EVENT#' }, { prefix: 'TASK#' }, { prefix: 'CALLBACK#' }] },
          },
        },
      },
    ]);
  });

  test.each(functionEntries().flatMap(([name, { trigger }]) => (trigger.kind === 'schedule' ? [name] : [])))(
    '%s is called by the clock of Shanghai, and a call that fails every time is kept',
    (name) => {
      const [lambda] = lambdaNamed(service, name);
      const schedule = ofType(service, 'AWS::Scheduler::Schedule').find(([, { Properties }]) =>
        JSON.stringify(Properties['Target']).includes(`"${lambda}"`),
      )?.[1].Properties;
      expect(schedule).toMatchObject({
        ScheduleExpressionTimezone: 'Asia/Shanghai',
        FlexibleTimeWindow: { Mode: 'OFF' },
        ScheduleExpression: clockOf.get(name),
      });
      const target = z.looseObject({ RoleArn: z.unknown() }).parse(schedule?.['Target']);
      expect(JSON.stringify(target)).toContain('FailedTimers');
      expect(flat(rightsOf(service, target.RoleArn))).toEqual(
        [
          ...on(`<${withoutHash(lambda)}.Arn>`, 'lambda:InvokeFunction'),
          ...on('<FailedTimersArn>', 'sqs:SendMessage'),
        ].toSorted(),
      );
    },
  );

  describe.each(machineNames)('the workflow %s', (name) => {
    const stateMachine = machineNamed(service, name).Properties;
    const functionOf = new Map(
      functionEntries().map(([functionName]) => [
        `<${lambdaNamed(service, functionName)[0]}.Arn>`,
        functionName,
      ]),
    );
    const definition = plain(stateMachine['DefinitionString']);

    test('is the committed definition, but for ARNs', () => {
      const logical = definition
        .replaceAll(/<\w+\.Arn>/g, (arn) => functionOf.get(arn) ?? arn)
        .replaceAll(/arn:(<AWS::Partition>|aws-cn|aws):states/g, 'arn:aws:states');
      const committed: unknown = JSON.parse(
        readFileSync(join(import.meta.dirname, '..', '..', 'workflows', name, `${name}.asl.json`), 'utf8'),
      );
      expect(JSON.parse(logical)).toEqual(committed);
    });

    test('may call the functions that it names and no other', () => {
      const calls = rightsOf(service, stateMachine['RoleArn']).filter(({ actions }) =>
        actions.includes('lambda:InvokeFunction'),
      );
      const named = [...new Set(definition.match(/<\w+\.Arn>/g) ?? [])];
      expect(named.length).toBeGreaterThan(1);
      expect(calls.flatMap(({ resources }) => resources).toSorted()).toEqual(named.toSorted());
    });

    test('logs what happens, and not with what data', () => {
      expect(stateMachine['LoggingConfiguration']).toMatchObject({
        IncludeExecutionData: false,
        Level: 'ALL',
      });
      expect(stateMachine['TracingConfiguration']).toEqual({ Enabled: true });
      // Standard is what a type that is not given means; an express workflow cannot wait for a person.
      expect(stateMachine['StateMachineType'] ?? 'STANDARD').toBe('STANDARD');
    });
  });

  describe('the alarms', () => {
    const alarms = ofType(service, 'AWS::CloudWatch::Alarm').map(([, { Properties }]) => Properties);
    const watching = (metric: string) => alarms.filter(({ MetricName }) => MetricName === metric);

    test('say in both languages what has happened to people, and reach somebody', () => {
      for (const { AlarmDescription, AlarmActions } of alarms) {
        expect(String(AlarmDescription)).toMatch(/\p{Script=Han}.*\n.*[a-z]/u);
        expect(plain(AlarmActions)).toMatch(/^<AlarmsTopic/);
      }
      const { Properties } = only(service, 'AWS::SNS::Subscription');
      expect(Properties).toMatchObject({ Protocol: 'email', Endpoint: production.alarmEmail });
      expect(plain(Properties['TopicArn'])).toMatch(/^<AlarmsTopic/);
    });

    test('watch every function, the age of the feed, both queues and the API', () => {
      expect(watching('Errors')).toHaveLength(functionEntries().length);
      expect(watching('IteratorAge')).toMatchObject([{ Threshold: 300_000 }]);
      expect(watching('ApproximateNumberOfMessagesVisible')).toHaveLength(2);
      expect(watching('5xx')).toHaveLength(1);
    });

    test('hear of a change that the relay sets aside, by the line that it writes then', () => {
      const { Properties } = only(service, 'AWS::Logs::MetricFilter');
      expect(Properties['FilterPattern']).toBe(`{ $.message = "${changeSetAside}" }`);
      expect(plain(Properties['LogGroupName'])).toMatch(/^<relayledgerLog/);
      expect(Properties['MetricTransformations']).toMatchObject([
        { MetricNamespace: 'Shouxian/production', MetricName: 'ChangesSetAside', MetricValue: '1' },
      ]);
      expect(watching('ChangesSetAside')).toMatchObject([{ Namespace: 'Shouxian/production', Threshold: 1 }]);
    });

    test('call a failed or timed-out execution by name, and leave aborts alone: those are ours', () => {
      expect(watching('ExecutionsFailed')).toHaveLength(machineNames.length);
      expect(watching('ExecutionsTimedOut')).toHaveLength(machineNames.length);
      expect(watching('ExecutionsAborted')).toEqual([]);
    });
  });

  test('whoever deploys is told where the API and the workflows are', () => {
    expect(Object.keys(service.Outputs)).toEqual(
      expect.arrayContaining(['ApiId', 'ApiUrl', 'ReleaseCaseArn', 'MonthlyFilingArn', 'CityReportArn']),
    );
  });

  test('there is nothing that only the other partition has', () => {
    const text = JSON.stringify(service);
    expect(text).not.toMatch(/AWS::Cognito/);
    if (partition === 'aws-cn')
      expect(text).not.toMatch(/arn:aws:|amazonaws\.com(?!\.cn)[^"]*-(north|northwest)-/);
  });
});
