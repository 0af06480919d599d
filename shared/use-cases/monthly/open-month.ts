import type { DistrictCode, DivisionCode, TownCode } from '../../domain/access/identifiers.ts';
import type { Instant, YearMonth } from '../../domain/calendar/instant.ts';
import { firstDay, monthOf, nextMonth, startOfDay } from '../../domain/calendar/legal-time.ts';
import { currentPolicy } from '../../domain/calendar/policy.ts';
import { type CityReport, decideCityReport } from '../../domain/city-report/city-report.ts';
import { cityReportIdOf } from '../../domain/city-report/events.ts';
import { fromJson } from '../../ledger/as-json.ts';
import { commit } from '../../ledger/commit.ts';
import { loadStream, planAppend } from '../../ledger/stream.ts';
import type { RecordKey, RecordStore } from '../../ports/record-store.ts';
import type { Dependencies } from '../dependencies.ts';
import { type DivisionRecord, divisionKey } from '../registers/records.ts';
import { openStreamKey } from '../release/case-stream.ts';
import { cityReportListKey, cityReportStream } from './city-report-stream.ts';
import { openFilingWrites } from './filing-stream.ts';

type OpenMonthDependencies = Pick<Dependencies, 'store' | 'backoff' | 'clock' | 'house'>;

type Town = { readonly code: TownCode; readonly registeredAt: Instant };

const registrationOf = async (store: RecordStore, code: DivisionCode): Promise<Instant | undefined> => {
  const record = await store.get(divisionKey(code));
  return record === undefined ? undefined : fromJson<DivisionRecord>(record.body).registeredAt;
};

const townsOf = async (store: RecordStore, district: DistrictCode): Promise<Town[]> => {
  const towns: Town[] = [];
  let after: string | undefined;
  do {
    const page = await store.query({
      pk: `DIVISIONS#${district}`,
      limit: 1000,
      ...(after === undefined ? {} : { after }),
    });
    for (const { sk } of page.records) {
      if (sk.length !== 9) continue;
      const code = sk as TownCode;
      const registeredAt = await registrationOf(store, code);
      if (registeredAt !== undefined) towns.push({ code, registeredAt });
    }
    after = page.next;
  } while (after !== undefined);
  return towns;
};

/** Up to which month everything was opened. It only spares the months before it another look. */
const openedKey = (district: DistrictCode): RecordKey => ({ pk: `MONTHS#${district}`, sk: 'OPENED' });

const readOpened = async (store: RecordStore, district: DistrictCode) => {
  const record = await store.get(openedKey(district));
  return { through: record?.body['through'] as YearMonth | undefined, rev: record?.rev ?? 0 };
};

const noteOpened = async (deps: OpenMonthDependencies, month: YearMonth): Promise<void> => {
  const { district } = deps.house;
  await commit(deps, async () => {
    const { through, rev } = await readOpened(deps.store, district);
    if (through !== undefined && through >= month) return { writes: [], answer: undefined };
    const expect = rev === 0 ? 'absent' : { rev };
    return {
      writes: [{ kind: 'put', key: openedKey(district), body: { through: month }, expect }],
      answer: undefined,
    };
  });
};

/** A place that was registered only after the month has nothing to file or report on it, not even nil. */
const stoodIn = (registeredAt: Instant, month: YearMonth): boolean =>
  registeredAt < startOfDay(firstDay(nextMonth(month)));

/** Prepares the report 市级备案 on `month`, once. */
const prepareReport = async (deps: OpenMonthDependencies, month: YearMonth): Promise<void> => {
  const { store, clock, house } = deps;
  const { district } = house;
  await commit(deps, async () => {
    const now = clock.now();
    const policy = currentPolicy(now);
    const loaded = await loadStream<CityReport>(store, cityReportIdOf(district, month));
    if (loaded.state !== undefined) return { writes: [], answer: undefined };
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
    const inList = {
      kind: 'put',
      key: cityReportListKey(district, month),
      body: {},
      expect: 'absent',
    } as const;
    return { writes: [...writes, listed, inList], answer: undefined };
  });
};

/** Opens the month's filing in every town that stood in it. */
const openFilings = async (
  deps: OpenMonthDependencies,
  towns: readonly Town[],
  month: YearMonth,
): Promise<void> => {
  for (const { code, registeredAt } of towns) {
    if (!stoodIn(registeredAt, month)) continue;
    await commit(deps, async () => ({
      writes: await openFilingWrites(deps.store, code, month, deps.clock.now()),
      answer: undefined,
    }));
  }
};

/**
 * On the 1st of every month, even without a single case: opens each town's filing for the month and prepares the city
 * report on the month before; and the same for every month that was missed since it last ran, because each month has
 * its documents, whether or not anything ran in it. Safe to run at any time and as often as one likes.
 * @returns how many towns there are.
 */
export const openMonth = async (deps: OpenMonthDependencies): Promise<{ readonly towns: number }> => {
  const { store, clock, house } = deps;
  const registeredAt = await registrationOf(store, house.district);
  const towns = await townsOf(store, house.district);
  if (registeredAt === undefined) return { towns: towns.length };
  const running = monthOf(clock.now());
  const { through } = await readOpened(store, house.district);
  for (let month = through ?? monthOf(registeredAt); month <= running; month = nextMonth(month)) {
    await openFilings(deps, towns, month);
    if (month < running) await prepareReport(deps, month);
  }
  await noteOpened(deps, running);
  return { towns: towns.length };
};
