import type { DistrictCode } from '../../domain/access/identifiers.ts';
import type { YearMonth } from '../../domain/calendar/instant.ts';
import {
  type AnnouncedCase,
  type CityReport,
  evolveCityReport,
} from '../../domain/city-report/city-report.ts';
import type { CityReportEvent } from '../../domain/city-report/events.ts';
import { asJson, fromJson } from '../../ledger/as-json.ts';
import { CommitContended } from '../../ledger/commit.ts';
import type { Recorded, StreamDefinition } from '../../ledger/stream.ts';
import type { RecordKey, RecordStore, RecordWrite } from '../../ports/record-store.ts';

export const cityReportStream: StreamDefinition<CityReport, CityReportEvent> = {
  evolve: (state, event: Recorded<CityReportEvent>) => evolveCityReport(state, event),
  tasksOf: (state) => state.tasks,
};

/** The reports of the district, by month. */
export const cityReportListKey = (district: DistrictCode, month: YearMonth): RecordKey => ({
  pk: `CITY-REPORTS#${district}`,
  sk: month,
});

/** What serialises announcements with the signing of the report. */
type AnnouncedRegister = { readonly announced: number; readonly signed: boolean };

const partition = (district: DistrictCode, month: YearMonth): string => `ANNOUNCED#${district}#${month}`;
export const announcedRegisterKey = (district: DistrictCode, month: YearMonth): RecordKey => ({
  pk: partition(district, month),
  sk: 'REGISTER',
});
const memberKey = (district: DistrictCode, month: YearMonth, caseNumber: string): RecordKey => ({
  pk: partition(district, month),
  sk: `MEMBER#${caseNumber}`,
});

export const readAnnouncedRegister = async (
  store: RecordStore,
  district: DistrictCode,
  month: YearMonth,
): Promise<{ readonly register: AnnouncedRegister; readonly rev: number }> => {
  const record = await store.get(announcedRegisterKey(district, month));
  return record === undefined
    ? { register: { announced: 0, signed: false }, rev: 0 }
    : { register: fromJson<AnnouncedRegister>(record.body), rev: record.rev };
};

/** @returns every case announced in the month, with what still stands between it and the report. */
export const announcedCases = async (
  store: RecordStore,
  district: DistrictCode,
  month: YearMonth,
): Promise<AnnouncedCase[]> => {
  const cases: AnnouncedCase[] = [];
  let after: string | undefined;
  do {
    const page = await store.query({
      pk: partition(district, month),
      prefix: 'MEMBER#',
      limit: 1000,
      ...(after === undefined ? {} : { after }),
    });
    cases.push(...page.records.map((record) => fromJson<AnnouncedCase>(record.body)));
    after = page.next;
  } while (after !== undefined);
  return cases;
};

/** The writes by which a case that is announced now joins the month's report. @throws CommitContended if that is signed already. */
export const joinReportWrites = async (
  store: RecordStore,
  district: DistrictCode,
  month: YearMonth,
  announced: Pick<AnnouncedCase, 'caseNumber' | 'people'>,
): Promise<readonly RecordWrite[]> => {
  const { register, rev } = await readAnnouncedRegister(store, district, month);
  if (register.signed) throw new CommitContended();
  const member: AnnouncedCase = { ...announced, leadershipFiled: false, marked: false };
  return [
    {
      kind: 'put',
      key: announcedRegisterKey(district, month),
      body: asJson({ announced: register.announced + 1, signed: false } satisfies AnnouncedRegister),
      expect: rev === 0 ? 'absent' : { rev },
    },
    {
      kind: 'put',
      key: memberKey(district, month, announced.caseNumber),
      body: asJson(member),
      expect: 'absent',
    },
  ];
};

/** The write that ticks off a step of an announced case. @throws if it was never announced: a defect. */
export const tickWrite = async (
  store: RecordStore,
  district: DistrictCode,
  month: YearMonth,
  caseNumber: string,
  done: Partial<Pick<AnnouncedCase, 'leadershipFiled' | 'marked'>>,
): Promise<RecordWrite> => {
  const key = memberKey(district, month, caseNumber);
  const record = await store.get(key);
  if (record === undefined) throw new Error(`${caseNumber} was never announced in ${month}`);
  return { kind: 'put', key, body: { ...record.body, ...done }, expect: { rev: record.rev } };
};
