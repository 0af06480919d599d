import type { PersonActor } from '../../domain/access/actor.ts';
import { authorise } from '../../domain/access/authorise.ts';
import { contains, type TownCode } from '../../domain/access/identifiers.ts';
import type { YearMonth } from '../../domain/calendar/instant.ts';
import { filingIdOf } from '../../domain/filing/events.ts';
import type { Filing } from '../../domain/filing/filing.ts';
import { loadStream } from '../../ledger/stream.ts';
import type { RecordStore } from '../../ports/record-store.ts';
import type { Dependencies } from '../dependencies.ts';
import { firstOf, namesIn } from '../list-over.ts';
import { accessRefusal, type Outcome, refused } from '../outcome.ts';
import { approvedCases, filingListKey } from './filing-stream.ts';

type TownMonth = { readonly town: TownCode; readonly month: YearMonth };

export type FilingView = { readonly filing: Filing; readonly waiting: readonly string[] };

const viewOf = async (store: RecordStore, { town, month }: TownMonth): Promise<FilingView | undefined> => {
  const { state } = await loadStream<Filing>(store, filingIdOf(town, month));
  if (state === undefined) return undefined;
  const filed = new Set(state.filings.flatMap((filing) => filing.caseNumbers));
  const approved = await approvedCases(store, town, month);
  return { filing: state, waiting: approved.filter((caseNumber) => !filed.has(caseNumber)) };
};

/** The filing of a town for a month, with its supplements, and the approved cases that wait for it. */
export const getFiling = async (
  { store, house }: Pick<Dependencies, 'store' | 'house'>,
  actor: PersonActor,
  { town, month }: TownMonth,
): Promise<Outcome<FilingView>> => {
  if (!contains(house.district, town)) return refused('not-found');
  const hidden = accessRefusal(authorise(actor, 'filing:read', { place: town }));
  if (hidden !== undefined) return hidden;
  const view = await viewOf(store, { town, month });
  return view === undefined ? refused('not-found') : { value: view };
};

export type FilingPage = { readonly filings: readonly FilingView[]; readonly next?: string };

type Where = {
  readonly month?: YearMonth;
  readonly town?: TownCode;
  readonly after?: string;
};

async function* visibleFilings(
  { store, house }: Pick<Dependencies, 'store' | 'house'>,
  actor: PersonActor,
  { month, town, after }: Where,
): AsyncGenerator<FilingView> {
  const prefix = month === undefined ? undefined : `${month}#`;
  for await (const name of namesIn(store, `FILINGS#${house.district}`, { prefix, after })) {
    const [ofMonth = '', ofTown = ''] = name.split('#');
    const townMonth = { month: ofMonth as YearMonth, town: ofTown as TownCode };
    if (town !== undefined && town !== townMonth.town) continue;
    if (authorise(actor, 'filing:read', { place: townMonth.town }) !== 'allowed') continue;
    const view = await viewOf(store, townMonth);
    if (view !== undefined) yield view;
  }
}

/** The filings that this person may see, by month and town. */
export const listFilings = async (
  deps: Pick<Dependencies, 'store' | 'house'>,
  actor: PersonActor,
  { limit, ...where }: Where & { readonly limit: number },
): Promise<FilingPage> => {
  const { entries: filings, ...more } = await firstOf(
    visibleFilings(deps, actor, where),
    limit,
    ({ filing }) => filingListKey(filing.town, filing.month).sk,
  );
  return { filings, ...more };
};
