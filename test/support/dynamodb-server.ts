import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { connect } from 'node:net';
import { dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { freePort } from './free-port.ts';

const run = promisify(execFile);

/** A DynamoDB on loopback, in memory, for the tests of one file. */
export type DynamodbServer = {
  /** Which engine answers, and in which version. */
  readonly engine: string;
  readonly endpoint: string;
  stop(): void;
};

type Engine = {
  readonly name: string;
  command(port: number): readonly [string, ...string[]];
};

const dynamodbLocalVersion = '2.6.1';
const cacheFolder = join(
  import.meta.dirname,
  '../../node_modules/.cache/dynamodb-local',
  dynamodbLocalVersion,
);
const readyWithinMillis = 20_000;
const downloadWithinMillis = 300_000;

const pom = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>shouxian</groupId><artifactId>dynamodb-local</artifactId><version>1</version>
  <dependencies><dependency>
    <groupId>com.amazonaws</groupId><artifactId>DynamoDBLocal</artifactId><version>${dynamodbLocalVersion}</version>
  </dependency></dependencies>
</project>`;

const dynoxide = async (): Promise<Engine | string> => {
  const require = createRequire(import.meta.url);
  try {
    const home = dirname(require.resolve('@dynoxide/linux-x64/package.json'));
    const binary = join(home, 'dynoxide');
    const { stdout } = await run(binary, ['--version'], { timeout: 5000 });
    return {
      name: stdout.trim(),
      command: (port) => [binary, 'serve', '--host', '127.0.0.1', '--port', String(port)],
    };
  } catch {
    return 'dynoxide does not run on this platform';
  }
};

/** Amazon's own DynamoDB Local, fetched once from Maven Central. */
const dynamodbLocal = async (): Promise<Engine | string> => {
  const libraries = join(cacheFolder, 'libs');
  try {
    await run('java', ['-version'], { timeout: 20_000 });
    if (!existsSync(join(cacheFolder, 'complete'))) {
      mkdirSync(cacheFolder, { recursive: true });
      writeFileSync(join(cacheFolder, 'pom.xml'), pom);
      await run('mvn', ['-q', '-B', 'dependency:copy-dependencies', `-DoutputDirectory=${libraries}`], {
        cwd: cacheFolder,
        timeout: downloadWithinMillis,
      });
      writeFileSync(join(cacheFolder, 'complete'), '');
    }
  } catch {
    return 'DynamoDB Local needs java, mvn and Maven Central';
  }
  const main = 'com.amazonaws.services.dynamodbv2.local.main.ServerRunner';
  return {
    name: `DynamoDB Local ${dynamodbLocalVersion}`,
    command: (port) => [
      'java',
      '-cp',
      join(libraries, '*'),
      main,
      '-inMemory',
      '-disableTelemetry',
      '-port',
      String(port),
    ],
  };
};

const answers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });

const untilReady = async (child: ChildProcess, port: number): Promise<boolean> => {
  for (let waited = 0; waited < readyWithinMillis; waited += 25) {
    if (child.exitCode !== null) return false;
    if (await answers(port)) return true;
    await setTimeout(25);
  }
  return false;
};

/** Runs the server for as long as its input stays open: it ends with the tests, however those end. */
const untilLetGo = '"$@" & cat; kill -9 $!';

const start = async (engine: Engine): Promise<DynamodbServer | string> => {
  const port = await freePort();
  const child = spawn('sh', ['-c', untilLetGo, 'sh', ...engine.command(port)], {
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  const stop = (): void => {
    child.stdin.destroy();
  };
  child.once('error', stop);
  if (await untilReady(child, port)) {
    return { engine: engine.name, endpoint: `http://127.0.0.1:${port}`, stop };
  }
  stop();
  return `${engine.name} did not start`;
};

/**
 * Starts dynoxide, or where it cannot run Amazon's DynamoDB Local. `DYNAMODB_ENGINE=dynamodb-local` takes the latter
 * at once.
 * @returns the reasons, when neither can be had: whoever depends on it must say that it skipped, and why.
 */
export const startDynamodb = async (): Promise<DynamodbServer | { readonly unavailable: string }> => {
  const candidates = process.env['DYNAMODB_ENGINE'] === 'dynamodb-local' ? [] : [dynoxide];
  const reasons: string[] = [];
  for (const candidate of [...candidates, dynamodbLocal]) {
    const engine = await candidate();
    const server = typeof engine === 'string' ? engine : await start(engine);
    if (typeof server !== 'string') return server;
    reasons.push(server);
  }
  return { unavailable: reasons.join('; ') };
};

/** A client for a server of {@link startDynamodb}; it never looks for real credentials. */
export const dynamodbClient = (endpoint: string): DynamoDBClient =>
  new DynamoDBClient({
    endpoint,
    region: 'cn-northwest-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });

/** The table as the records stack makes it: two string keys, no index. */
export const createRecordsTable = async (client: DynamoDBClient, tableName: string): Promise<void> => {
  await client.send(
    new CreateTableCommand({
      TableName: tableName,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [
        { AttributeName: 'pk', AttributeType: 'S' },
        { AttributeName: 'sk', AttributeType: 'S' },
      ],
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
    }),
  );
};
