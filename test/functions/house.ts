import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { Readable } from 'node:stream';
import { type Binding, type FunctionName, functionEntries, manifest } from '../../functions/manifest.ts';
import { createHandlers } from '../../local/handlers.ts';
import { createRelay } from '../../local/relay.ts';
import {
  demoDistrict,
  demoDivisions,
  demoFacts,
  demoHouseholds,
  demoPeople,
  demoRegistrar,
  monitoredSince,
} from '../../local/seed/demo-district.ts';
import { openDatabase } from '../../shared/adapters/embedded/database.ts';
import { createFileKeyVault } from '../../shared/adapters/embedded/file-key-vault.ts';
import { createFolderEvidenceVault } from '../../shared/adapters/embedded/folder-evidence-vault.ts';
import { createSqliteChangeFeed } from '../../shared/adapters/embedded/sqlite-change-feed.ts';
import { createSqliteRecordStore } from '../../shared/adapters/embedded/sqlite-record-store.ts';
import { ulidIds } from '../../shared/adapters/embedded/ulid-ids.ts';
import { yieldingBackoff } from '../../shared/adapters/embedded/yielding-backoff.ts';
import type { DistrictCode, PersonId } from '../../shared/domain/access/identifiers.ts';
import { civilDateOf } from '../../shared/domain/calendar/legal-time.ts';
import { createPersonalData } from '../../shared/ledger/personal-data.ts';
import type { Dependencies } from '../../shared/use-cases/dependencies.ts';
import { createRecordedExecutions, type RecordedExecutions } from '../support/recorded-executions.ts';
import { shanghai } from '../support/shanghai.ts';
import { context, httpEvent } from './runtime/invocation.ts';

/** What is sent beside method and path. `body` goes as JSON, `text` exactly as it is. */
export type Sent = {
  /** The person whose token it is; nobody's when absent. */
  readonly as?: string;
  /** Further claims, or others than a person's. */
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly key?: string;
  readonly body?: unknown;
  readonly text?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  /** Bytes instead of text; they arrive as base64, as the HTTP API passes on what it does not know to be text. */
  readonly bytes?: Uint8Array;
};

export type Answer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
  readonly body: Readonly<Record<string, unknown>>;
};

type Method = 'GET' | 'POST' | 'PUT';

export type House = {
  setClock(shanghaiTime: string): void;
  /** Through the manifest's route to the very handler that runs on AWS. */
  send(method: Method, path: string, sent?: Sent): Promise<Answer>;
  /** What a workflow or a timer calls, given no more than the manifest binds it to. */
  call(name: FunctionName, payload?: object): Promise<unknown>;
  /** Uploads a file as signed, and returns how a decision names it. */
  upload(as: string, caseNumber: string, content: string): Promise<Evidence>;
  /** Carries what was written to the workflows, as the feed does, until nothing moves any more. */
  relay(): Promise<void>;
  /** No workflow runs here; what was started and stopped is only remembered. */
  readonly executions: RecordedExecutions;
  /** How many rows were ever written, so that "nothing written" can be seen. */
  rowsWritten(): number;
  close(): void;
};

export type Evidence = { readonly evidenceId: string; readonly versionId: string; readonly sha256: string };

type Route = { readonly name: FunctionName; readonly method: string; readonly pattern: RegExp };

const routes: readonly Route[] = functionEntries().flatMap(([name, { trigger }]) =>
  trigger.kind === 'http'
    ? [
        {
          name,
          method: trigger.method,
          pattern: new RegExp(`^${trigger.path.replaceAll(/\{(\w+)\}/g, '(?<$1>[^/]+)')}$`),
        },
      ]
    : [],
);

const changesOf = (db: DatabaseSync): number => {
  const row = db.prepare('SELECT total_changes() AS changes').get();
  return Number(row?.['changes']);
};

const parsed = (text: string): Answer['body'] => JSON.parse(text) as Answer['body'];

/** An empty house in memory: real handlers, real store, real keys, real evidence folder; only the clock is ours. */
const openHouse = async (startsAt = '2022-09-05 09:00'): Promise<House> => {
  const folder = mkdtempSync(join(tmpdir(), 'shouxian-house-'));
  const db = openDatabase(':memory:');
  const store = createSqliteRecordStore(db);
  let now = shanghai(startsAt);
  const clock = { now: () => now };
  const vault = createFolderEvidenceVault({
    folder,
    baseUrl: () => 'http://house',
    signingKey: randomBytes(32),
    clock,
    ids: ulidIds,
  });
  const executions = createRecordedExecutions();
  const deps: Dependencies = {
    store,
    backoff: yieldingBackoff,
    clock,
    ids: ulidIds,
    personalData: createPersonalData(store, createFileKeyVault(randomBytes(32))),
    vault,
    signals: executions,
    executions,
    house: { district: demoDistrict.code as DistrictCode, registrar: demoRegistrar as PersonId },
  };
  const handlers = createHandlers(deps);
  const relay = createRelay(
    createSqliteChangeFeed(db, () => 0),
    (event) => handlers.feed(event, context() as Parameters<typeof handlers.feed>[1]),
  );
  const keyless = async (): Promise<never> => {
    throw new Error('the manifest binds this function to no keys');
  };
  const withoutKeys = createHandlers({
    ...deps,
    personalData: {
      prepare: keyless,
      seal: keyless,
      box: keyless,
      unbox: keyless,
      open: keyless,
      check: keyless,
    },
  });

  const send: House['send'] = async (method, path, sent = {}) => {
    const route = routes.find((candidate) => candidate.method === method && candidate.pattern.test(path));
    const handler = route === undefined ? undefined : handlers.http.get(route.name);
    if (route === undefined || handler === undefined) throw new Error(`no route ${method} ${path}`);
    const { as, key, body, headers, query, bytes } = sent;
    const written = sent.text ?? (body === undefined ? undefined : JSON.stringify(body));
    const text = bytes === undefined ? written : Buffer.from(bytes).toString('base64');
    const claims = sent.claims ?? (as === undefined ? undefined : { sub: as });
    const result = await handler(
      httpEvent({
        method,
        path,
        names: { ...route.pattern.exec(path)?.groups },
        headers: {
          ...(text === undefined ? {} : { 'content-type': 'application/json' }),
          ...(key === undefined ? {} : { 'idempotency-key': key }),
          ...headers,
        },
        ...(query === undefined ? {} : { query }),
        ...(text === undefined ? {} : { body: text }),
        base64: bytes !== undefined,
        ...(claims === undefined ? {} : { claims }),
      }) as Parameters<typeof handler>[0],
      context(),
    );
    const answered = result.body ?? '{}';
    return {
      status: result.statusCode ?? 200,
      headers: result.headers ?? {},
      text: answered,
      body: parsed(answered),
    };
  };

  const upload: House['upload'] = async (as, caseNumber, content) => {
    const bytes = Buffer.from(content, 'utf8');
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const asked = await send('POST', '/v1/evidence', {
      as,
      key: `upload-${sha256}`,
      body: { caseNumber, contentType: 'image/jpeg', size: bytes.length, sha256 },
    });
    if (asked.status !== 201) throw new Error(asked.text);
    const { evidenceId, upload: signed } = asked.body as {
      evidenceId: string;
      upload: { url: string; headers: Record<string, string> };
    };
    const query = Object.fromEntries(new URL(signed.url).searchParams);
    const received = await vault.receive({ query, headers: signed.headers }, Readable.from([bytes]));
    if ('refusal' in received) throw new Error(received.refusal);
    return { evidenceId, versionId: received.versionId, sha256 };
  };

  return {
    setClock: (shanghaiTime) => {
      now = shanghai(shanghaiTime);
    },
    send,
    call: async (name, payload = {}) => {
      const bindings: readonly Binding[] = manifest[name].bindings;
      const handler = (bindings.includes('keys') ? handlers : withoutKeys).task.get(name);
      if (handler === undefined) throw new Error(`${name} is no task`);
      return handler(payload, context());
    },
    upload,
    executions,
    relay: async () => {
      while ((await relay.carryBatch()) > 0);
    },
    rowsWritten: () => changesOf(db),
    close: () => {
      db.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
};

/** The demo district, registered through the API. */
export const openDemoHouse = async (startsAt = '2022-09-05 09:00'): Promise<House> => {
  const house = await openHouse(startsAt);
  const today = civilDateOf(shanghai(startsAt));
  const put = async (path: string, body: object): Promise<void> => {
    const answer = await house.send('PUT', path, { as: demoRegistrar, body });
    if (answer.status !== 200) throw new Error(`${path}: ${answer.text}`);
  };
  for (const { code, name } of demoDivisions) await put(`/v1/divisions/${code}`, { name });
  for (const { householdId, group, category, address, members } of demoHouseholds) {
    await put(`/v1/households/${householdId}`, {
      group,
      category,
      address,
      head: 'm1',
      members,
      monitoredSince: monitoredSince(today),
    });
  }
  for (const { personId, ...person } of demoPeople) await put(`/v1/people/${personId}`, person);
  for (const one of demoHouseholds) {
    await put(`/v1/households/${one.householdId}/facts`, demoFacts(one, today));
  }
  return house;
};
