import type { Office } from '../../domain/access/actor.ts';
import type {
  DistrictCode,
  DivisionCode,
  GroupCode,
  HouseholdId,
  PersonId,
} from '../../domain/access/identifiers.ts';
import type { CivilDate, Instant } from '../../domain/calendar/instant.ts';
import { fromJson } from '../../ledger/as-json.ts';
import type { SealingScope } from '../../ledger/personal-data.ts';
import type { RecordKey, RecordStore } from '../../ports/record-store.ts';

/** Categories of monitored households 监测对象类别 (policy default). */
export type HouseholdCategory = 'unstable-out-of-poverty' | 'marginal' | 'sudden-hardship';

export type DivisionRecord = {
  readonly code: DivisionCode;
  readonly name: string;
  readonly registeredAt: Instant;
};

/** The name is sealed apart; offices are no secret. */
export type PersonRecord = { readonly offices: readonly Office[]; readonly ownHousehold?: HouseholdId };

/** What is known of a household without knowing its people. */
export type HouseholdRecord = {
  readonly householdId: HouseholdId;
  readonly group: GroupCode;
  readonly people: number;
  readonly category: HouseholdCategory;
  readonly status: 'monitored' | 'released' | 'not-monitored';
  readonly monitoredSince?: CivilDate;
  /** When the release was announced; there exactly for a released one. */
  readonly releasedAt?: Instant;
};

/** Sealed per household under `profile`. */
export type HouseholdProfile = {
  readonly address: string;
  /** `memberId` of the head 户主. */
  readonly head: string;
  readonly members: readonly {
    readonly memberId: string;
    readonly name: string;
    readonly idNumber: string;
    readonly relation: string;
    readonly ableToWork: boolean;
    readonly phone?: string | undefined;
  }[];
};

export type GridRecord = {
  readonly leader: PersonId;
  readonly members: readonly { readonly personId: PersonId; readonly households: readonly HouseholdId[] }[];
};

export const divisionKey = (code: DivisionCode): RecordKey => ({ pk: `DIVISION#${code}`, sk: 'META' });
/** Every division of the district, in one partition, so that the towns can be listed. */
export const divisionListKey = (district: DistrictCode, code: DivisionCode): RecordKey => ({
  pk: `DIVISIONS#${district}`,
  sk: code,
});
export const personKey = (personId: PersonId): RecordKey => ({ pk: `PERSON#${personId}`, sk: 'META' });
export const householdKey = (householdId: HouseholdId): RecordKey => ({
  pk: `HOUSEHOLD#${householdId}`,
  sk: 'META',
});
/** Its id stands in the lists of its district, its town and its village. */
export const householdListPartition = (division: DivisionCode): string => `HOUSEHOLDS#${division}`;
/** Which release case is open for the household: at most one. */
export const openCaseKey = (householdId: HouseholdId): RecordKey => ({
  pk: `HOUSEHOLD#${householdId}`,
  sk: 'OPEN-CASE',
});
export const gridKey = (group: GroupCode): RecordKey => ({ pk: `GRID#${group}`, sk: 'META' });
export const householdScope = (householdId: HouseholdId): SealingScope => `HOUSEHOLD#${householdId}`;
export const peopleScope = (district: DistrictCode): SealingScope => `PEOPLE#${district}`;

/** @returns the household with the revision of its item; `undefined` if it is not registered. */
export const readHousehold = async (
  store: RecordStore,
  householdId: HouseholdId,
): Promise<{ readonly household: HouseholdRecord; readonly rev: number } | undefined> => {
  const record = await store.get(householdKey(householdId));
  return record === undefined
    ? undefined
    : { household: fromJson<HouseholdRecord>(record.body), rev: record.rev };
};

/** @returns the name of a division; its code while it has none. */
export const readDivisionName = async (store: RecordStore, code: DivisionCode): Promise<string> => {
  const record = await store.get(divisionKey(code));
  return record === undefined ? code : fromJson<DivisionRecord>(record.body).name;
};
