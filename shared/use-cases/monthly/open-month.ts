import type { DistrictCode, TownCode } from '../../domain/access/identifiers.ts';
import type { Instant, YearMonth } from '../../domain/calendar/instant.ts';
import { cityReportWindow, monthOf, previousMonth } from '../../domain/calendar/legal-time.ts';
import { currentPolicy } from '../../domain/calendar/policy.ts';
import { type CityReport, decideCityReport } from '../../domain/city-report/city-report.ts';
import { cityReportIdOf } from '../../domain/city-report/events.ts';
import { fromJson } from '../../ledger/as-json.ts';
import { commit } from '../../ledger/commit.ts';
import { loadStream, planAppend } from '../../ledger/stream.ts';
import type { RecordStore } from '../../ports/record-store.ts';
import type { Dependencies } from '../dependencies.ts';
import { type DivisionRecord, divisionKey } from '../registers/records.ts';
import { openStreamKey } from '../release/case-stream.ts';
import { cityReportStream } from './city-report-stream.ts';
import { openFilingWrites } from './filing-stream.ts';

type OpenMonthDependencies = Pick<Dependencies, 'store' | 'backoff' | 'clock' | 'house'>;

const townsOf = async (store: RecordStore, district: DistrictCode): Promise<TownCode[]> => {
  const towns: TownCode[] = [];
  let after: string | undefined;
  do {
    const page = await store.query({
      pk: `DIVISIONS#${district}`,
      limit: 1000,
      ...(after === undefined ? {} : { after }),
    });
    towns.push(
      ...page.records.filter((record) => record.sk.length === 9).map((record) => record.sk as TownCode),
    );
    after = page.next;
  } while (after !== undefined);
  return towns;
};

/** A district that was registered only after the month has nothing to report on it, not even nil. */
const stoodIn = async (store: RecordStore, district: DistrictCode, endOfMonth: Instant): Promise<boolean> => {
  const record = await store.get(divisionKey(district));
  return record !== undefined && fromJson<DivisionRecord>(record.body).registeredAt < endOfMonth;
};

/** Prepares the report 市级备案 on `month`, once. */
const prepareReport = async (deps: OpenMonthDependencies, month: YearMonth): Promise<void> => {
  const { store, clock, house } = deps;
  const { district } = house;
  await commit(deps, async () => {
    const now = clock.now();
    const policy = currentPolicy(now);
    const { opensAt } = cityReportWindow(month, policy);
    const loaded = await loadStream<CityReport>(store, cityReportIdOf(district, month));
    if (loaded.state !== undefined || !(await stoodIn(store, district, opensAt)))
      return { writes: [], answer: undefined };
    const actor = { system: 'open-month' };
    const decision = decideCityReport(
      undefined,
      { type: 'prepare-city-report', district, month },
      { now, actor, policy },
    );
    if ('refusal' in decision) return { writes: [], answer: undefined };
    const { writes } = planAppend(cityReportStream, {
      loaded,
      events: decision.events,
      at: now,
      actor,
      outcome: () => ({ result: {} }),
    });
    const listed = {
      kind: 'put',
      key: openStreamKey(district, loaded.streamId),
      body: {},
      expect: 'absent',
    } as const;
    return { writes: [...writes, listed], answer: undefined };
  });
};

/**
 * On the 1st of every month, even without a single case: opens each town's filing for the month and prepares the city
 * report on the month before. Safe to run at any time and as often as one likes.
 * @returns how many towns there are.
 */
export const openMonth = async (deps: OpenMonthDependencies): Promise<{ readonly towns: number }> => {
  const { store, clock, house } = deps;
  const month = monthOf(clock.now());
  const towns = await townsOf(store, house.district);
  for (const town of towns) {
    await commit(deps, async () => ({
      writes: await openFilingWrites(store, town, month, clock.now()),
      answer: undefined,
    }));
  }
  await prepareReport(deps, previousMonth(month));
  return { towns: towns.length };
};
