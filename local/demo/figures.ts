import { asOf, reportedMonths } from './agenda.ts';
import { shanghai } from './legal-day.ts';
import { ask, askFor, UnexpectedAnswer, type World } from './world.ts';

export type Count = { readonly households: number; readonly people: number };

export type TownFiling = {
  readonly town: string;
  readonly month: string;
  /** The first filing is 1; a supplement has the next number. */
  readonly numbers: readonly number[];
  readonly cases: readonly string[];
};

export type MonthReport = Count & { readonly month: string; readonly signedAt: string | null };

/** The year in figures, counted from nothing but what the API says. */
export type Figures = {
  readonly asOf: string;
  readonly monitored: Count;
  readonly released: Count;
  readonly remaining: Count;
  readonly filings: readonly TownFiling[];
  readonly cityReports: readonly MonthReport[];
  readonly returns: number;
  readonly objections: { readonly filed: number; readonly upheld: number };
  readonly ledger: { readonly events: number; readonly verified: boolean };
};

type HouseholdSeen = {
  readonly householdId: string;
  readonly village: string;
  readonly people: number;
  readonly status: 'monitored' | 'released' | 'not-monitored';
  readonly releasedAt?: string;
};

type CaseSeen = {
  readonly caseNumber: string;
  readonly timeline: readonly {
    readonly at: string;
    readonly type: string;
    readonly data: Readonly<Record<string, unknown>>;
  }[];
};

/** Figures with what the table tells beside them. */
export type Reading = {
  readonly figures: Figures;
  readonly towns: readonly (Readonly<Record<'monitored' | 'released' | 'remaining', Count>> & {
    readonly town: string;
  })[];
  /** How often each thing happened in a case by the end of the day. */
  readonly happened: Readonly<Record<string, number>>;
  /** What does not add up; empty when all is well. */
  readonly inconsistent: readonly string[];
};

const reader = 'auditor-1';
/** The end of the day as of which everything is counted. */
const until = new Date(Date.parse(shanghai(asOf, '00:00')) + 86_400_000).toISOString();

/** Reads a list page by page. */
const readAll = async <Item>(world: World, path: string, name: string): Promise<readonly Item[]> => {
  const items: Item[] = [];
  let after: string | undefined;
  do {
    const query: string = after === undefined ? '' : `&after=${after}`;
    const page = await askFor<Record<string, unknown>>(world, `${path}?limit=100${query}`, { as: reader });
    items.push(...(page[name] as Item[]));
    after = page['next'] as string | undefined;
  } while (after !== undefined);
  return items;
};

const countOf = (households: readonly { readonly people: number }[]): Count => ({
  households: households.length,
  people: households.reduce((sum, { people }) => sum + people, 0),
});

const wasReleased = ({ releasedAt }: HouseholdSeen): boolean =>
  releasedAt !== undefined && releasedAt < until;

const standingOf = (households: readonly HouseholdSeen[]) => {
  const monitored = households.filter(({ status }) => status !== 'not-monitored');
  return {
    monitored: countOf(monitored),
    released: countOf(monitored.filter(wasReleased)),
    remaining: countOf(monitored.filter((household) => !wasReleased(household))),
  };
};

const isReported = ({ month }: { readonly month: string }): boolean =>
  reportedMonths.some((one) => one === month);

const readFilings = async (world: World): Promise<readonly TownFiling[]> => {
  const listed = await readAll<{
    readonly town: string;
    readonly month: string;
    readonly filings: readonly { readonly number: number; readonly caseNumbers: readonly string[] }[];
  }>(world, '/v1/filings', 'filings');
  return listed.filter(isReported).map(({ town, month, filings }) => ({
    town,
    month,
    numbers: filings.map(({ number }) => number),
    cases: filings.flatMap(({ caseNumbers }) => caseNumbers),
  }));
};

const readCityReports = async (world: World): Promise<readonly MonthReport[]> => {
  const listed = await readAll<{
    readonly month: string;
    readonly signed?: { readonly at: string; readonly households: number; readonly people: number };
  }>(world, '/v1/city-reports', 'reports');
  return listed.filter(isReported).map(({ month, signed }) => ({
    month,
    signedAt: signed?.at ?? null,
    households: signed?.households ?? 0,
    people: signed?.people ?? 0,
  }));
};

/** The documents of the months before and after those that are reported on, which the house has opened too. */
const documentsAround = ['2021-12', '2022-11'] as const;

const documentsOf = (district: string, towns: readonly string[], months: readonly string[]): string[] =>
  months.flatMap((month) => [`C-${district}-${month}`, ...towns.map((town) => `F-${town}-${month}`)]);

/** Has every stream checked: every case, and every town's and the district's documents. */
const readLedger = async (
  world: World,
  streams: readonly string[],
  others: readonly string[],
): Promise<{ readonly events: number; readonly verified: boolean }> => {
  let events = 0;
  let verified = true;
  for (const streamId of [...streams, ...others]) {
    const { status, json } = await ask(world, `/v1/audit/${streamId}`, { as: reader });
    // November's report, say, is not prepared yet.
    if (status === 404 && others.includes(streamId)) continue;
    if (status !== 200) throw new UnexpectedAnswer(`${streamId}: ${status} ${JSON.stringify(json)}`);
    const seen = json as { events: number; verified: boolean };
    events += seen.events;
    verified &&= seen.verified;
  }
  return { events, verified };
};

const sum = (counts: readonly Count[]): Count => ({
  households: counts.reduce((total, { households }) => total + households, 0),
  people: counts.reduce((total, { people }) => total + people, 0),
});

const same = (one: Count, other: Count): boolean =>
  one.households === other.households && one.people === other.people;

const inconsistencies = (
  { monitored, released, remaining, filings, cityReports, ledger }: Figures,
  towns: number,
): string[] => [
  ...(filings.length === towns * reportedMonths.length && cityReports.length === reportedMonths.length
    ? []
    : ['缺少月度文书 / a document of a month is missing']),
  ...(same(sum([released, remaining]), monitored)
    ? []
    : ['解除与剩余之和不等于监测数 / released + remaining ≠ monitored']),
  ...(same(sum(cityReports), released)
    ? []
    : ['市级备案之和不等于解除数 / sum of the city reports ≠ released']),
  ...(cityReports.every(({ signedAt }) => signedAt !== null)
    ? []
    : ['有未签发的市级备案 / a city report is not signed']),
  ...(ledger.verified ? [] : ['台账核验未通过 / the ledger does not verify']),
];

/** Reads the year back from the API, as the auditor. */
export const readFigures = async (world: World, district: string): Promise<Reading> => {
  const households = await readAll<HouseholdSeen>(world, '/v1/households', 'households');
  const listed = await readAll<{ caseNumber: string }>(world, '/v1/release-cases', 'cases');
  const happened: Record<string, number> = {};
  const add = (what: string): void => {
    happened[what] = (happened[what] ?? 0) + 1;
  };
  for (const { caseNumber } of listed) {
    const { timeline } = await askFor<CaseSeen>(world, `/v1/release-cases/${caseNumber}`, { as: reader });
    for (const { type, data } of timeline.filter(({ at }) => at < until)) {
      add(type);
      if (type === 'case-returned') add(`case-returned by ${String(data['by'])}`);
      if (data['outcome'] === 'not-implemented') add('department-not-implemented');
    }
  }
  const filings = await readFilings(world);
  const towns = [...new Set(filings.map(({ town }) => town))].toSorted();
  const ledger = await readLedger(
    world,
    [...listed.map(({ caseNumber }) => caseNumber), ...documentsOf(district, towns, reportedMonths)],
    documentsOf(district, towns, documentsAround),
  );
  const figures: Figures = {
    asOf,
    ...standingOf(households),
    filings,
    cityReports: await readCityReports(world),
    returns: happened['case-returned by town'] ?? 0,
    objections: { filed: happened['objection-filed'] ?? 0, upheld: happened['objection-upheld'] ?? 0 },
    ledger,
  };
  return {
    figures,
    towns: towns.map((town) => ({
      town,
      ...standingOf(households.filter(({ village }) => village.startsWith(town))),
    })),
    happened,
    inconsistent: inconsistencies(figures, towns.length),
  };
};
