import { districtOf, type TownCode } from '../../domain/access/identifiers.ts';
import type { Instant, YearMonth } from '../../domain/calendar/instant.ts';
import { currentPolicy } from '../../domain/calendar/policy.ts';
import { type FilingEvent, filingIdOf } from '../../domain/filing/events.ts';
import { decideFiling, evolveFiling, type Filing } from '../../domain/filing/filing.ts';
import { asJson, fromJson } from '../../ledger/as-json.ts';
import { CommitContended } from '../../ledger/commit.ts';
import { loadStream, planAppend, type Recorded, type StreamDefinition } from '../../ledger/stream.ts';
import type { RecordKey, RecordStore, RecordWrite } from '../../ports/record-store.ts';
import { openStreamKey } from '../release/case-stream.ts';

export const filingStream: StreamDefinition<Filing, FilingEvent> = {
  evolve: (state, event: Recorded<FilingEvent>) => evolveFiling(state, event),
  tasksOf: (state) => state.tasks,
};

/** The filings of the district, by month and town. */
export const filingListKey = (town: TownCode, month: YearMonth): RecordKey => ({
  pk: `FILINGS#${districtOf(town)}`,
  sk: `${month}#${town}`,
});

/** What serialises approvals with the closing of the month: every approval and every filing overwrites it. */
type FilingRegister = { readonly approved: number; readonly completed: boolean };

const partition = (town: TownCode, month: YearMonth): string => `FILING#${town}#${month}`;
export const filingRegisterKey = (town: TownCode, month: YearMonth): RecordKey => ({
  pk: partition(town, month),
  sk: 'REGISTER',
});
const memberKey = (town: TownCode, month: YearMonth, caseNumber: string): RecordKey => ({
  pk: partition(town, month),
  sk: `MEMBER#${caseNumber}`,
});

/** @returns the register with its revision; an open one with revision 0 while the month has none yet. */
export const readFilingRegister = async (
  store: RecordStore,
  town: TownCode,
  month: YearMonth,
): Promise<{ readonly register: FilingRegister; readonly rev: number }> => {
  const record = await store.get(filingRegisterKey(town, month));
  return record === undefined
    ? { register: { approved: 0, completed: false }, rev: 0 }
    : { register: fromJson<FilingRegister>(record.body), rev: record.rev };
};

/** @returns every case that was approved for the month, in order of their numbers. */
export const approvedCases = async (
  store: RecordStore,
  town: TownCode,
  month: YearMonth,
): Promise<string[]> => {
  const cases: string[] = [];
  let after: string | undefined;
  do {
    const page = await store.query({
      pk: partition(town, month),
      prefix: 'MEMBER#',
      limit: 1000,
      ...(after === undefined ? {} : { after }),
    });
    cases.push(...page.records.map((record) => record.sk.slice('MEMBER#'.length)));
    after = page.next;
  } while (after !== undefined);
  return cases;
};

/** The writes that open a town's month, if it is not open yet. */
export const openFilingWrites = async (
  store: RecordStore,
  town: TownCode,
  month: YearMonth,
  now: Instant,
): Promise<readonly RecordWrite[]> => {
  const loaded = await loadStream<Filing>(store, filingIdOf(town, month));
  const decision = decideFiling(
    loaded.state,
    { type: 'open-filing', town, month },
    { now, policy: currentPolicy(now) },
  );
  if ('refusal' in decision || decision.events.length === 0) return [];
  const { writes } = planAppend(filingStream, {
    loaded,
    events: decision.events,
    at: now,
    actor: { system: 'open-month' },
    outcome: () => ({ result: {} }),
  });
  return [
    ...writes,
    { kind: 'put', key: openStreamKey(districtOf(town), loaded.streamId), body: {}, expect: 'absent' },
    { kind: 'put', key: filingListKey(town, month), body: {}, expect: 'absent' },
  ];
};

/**
 * The writes by which an approved case joins the month. They exclude the closing of the month: whichever commits
 * first, the other looks again.
 * @throws CommitContended when the month is completed although its cut-off lies ahead: two clocks disagree.
 */
export const joinFilingWrites = async (
  store: RecordStore,
  town: TownCode,
  month: YearMonth,
  caseNumber: string,
  now: Instant,
): Promise<readonly RecordWrite[]> => {
  const { register, rev } = await readFilingRegister(store, town, month);
  if (register.completed) throw new CommitContended();
  const body = asJson({ approved: register.approved + 1, completed: false } satisfies FilingRegister);
  return [
    ...(await openFilingWrites(store, town, month, now)),
    { kind: 'put', key: filingRegisterKey(town, month), body, expect: rev === 0 ? 'absent' : { rev } },
    { kind: 'put', key: memberKey(town, month, caseNumber), body: {}, expect: 'absent' },
  ];
};

/**
 * The writes by which a case that is stopped before it was filed leaves the month again.
 * @throws CommitContended when a filing holds it already: the case has to hear of that first.
 */
export const leaveFilingWrites = async (
  store: RecordStore,
  town: TownCode,
  month: YearMonth,
  caseNumber: string,
): Promise<readonly RecordWrite[]> => {
  const { register, rev } = await readFilingRegister(store, town, month);
  const { state: filing } = await loadStream<Filing>(store, filingIdOf(town, month));
  if (filing?.filings.some(({ caseNumbers }) => caseNumbers.includes(caseNumber)) === true)
    throw new CommitContended();
  const body = asJson({ ...register, approved: register.approved - 1 } satisfies FilingRegister);
  return [
    { kind: 'put', key: filingRegisterKey(town, month), body, expect: { rev } },
    { kind: 'delete', key: memberKey(town, month, caseNumber), expect: { rev: 1 } },
  ];
};
