import type { CityReportStanding } from '../../../workflows/city-report/signals.ts';
import type { FilingStanding } from '../../../workflows/monthly-filing/signals.ts';
import type { DistrictCode, TownCode } from '../../domain/access/identifiers.ts';
import type { YearMonth } from '../../domain/calendar/instant.ts';
import type { CityReport } from '../../domain/city-report/city-report.ts';
import { cityReportIdOf } from '../../domain/city-report/events.ts';
import { filingIdOf } from '../../domain/filing/events.ts';
import type { Filing } from '../../domain/filing/filing.ts';
import { loadStream } from '../../ledger/stream.ts';
import type { RecordStore } from '../../ports/record-store.ts';
import type { Dependencies } from '../dependencies.ts';
import { cityReportStandingOf, filingStandingOf } from './standing.ts';

/** @throws if the month was never opened: then an execution names a filing that never was. */
export const readFilingStanding = async (
  { store, clock }: Pick<Dependencies, 'store' | 'clock'>,
  { town, month }: { readonly town: TownCode; readonly month: YearMonth },
): Promise<FilingStanding> => {
  const { state } = await loadStream<Filing>(store, filingIdOf(town, month));
  if (state === undefined) throw new Error(`no filing ${filingIdOf(town, month)}`);
  return filingStandingOf(state, clock.now());
};

/** @throws if the report was never prepared. */
export const readCityReportStanding = async (
  { store }: { readonly store: RecordStore },
  { district, month }: { readonly district: DistrictCode; readonly month: YearMonth },
): Promise<CityReportStanding> => {
  const { state } = await loadStream<CityReport>(store, cityReportIdOf(district, month));
  if (state === undefined) throw new Error(`no report ${cityReportIdOf(district, month)}`);
  return cityReportStandingOf(state);
};
