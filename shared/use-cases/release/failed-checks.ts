import { type VillageCode, villageOf } from '../../domain/access/identifiers.ts';
import type { YearMonth } from '../../domain/calendar/instant.ts';
import { previousMonth } from '../../domain/calendar/legal-time.ts';
import type { ReleaseCase } from '../../domain/release/state.ts';
import type { RecordKey, RecordStore, RecordWrite } from '../../ports/record-store.ts';

const failedKey = (village: VillageCode, month: YearMonth): RecordKey => ({
  pk: `FAILED-CHECKS#${village}`,
  sk: month,
});

/** The write that counts a failed spot check of the village against the month of the filing that it was checked with. */
export const failedCheckWrite = async (
  store: RecordStore,
  { group }: Pick<ReleaseCase, 'group'>,
  month: YearMonth,
): Promise<RecordWrite> => {
  const key = failedKey(villageOf(group), month);
  const record = await store.get(key);
  return {
    kind: 'put',
    key,
    body: { failed: Number(record?.body['failed'] ?? 0) + 1 },
    expect: record === undefined ? 'absent' : { rev: record.rev },
  };
};

/** No share needs to be doubled more often than this to reach every case. */
const monthsAtMost = 12;

/** @returns how many months in a row before the case's filing a check of its village failed; 0 away from the draw. */
export const failedMonthsBefore = async (
  store: RecordStore,
  { stage, group }: Pick<ReleaseCase, 'stage' | 'group'>,
): Promise<number> => {
  if (stage.name !== 'department-comparison') return 0;
  let month = previousMonth(stage.filingMonth);
  let count = 0;
  while (count < monthsAtMost && (await store.get(failedKey(villageOf(group), month))) !== undefined) {
    count += 1;
    month = previousMonth(month);
  }
  return count;
};
