import { randomInt } from 'node:crypto';
import type { Server } from 'node:http';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import type { FunctionName } from '../functions/manifest.ts';
import {
  openDatabase,
  prepared,
  type WriteObserver,
  withTransaction,
} from '../shared/adapters/embedded/database.ts';
import { createFileKeyVault, derivedKey, loadMasterKey } from '../shared/adapters/embedded/file-key-vault.ts';
import { createFolderEvidenceVault } from '../shared/adapters/embedded/folder-evidence-vault.ts';
import { createOidcTokenVerifier } from '../shared/adapters/embedded/oidc-token-verifier.ts';
import { createSqliteChangeFeed } from '../shared/adapters/embedded/sqlite-change-feed.ts';
import { createSqliteRecordStore, holdsRecords } from '../shared/adapters/embedded/sqlite-record-store.ts';
import { ulidIds } from '../shared/adapters/embedded/ulid-ids.ts';
import { yieldingBackoff } from '../shared/adapters/embedded/yielding-backoff.ts';
import { createPersonalData } from '../shared/ledger/personal-data.ts';
import type { Json } from '../shared/ports/record-store.ts';
import type { Dependencies, House } from '../shared/use-cases/dependencies.ts';
import cityReport from '../workflows/city-report/city-report.asl.json' with { type: 'json' };
import monthlyFiling from '../workflows/monthly-filing/monthly-filing.asl.json' with { type: 'json' };
import releaseCase from '../workflows/release-case/release-case.asl.json' with { type: 'json' };
import { createEngine, type Engine } from './engine.ts';
import { createGateway } from './gateway.ts';
import { createHandlers, type Handlers, invocation } from './handlers.ts';
import { holdFolder } from './instance-lock.ts';
import { audience, createIssuer } from './issuer.ts';
import { createLocalRoutes } from './local-routes.ts';
import { type ClockChoice, leaveVirtualTime, openClock } from './machine-clock.ts';
import { createRelay } from './relay.ts';
import { createScheduler } from './scheduler.ts';
import { createRunnerExecutions } from './workflow-runner/executions.ts';
import { createWorkflowRunner, type WorkflowRunner } from './workflow-runner/runner.ts';

export type MachineOptions = {
  /** Where everything is kept; made if it is missing. */
  readonly folder: string;
  /** 0 for any free one. */
  readonly port: number;
  readonly clock: ClockChoice;
  readonly house: House;
  readonly observer?: WriteObserver;
  readonly report: (error: unknown) => void;
};

export type Machine = {
  readonly baseUrl: string;
  readonly engine: Engine;
  readonly runner: WorkflowRunner;
  readonly deps: Dependencies;
  /** A note on the installation itself, e.g. that the demo district was imported. It is on disk when `set` returns. */
  readonly mark: { has(name: string): boolean; set(name: string): void };
  /** Whether anything at all was recorded here, by whomever. */
  holdsRecords(): boolean;
  issueToken(personId: string): Promise<string>;
  /** Runs one timer function now. */
  runTimer(name: FunctionName): Promise<void>;
  /** Finishes what is under way, closes the file and lets go of the folder. */
  close(): Promise<void>;
};

/** Functions answer with JSON; whatever they throw is a failure that the workflow's Retry and Catch deal with. */
const invokeTask = async (handlers: Handlers, name: string, payload: Json) => {
  const handler = handlers.task.get(name as FunctionName);
  if (handler === undefined)
    return { ok: false, errorType: 'Lambda.ResourceNotFoundException', errorMessage: name } as const;
  try {
    const value = await handler(payload, invocation(name, ulidIds.newId()));
    return { ok: true, value: value === undefined ? undefined : (value as Json) } as const;
  } catch (error) {
    const errorType = error instanceof Error ? error.name : 'Error';
    return { ok: false, errorType, errorMessage: errorType } as const;
  }
};

const listen = (server: Server, port: number): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });

const installationMarks = (db: DatabaseSync): Machine['mark'] => {
  db.exec('CREATE TABLE IF NOT EXISTS installation (name TEXT PRIMARY KEY) STRICT');
  return {
    has: (name) => prepared(db, 'SELECT 1 FROM installation WHERE name = ?').get(name) !== undefined,
    set: (name) => {
      withTransaction(db, () =>
        prepared(db, 'INSERT OR IGNORE INTO installation (name) VALUES (?)').run(name),
      );
    },
  };
};

/** @param letGo closes the file and lets go of the folder. */
const openHouse = async (options: MachineOptions, db: DatabaseSync, letGo: () => void): Promise<Machine> => {
  const { folder, house, report } = options;
  const masterKey = loadMasterKey(join(folder, 'keys', 'master.key'), !holdsRecords(db));
  const clock = openClock(db, options.clock);
  let baseUrl = '';
  const whereabouts = (): string => baseUrl;
  const store = createSqliteRecordStore(db);
  const vault = createFolderEvidenceVault({
    folder: join(folder, 'evidence'),
    baseUrl: whereabouts,
    signingKey: derivedKey(masterKey, 'evidence links 1'),
    clock,
    ids: ulidIds,
  });
  const runner: WorkflowRunner = createWorkflowRunner({
    db,
    definitions: { 'release-case': releaseCase, 'monthly-filing': monthlyFiling, 'city-report': cityReport },
    invoke: (name, payload) => invokeTask(handlers, name, payload),
    clock,
    ids: ulidIds,
  });
  const deps: Dependencies = {
    store,
    backoff: yieldingBackoff,
    clock,
    ids: ulidIds,
    personalData: createPersonalData(store, createFileKeyVault(masterKey)),
    vault,
    signals: runner.signals,
    executions: createRunnerExecutions(runner),
    house,
  };
  const handlers = createHandlers(deps);
  const runTimer = async (name: FunctionName): Promise<void> => {
    const handler = handlers.task.get(name);
    if (handler === undefined) throw new Error(`${name} is no timer`);
    await handler({}, invocation(name, ulidIds.newId()));
  };
  const relay = createRelay(createSqliteChangeFeed(db, randomInt), (event) =>
    handlers.feed(event, invocation('relay-ledger', ulidIds.newId())),
  );
  const engine = createEngine(
    { clock, relay, runner, scheduler: createScheduler(db, clock, runTimer) },
    report,
  );
  const issuer = await createIssuer(join(folder, 'keys', 'issuer.json'), whereabouts, clock);
  const local = createLocalRoutes({
    baseUrl: whereabouts,
    issuer: () => issuer,
    clock,
    engine: () => engine,
    runner: () => runner,
    vault,
  });
  const server = createGateway({
    handlers,
    verifier: () => createOidcTokenVerifier({ issuer: baseUrl, audience, keys: issuer.keys, clock }),
    local,
    ids: ulidIds,
    afterwards: () => engine.wake(),
    report,
  });
  const mark = installationMarks(db);
  baseUrl = `http://127.0.0.1:${await listen(server, options.port)}`;
  if (clock.mode === 'real') leaveVirtualTime(db);
  engine.wake();
  return {
    baseUrl,
    engine,
    runner,
    deps,
    mark,
    holdsRecords: () => holdsRecords(db),
    issueToken: (personId) => issuer.issue(personId),
    runTimer,
    async close() {
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
      await engine.close();
      letGo();
    },
  };
};

/**
 * The whole house on one machine, on loopback: gateway, functions, workflows, timers, ledger and evidence in one
 * process and one folder. A start that is refused leaves neither the folder held nor the file open.
 * @throws FolderInUse, MasterKeyMissing, ClockRefused, or the system's error when the port is taken.
 */
export const startMachine = async (options: MachineOptions): Promise<Machine> => {
  const release = holdFolder(options.folder);
  let db: DatabaseSync | undefined;
  const letGo = (): void => {
    db?.close();
    release();
  };
  try {
    db = openDatabase(join(options.folder, 'shouxian.db'), options.observer);
    return await openHouse(options, db, letGo);
  } catch (error) {
    letGo();
    throw error;
  }
};
