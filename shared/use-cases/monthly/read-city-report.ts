import type { PersonActor } from '../../domain/access/actor.ts';
import { authorise } from '../../domain/access/authorise.ts';
import type { YearMonth } from '../../domain/calendar/instant.ts';
import type { AnnouncedCase, CityReport } from '../../domain/city-report/city-report.ts';
import { cityReportIdOf } from '../../domain/city-report/events.ts';
import { type LoadedStream, loadStream } from '../../ledger/stream.ts';
import type { Dependencies } from '../dependencies.ts';
import { accessRefusal, type Outcome, refused } from '../outcome.ts';
import { announcedCases } from './city-report-stream.ts';

export type LoadedReport = LoadedStream<CityReport> & { readonly state: CityReport };

/** A city report for a person, by its id; what they may not see does not exist. */
export const readCityReportAs = async (
  { store, house }: Pick<Dependencies, 'store' | 'house'>,
  actor: PersonActor,
  reportId: string,
): Promise<Outcome<LoadedReport>> => {
  const hidden = accessRefusal(authorise(actor, 'city-report:read', { place: house.district }));
  if (hidden !== undefined) return hidden;
  if (!reportId.startsWith(`C-${house.district}-`)) return refused('not-found');
  const loaded = await loadStream<CityReport>(store, reportId);
  return loaded.state === undefined ? refused('not-found') : { value: { ...loaded, state: loaded.state } };
};

export type CityReportView = {
  readonly month: YearMonth;
  readonly report: CityReport | null;
  /** What was announced in the month so far; frozen in `report.signed` once it is signed. */
  readonly announced: readonly AnnouncedCase[];
};

/** The report of a month 上报市级备案: as signed, or as it would be signed now. */
export const getCityReport = async (
  { store, house }: Pick<Dependencies, 'store' | 'house'>,
  actor: PersonActor,
  month: YearMonth,
): Promise<Outcome<CityReportView>> => {
  const hidden = accessRefusal(authorise(actor, 'city-report:read', { place: house.district }));
  if (hidden !== undefined) return hidden;
  const { state } = await loadStream<CityReport>(store, cityReportIdOf(house.district, month));
  return {
    value: { month, report: state ?? null, announced: await announcedCases(store, house.district, month) },
  };
};

export type CityReportPage = { readonly reports: readonly CityReport[]; readonly next?: string };

/** Every report of the district that was prepared, nil ones too, by month. */
export const listCityReports = async (
  { store, house }: Pick<Dependencies, 'store' | 'house'>,
  actor: PersonActor,
  { after, limit }: { readonly after?: string; readonly limit: number },
): Promise<Outcome<CityReportPage>> => {
  const hidden = accessRefusal(authorise(actor, 'city-report:read', { place: house.district }));
  if (hidden !== undefined) return hidden;
  const page = await store.query({
    pk: `CITY-REPORTS#${house.district}`,
    limit,
    ...(after === undefined ? {} : { after }),
  });
  const reports: CityReport[] = [];
  for (const { sk } of page.records) {
    const { state } = await loadStream<CityReport>(store, cityReportIdOf(house.district, sk as YearMonth));
    if (state !== undefined) reports.push(state);
  }
  return { value: { reports, ...(page.next === undefined ? {} : { next: page.next }) } };
};
