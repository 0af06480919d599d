import {
  type DistrictCode,
  districtOf,
  type VillageCode,
  villageOf,
} from '../../domain/access/identifiers.ts';
import type { CivilDate, Instant } from '../../domain/calendar/instant.ts';
import { civilDateOf } from '../../domain/calendar/legal-time.ts';
import type { NoticeId } from '../../domain/release/identifiers.ts';
import type { ReleaseCase } from '../../domain/release/state.ts';
import { asJson, fromJson } from '../../ledger/as-json.ts';
import type { PersonalData } from '../../ledger/personal-data.ts';
import type { JsonObject, RecordKey, RecordStore, RecordWrite } from '../../ports/record-store.ts';
import { type HouseholdProfile, householdScope, readDivisionName } from '../registers/records.ts';

/**
 * What the public may read of a notice 公示: this list and nothing else. No digit of an ID number, no phone, no account,
 * no illness, no address below the village, no case number.
 */
export type PublicNotice = {
  readonly noticeId: NoticeId;
  readonly village: VillageCode;
  readonly villageName: string;
  /** The first character of the head's name, the rest hidden. */
  readonly maskedName: string;
  readonly people: number;
  readonly postedOn: CivilDate;
  readonly postedAt: Instant;
  readonly lastDay: CivilDate;
  readonly endsAt: Instant;
  /** Years whose holidays were not announced yet when the end was reckoned: there weekends alone counted. */
  readonly holidayTablesMissing: readonly number[];
  readonly status: 'running' | 'passed' | 'stopped';
};

/** With the case that it belongs to, which the public is not told. */
export type NoticeRecord = PublicNotice & { readonly caseNumber: string };

export const noticeKey = (noticeId: NoticeId): RecordKey => ({ pk: `NOTICE#${noticeId}`, sk: 'META' });
export const noticeListKeys = (
  notice: Pick<PublicNotice, 'village' | 'postedAt' | 'noticeId'>,
): readonly RecordKey[] =>
  [districtOf(notice.village), notice.village].map((division: DistrictCode | VillageCode) => ({
    pk: `NOTICES#${division}`,
    sk: `${notice.postedAt}#${notice.noticeId}`,
  }));

/** 王某某 → 王**. Characters, not code units: a rare surname may take two. */
export const maskedName = (name: string): string => {
  const [first = '', ...rest] = [...name];
  return first + '*'.repeat(Math.max(1, rest.length));
};

export const readNotice = async (
  store: RecordStore,
  noticeId: NoticeId,
): Promise<{ readonly notice: NoticeRecord; readonly rev: number } | undefined> => {
  const record = await store.get(noticeKey(noticeId));
  return record === undefined ? undefined : { notice: fromJson<NoticeRecord>(record.body), rev: record.rev };
};

/** The writes that put a notice on the public board. */
export const postNoticeWrites = async (
  { store, personalData }: { readonly store: RecordStore; readonly personalData: PersonalData },
  state: ReleaseCase,
  posted: {
    readonly noticeId: NoticeId;
    readonly postedAt: Instant;
    readonly lastDay: CivilDate;
    readonly endsAt: Instant;
    readonly missingHolidayTables: readonly number[];
  },
): Promise<readonly RecordWrite[]> => {
  const sealed = await personalData.open(householdScope(state.householdId), 'profile');
  if (sealed === undefined) throw new Error('a registered household has no profile');
  const profile = fromJson<HouseholdProfile>(sealed.value as JsonObject);
  const head = profile.members.find((member) => member.memberId === profile.head);
  const village = villageOf(state.group);
  const notice: NoticeRecord = {
    noticeId: posted.noticeId,
    village,
    villageName: await readDivisionName(store, village),
    maskedName: maskedName(head?.name ?? ''),
    people: state.people,
    postedOn: civilDateOf(posted.postedAt),
    postedAt: posted.postedAt,
    lastDay: posted.lastDay,
    endsAt: posted.endsAt,
    holidayTablesMissing: posted.missingHolidayTables,
    status: 'running',
    caseNumber: state.caseNumber,
  };
  const body = asJson(notice);
  return [
    { kind: 'put', key: noticeKey(notice.noticeId), body, expect: 'absent' },
    ...noticeListKeys(notice).map(
      (key): RecordWrite => ({ kind: 'put', key, body: { noticeId: notice.noticeId }, expect: 'absent' }),
    ),
  ];
};

/** The writes that take it off the board; the notice itself stays readable, with how it ended. */
export const endNoticeWrites = async (
  store: RecordStore,
  noticeId: NoticeId,
  status: 'passed' | 'stopped',
): Promise<readonly RecordWrite[]> => {
  const found = await readNotice(store, noticeId);
  if (found === undefined) throw new Error(`the notice ${noticeId} was never posted`);
  return [
    {
      kind: 'put',
      key: noticeKey(noticeId),
      body: asJson({ ...found.notice, status }),
      expect: { rev: found.rev },
    },
    ...noticeListKeys(found.notice).map((key): RecordWrite => ({ kind: 'delete', key, expect: { rev: 1 } })),
  ];
};
