import { cpSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { type Machine, startMachine } from '../../local/machine.ts';
import { type BranchRow, hashToken, openStore } from '../../local/workflow-runner/store.ts';
import { openDatabase, type WriteObserver } from '../../shared/adapters/embedded/database.ts';
import { createFileKeyVault, loadMasterKey } from '../../shared/adapters/embedded/file-key-vault.ts';
import { ulidIds } from '../../shared/adapters/embedded/ulid-ids.ts';
import { yieldingBackoff } from '../../shared/adapters/embedded/yielding-backoff.ts';
import type { PersonId } from '../../shared/domain/access/identifiers.ts';
import { type Instant, instantFromMillis, millisOf } from '../../shared/domain/calendar/instant.ts';
import { createPersonalData } from '../../shared/ledger/personal-data.ts';
import { streamKey } from '../../shared/ledger/stream.ts';
import type { Json, RecordStore } from '../../shared/ports/record-store.ts';
import { putPerson } from '../../shared/use-cases/registers/put-person.ts';
import { callbackKey, callbackPlace } from '../../shared/use-cases/workflow/rendezvous.ts';
import { district, leader, townOfficer, villager } from '../support/release-people.ts';
import { shanghai } from '../support/shanghai.ts';
import { registrar, taken } from '../support/village-world.ts';
import { createBulkStore } from './bulk-store.ts';
import { caseOf, measuredTask, type SeedingDependencies, seedCase } from './straight-case.ts';

const house = { district, registrar: 'registrar' as PersonId };
const startedAt = shanghai('2022-09-22 10:00');
const execution = (serial: number) =>
  ({ workflow: 'release-case', name: `${caseOf(serial)}-r1-a1` }) as const;

/** Starts the embedded machine on a folder of the bench; a defect ends the bench. */
export const startHouse = (folder: string, observer?: WriteObserver): Promise<Machine> =>
  startMachine({
    folder,
    port: 0,
    clock: { virtualFrom: startedAt },
    house,
    ...(observer === undefined ? {} : { observer }),
    report: (error) => {
      throw error;
    },
  });

/**
 * Plays case 1 until its execution waits for the measured step, and lets time pass until just before it would escalate:
 * from there on every timer that is set off is one of the cases'.
 */
const playTemplate = async (folder: string): Promise<void> => {
  const machine = await startHouse(folder);
  await machine.engine.drain();
  // An office that nobody holds would be told of as vacant at every step.
  for (const { personId, offices } of [leader, villager, townOfficer])
    taken(await putPerson(machine.deps, registrar, { personId, name: '李守线', offices }));
  await seedCase(machine.deps, 1);
  await machine.engine.drain();
  const dueAt = machine.runner.describe(execution(1))?.states[0]?.dueAt;
  if (dueAt === undefined) throw new Error('the case does not wait for its step');
  await machine.engine.advanceTo(instantFromMillis(millisOf(dueAt) - 1000));
  await machine.close();
};

type Template = {
  readonly branch: BranchRow;
  readonly dueAt: Instant;
  /** Adds the execution of another case, waiting for the same step at its own instant, with the same history. */
  copyFor(serial: number, tokenHash: string): void;
};

const readTemplate = (db: DatabaseSync): Template => {
  const store = openStore(db);
  const row = store.executionNamed(execution(1));
  const branch = row === undefined ? undefined : store.branchesOf(row.id)[0];
  if (row === undefined || branch?.dueAt === undefined) throw new Error('the template is missing');
  const { dueAt } = branch;
  const text = JSON.stringify({ input: row.input, branch, events: store.events(row.id) });
  return {
    branch,
    dueAt,
    copyFor: (serial, tokenHash) => {
      const copy = JSON.parse(text.replaceAll(caseOf(1), caseOf(serial))) as {
        readonly input: Json;
        readonly branch: BranchRow;
        readonly events: ReturnType<typeof store.events>;
      };
      const executionId = store.insertExecution({
        ref: execution(serial),
        definitionHash: row.definitionHash,
        input: copy.input,
        startedAt: row.startedAt,
        deadline: undefined,
      });
      const { parentId, itemIndex, itemValue, result, concurrency } = branch;
      store.insertBranch({
        ...copy.branch,
        ...{ parentId, itemIndex, itemValue, result, concurrency },
        executionId,
        tokenHash,
        // One a second, so that they fall due one after the other.
        dueAt: instantFromMillis(millisOf(dueAt) + serial * 1000),
      });
      for (const event of copy.events) store.appendEvent(executionId, event);
    },
  };
};

/** The two items with which a case and its execution know of each other, as the relay and the await handler left them. */
const copyRendezvous = async (
  store: RecordStore,
  personalData: SeedingDependencies['personalData'],
  serial: number,
  token: string,
): Promise<void> => {
  const taskId = measuredTask(serial);
  const pointer = await store.get({ pk: streamKey(caseOf(1)), sk: 'EXECUTION' });
  const callback = await store.get(callbackKey(measuredTask(1)));
  if (pointer === undefined || callback === undefined) throw new Error('the template is missing');
  const { box } = await personalData.box('CALLBACKS', callbackPlace(taskId), token);
  await store.transact([
    {
      kind: 'put',
      key: { pk: streamKey(caseOf(serial)), sk: 'EXECUTION' },
      body: pointer.body,
      expect: 'absent',
    },
    { kind: 'put', key: callbackKey(taskId), body: { ...callback.body, box }, expect: 'absent' },
  ]);
};

/** Cases that are brought to the file together. */
const casesPerTurn = 500;

/**
 * Makes one folder for each size, holding so many open cases whose executions all wait for the measured step. All of
 * them lie in one village: its inboxes and lists grow with them, which is the hardest arrangement. Nothing is
 * synchronised while seeding; every folder is whole before it is measured.
 */
export const seedHouses = async (
  root: string,
  sizes: readonly number[],
  progress: (line: string) => void,
): Promise<ReadonlyMap<number, string>> => {
  const seeding = join(root, 'seeding');
  mkdirSync(seeding);
  await playTemplate(seeding);
  const folders = new Map<number, string>();
  let serial = 1;
  for (const size of sizes) {
    const db = openDatabase(join(seeding, 'shouxian.db'));
    db.exec('PRAGMA synchronous = OFF; PRAGMA cache_size = -262144');
    const { store, flush } = createBulkStore(db);
    const masterKey = loadMasterKey(join(seeding, 'keys', 'master.key'), false);
    const personalData = createPersonalData(store, createFileKeyVault(masterKey));
    const deps = { store, backoff: yieldingBackoff, ids: ulidIds, personalData, house };
    const template = readTemplate(db);
    while (serial < size) {
      const from = serial + 1;
      const to = Math.min(size, serial + casesPerTurn);
      const tokens: string[] = [];
      for (serial = from; serial <= to; serial += 1) {
        const token = ulidIds.newSeed();
        tokens.push(token);
        await seedCase(deps, serial);
        await copyRendezvous(store, personalData, serial, token);
      }
      serial = to;
      flush(() => {
        for (const [index, token] of tokens.entries()) template.copyFor(from + index, hashToken(token));
      });
    }
    db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    db.close();
    const folder = join(root, String(size));
    cpSync(seeding, folder, { recursive: true });
    folders.set(size, folder);
    progress(`${size} open cases seeded`);
  }
  rmSync(seeding, { recursive: true });
  return folders;
};
