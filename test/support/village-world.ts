import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { Readable } from 'node:stream';
import { openDatabase } from '../../shared/adapters/embedded/database.ts';
import { createFileKeyVault } from '../../shared/adapters/embedded/file-key-vault.ts';
import { createFolderEvidenceVault } from '../../shared/adapters/embedded/folder-evidence-vault.ts';
import { createSqliteRecordStore } from '../../shared/adapters/embedded/sqlite-record-store.ts';
import { ulidIds } from '../../shared/adapters/embedded/ulid-ids.ts';
import { yieldingBackoff } from '../../shared/adapters/embedded/yielding-backoff.ts';
import type { PersonActor } from '../../shared/domain/access/actor.ts';
import type { HouseholdId, PersonId } from '../../shared/domain/access/identifiers.ts';
import type { Instant } from '../../shared/domain/calendar/instant.ts';
import { civilDateOf } from '../../shared/domain/calendar/legal-time.ts';
import type { EvidenceRef } from '../../shared/domain/release/events.ts';
import type { CaseNumber } from '../../shared/domain/release/identifiers.ts';
import type { ReleaseCase, StageName } from '../../shared/domain/release/state.ts';
import type { IdempotencyKey } from '../../shared/ledger/commit.ts';
import { createPersonalData } from '../../shared/ledger/personal-data.ts';
import { loadStream } from '../../shared/ledger/stream.ts';
import type { RecordStore, RecordWrite } from '../../shared/ports/record-store.ts';
import type { Dependencies } from '../../shared/use-cases/dependencies.ts';
import { requestUpload } from '../../shared/use-cases/evidence/request-upload.ts';
import { completeFiling } from '../../shared/use-cases/monthly/file-cases.ts';
import { openMonth } from '../../shared/use-cases/monthly/open-month.ts';
import type { Outcome } from '../../shared/use-cases/outcome.ts';
import { putDivision } from '../../shared/use-cases/registers/put-division.ts';
import { putHousehold } from '../../shared/use-cases/registers/put-household.ts';
import { putHouseholdFacts } from '../../shared/use-cases/registers/put-household-facts.ts';
import { putPerson } from '../../shared/use-cases/registers/put-person.ts';
import { openReleaseCase } from '../../shared/use-cases/release/open-release-case.ts';
import type { StepInput } from '../../shared/use-cases/release/step-input.ts';
import { decideTask, type TaskInput } from '../../shared/use-cases/tasks/decide-task.ts';
import {
  concludeNotice,
  recordCityReport,
  recordFiling,
} from '../../shared/use-cases/workflow/case-tasks.ts';
import { createRecordedExecutions, type RecordedExecutions } from './recorded-executions.ts';
import {
  askedDepartments,
  bureau,
  checker,
  departmentOfficer,
  district,
  goodFacts,
  group,
  leader,
  month,
  person,
  town,
  townOfficer,
  village,
  villager,
} from './release-people.ts';
import { shanghai } from './shanghai.ts';

export const householdOf = (serial: number): HouseholdId =>
  `hh-${String(serial).padStart(4, '0')}` as HouseholdId;

/** Somebody of the household with an account of their own. */
export const homeOf = (serial: number): PersonActor => ({
  ...person(`home-${serial}`),
  ownHousehold: householdOf(serial),
});

/** What nobody may find in the clear, in any household's case. */
export const secretsOf = (serial: number) => ({
  address: `清溪镇上河村第${serial}号院`,
  head: `赵守线${serial}`,
  spouse: `钱安居${serial}`,
  headId: `61039919620115${String(serial).padStart(3, '0')}X`,
  spouseId: `61039919650315${String(serial).padStart(3, '0')}1`,
  phone: `1390917${String(serial).padStart(4, '0')}`,
});

export const texts = {
  visit: '户主腰椎病已痊愈，收入稳定',
  comparison: '医保报销全部到位，无欠费',
  spotCheck: '实地查看住房，屋顶完好',
  announcement: '赵守线一家风险消除，予以公告',
  investigation: '走访三户邻居，情况属实',
  reasons: '异议不成立，收入有银行流水',
  followUp: '重新入户核实',
  statement: '他家老大还在外面欠债',
  contact: '13909179999',
} as const;

const photoBytes = Buffer.from('a photo of the notice board');
const photoSha256 = createHash('sha256').update(photoBytes).digest('hex');

export type VillageWorld = Dependencies & {
  readonly db: DatabaseSync;
  readonly signals: RecordedExecutions;
  /** How many items the largest transaction so far had. */
  readonly largestTransaction: () => number;
  /** Lets time pass until then, never back. */
  readonly passTo: (text: string) => void;
  readonly registerHousehold: (serial: number, facts?: typeof goodFacts) => Promise<void>;
  /** Puts somebody into the register with the offices that they hold from now on. */
  readonly registerPerson: (who: PersonActor) => Promise<void>;
  readonly open: (serial: number, by?: PersonActor) => Promise<CaseNumber>;
  readonly state: (caseNumber: CaseNumber) => Promise<ReleaseCase>;
  readonly photo: (caseNumber: CaseNumber, by?: PersonActor) => Promise<EvidenceRef>;
  readonly key: (text?: string) => IdempotencyKey;
  readonly taskId: (caseNumber: CaseNumber, step: StepInput['step'], part?: string) => Promise<string>;
  /** Answers the open task of the step; `part` is the end of its id. */
  readonly decide: (
    caseNumber: CaseNumber,
    by: PersonActor,
    input: StepInput,
    part?: string,
  ) => ReturnType<typeof decideTask>;
  /** As {@link VillageWorld.decide}, and it must be taken. */
  readonly did: (caseNumber: CaseNumber, by: PersonActor, input: StepInput, part?: string) => Promise<void>;
  /** Plays the straight path, timers included, until the case stands at `stage`. */
  readonly playTo: (caseNumber: CaseNumber, stage: StageName, serial?: number) => Promise<void>;
  readonly close: () => void;
};

/** @returns the value. @throws if it was refused. */
export const taken = <Value>(outcome: Outcome<Value>): Value => {
  if ('refusal' in outcome) throw new Error(`refused: ${JSON.stringify(outcome.refusal)}`);
  return outcome.value;
};

/** @returns the code of the refusal; `undefined` if there was none. */
export const codeOf = (outcome: Outcome<unknown>): string | undefined =>
  'refusal' in outcome ? outcome.refusal.code : undefined;

export const registrar = person('registrar', { role: 'bureau-officer', division: district });

/** Everybody who holds an office in the village's world; those who lead are told when a step stays undone. */
export const leaders = {
  village: person('village-leader', { role: 'village-leader', division: village }),
  town: person('town-leader', { role: 'town-leader', division: town }),
  bureau: person('bureau-leader', { role: 'bureau-leader', division: district }),
  secretary: person('secretary', { role: 'leadership-secretary', division: district }),
};
const everybody: readonly PersonActor[] = [
  leader,
  villager,
  townOfficer,
  checker,
  bureau,
  ...Object.values(leaders),
  ...askedDepartments.map(departmentOfficer),
];

/** One village on the real store, with a clock that is set by hand; households 1 to `households` are registered. */
export const createVillageWorld = async ({
  households = 1,
  around = (store: RecordStore) => store,
}: {
  readonly households?: number;
  readonly around?: (store: RecordStore) => RecordStore;
} = {}): Promise<VillageWorld> => {
  const db = openDatabase(':memory:');
  const sqlite = createSqliteRecordStore(db);
  let largest = 0;
  const counted: RecordStore = {
    ...sqlite,
    transact: (writes: readonly RecordWrite[]) => {
      largest = Math.max(largest, writes.length);
      return sqlite.transact(writes);
    },
  };
  const store = around(counted);
  let now: Instant = shanghai('2022-09-01 08:00');
  const clock = { now: () => now };
  const passTo = (text: string): void => {
    const then = shanghai(text);
    if (then > now) now = then;
  };
  const folder = mkdtempSync(join(tmpdir(), 'village-'));
  const vault = createFolderEvidenceVault({
    folder,
    baseUrl: () => 'http://127.0.0.1',
    signingKey: randomBytes(32),
    clock,
    ids: ulidIds,
  });
  const personalData = createPersonalData(store, createFileKeyVault(randomBytes(32)));
  const signals = createRecordedExecutions();
  const house = { district, registrar: 'registrar' as PersonId };
  const deps = {
    store,
    backoff: yieldingBackoff,
    clock,
    ids: ulidIds,
    personalData,
    vault,
    signals,
    executions: signals,
    house,
  };

  let keys = 0;
  const key: VillageWorld['key'] = (text) => {
    keys += 1;
    return { owner: 'test', key: text ?? `key-${keys}`, fingerprint: text ?? `key-${keys}` };
  };
  const state: VillageWorld['state'] = async (caseNumber) => {
    const loaded = await loadStream<ReleaseCase>(store, caseNumber);
    if (loaded.state === undefined) throw new Error(`no case ${caseNumber}`);
    return loaded.state;
  };
  const photos = new Map<string, EvidenceRef>();
  const photo: VillageWorld['photo'] = async (caseNumber, by = villager) => {
    const known = photos.get(caseNumber);
    if (known !== undefined) return known;
    const { evidenceId, upload } = taken(
      await requestUpload(
        deps,
        by,
        { caseNumber, contentType: 'image/jpeg', size: photoBytes.length, sha256: photoSha256 },
        key(),
      ),
    );
    const received = await vault.receive(
      { query: Object.fromEntries(new URL(upload.url).searchParams), headers: { ...upload.headers } },
      Readable.from([photoBytes]),
    );
    if ('refusal' in received) throw new Error(received.refusal);
    const ref = { evidenceId, versionId: received.versionId, sha256: photoSha256 };
    photos.set(caseNumber, ref);
    return ref;
  };
  const taskId: VillageWorld['taskId'] = async (caseNumber, step, part = '') => {
    const open = (await state(caseNumber)).tasks.find(
      (task) => task.step === step && task.taskId.endsWith(part),
    );
    if (open === undefined) throw new Error(`no open task for ${step} ${part}`);
    return open.taskId;
  };
  const decide: VillageWorld['decide'] = async (caseNumber, by, input, part) =>
    decideTask(deps, by, { taskId: await taskId(caseNumber, input.step, part), input }, key());
  const did: VillageWorld['did'] = async (...decision) => {
    taken(await decide(...decision));
  };

  const registerPerson: VillageWorld['registerPerson'] = async ({ personId, offices, ownHousehold }) => {
    const of = ownHousehold === undefined ? {} : { ownHousehold };
    taken(await putPerson(deps, registrar, { personId, name: `某${personId}`, offices, ...of }));
  };
  const registerHousehold: VillageWorld['registerHousehold'] = async (serial, facts = goodFacts) => {
    const secrets = secretsOf(serial);
    taken(
      await putHousehold(deps, registrar, {
        householdId: householdOf(serial),
        group,
        category: 'marginal',
        monitoredSince: '2021-08-01' as NonNullable<typeof facts.monitoredSince>,
        address: secrets.address,
        head: 'm1',
        members: [
          {
            memberId: 'm1',
            name: secrets.head,
            idNumber: secrets.headId,
            relation: '户主',
            ableToWork: true,
            phone: secrets.phone,
          },
          {
            memberId: 'm2',
            name: secrets.spouse,
            idNumber: secrets.spouseId,
            relation: '配偶',
            ableToWork: true,
          },
        ],
      }),
    );
    taken(await putHouseholdFacts(deps, registrar, householdOf(serial), facts));
    await registerPerson(homeOf(serial));
  };

  const playTo: VillageWorld['playTo'] = async (caseNumber, target, serial = 1) => {
    const inRound = async () => ({ caseNumber, round: (await state(caseNumber)).round });
    const at = (text: string, go: () => Promise<unknown>) => async () => {
      passTo(text);
      await go();
    };
    const evidence = async () => [await photo(caseNumber)];
    const moves: Partial<Record<StageName, () => Promise<void>>> = {
      'home-visit': at('2022-09-21 10:00', async () =>
        did(caseNumber, villager, {
          step: 'home-visit',
          outcome: 'eligible',
          evidence: await evidence(),
          record: texts.visit,
        }),
      ),
      'household-confirmation': at('2022-09-22 19:00', () =>
        did(caseNumber, homeOf(serial), {
          step: 'household-confirmation',
          outcome: 'confirmed',
          evidence: [],
        }),
      ),
      appraisal: at('2022-09-27 16:00', async () =>
        did(caseNumber, villager, {
          step: 'appraisal',
          outcome: 'passed',
          heldOn: civilDateOf(now),
          attendance: { eligible: 30, present: 20 },
          votes: { inFavour: 18, against: 1, abstained: 1 },
          minutes: await evidence(),
        }),
      ),
      'notice-posting': at('2022-09-28 10:00', async () =>
        did(caseNumber, villager, { step: 'notice-posting', photo: await photo(caseNumber) }),
      ),
      notice: at('2022-10-09 00:00', async () => {
        const { stage } = await state(caseNumber);
        if (stage.name === 'notice') passTo(stage.endsAt);
        await concludeNotice(deps, await inRound());
      }),
      'town-verification': at('2022-10-12 15:00', async () =>
        did(caseNumber, townOfficer, {
          step: 'town-verification',
          outcome: 'approved',
          evidence: await evidence(),
        }),
      ),
      'filing-confirmation': at('2022-11-01 09:00', () =>
        did(caseNumber, townOfficer, { step: 'filing-confirmation', outcome: 'unchanged' }),
      ),
      filing: async () => {
        const { stage } = await state(caseNumber);
        if (stage.name !== 'filing') return;
        passTo(stage.cutOffAt);
        await completeFiling(deps, { town, month: stage.filingMonth });
        await recordFiling(deps, await inRound());
      },
      'department-comparison': at('2022-10-27 11:00', async () => {
        for (const department of askedDepartments) {
          const input = {
            step: 'department-comparison',
            outcome: 'implemented',
            record: texts.comparison,
          } as const;
          await did(caseNumber, departmentOfficer(department), input, `.${department}`);
        }
      }),
      'spot-check': at('2022-10-28 14:00', async () =>
        did(caseNumber, checker, {
          step: 'spot-check',
          outcome: 'confirmed',
          evidence: await evidence(),
          record: texts.spotCheck,
        }),
      ),
      announcement: at('2022-10-31 09:00', () =>
        did(caseNumber, bureau, {
          step: 'announcement',
          outcome: 'announced',
          announcement: texts.announcement,
        }),
      ),
      'leadership-filing': at('2022-11-01 09:00', () =>
        did(caseNumber, bureau, { step: 'leadership-filing', receipt: '备案〔2022〕7号' }),
      ),
      'system-marking': at('2022-11-02 09:00', () =>
        did(caseNumber, bureau, { step: 'system-marking', outsideReference: 'NS-2022-11-0007' }),
      ),
      'city-report': async () => {
        await openMonth(deps);
        passTo('2022-11-03 09:00');
        const signature: TaskInput = { step: 'city-report-signature' };
        const signing = { taskId: `C-${district}-2022-10.city-report-signature`, input: signature };
        const signed = await decideTask(deps, bureau, signing, key());
        if (codeOf(signed) !== 'task-not-open') taken(signed);
        passTo('2022-11-06 00:05');
        await recordCityReport(deps, await inRound());
      },
    };
    for (let moved = 0; moved < 40; moved += 1) {
      const { stage } = await state(caseNumber);
      if (stage.name === target) return;
      const move = moves[stage.name];
      if (move === undefined) break;
      await move();
    }
    throw new Error(`${target} was not reached; the case stands at ${(await state(caseNumber)).stage.name}`);
  };

  for (const [code, name] of [
    [district, '示例区'],
    [town, '清溪镇'],
    [village, '上河村'],
    [group, '上河村一组'],
  ] as const)
    taken(await putDivision(deps, registrar, { code, name }));
  for (const who of everybody) await registerPerson(who);
  for (let serial = 1; serial <= households; serial += 1) await registerHousehold(serial);
  passTo('2022-09-20 09:00');

  return {
    ...deps,
    db,
    largestTransaction: () => largest,
    passTo,
    registerHousehold,
    registerPerson,
    open: async (serial, by = leader) =>
      taken(await openReleaseCase(deps, by, { householdId: householdOf(serial) }, key())).caseNumber,
    state,
    photo,
    key,
    taskId,
    decide,
    did,
    playTo,
    close: () => {
      db.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
};

export const october = { town, month: month('2022-10') };
