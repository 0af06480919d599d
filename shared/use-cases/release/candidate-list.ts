import type { PersonActor } from '../../domain/access/actor.ts';
import { authorise } from '../../domain/access/authorise.ts';
import { contains, type GroupCode, type HouseholdId } from '../../domain/access/identifiers.ts';
import type { Instant, YearMonth } from '../../domain/calendar/instant.ts';
import { addDays, civilDateOf, monthOf } from '../../domain/calendar/legal-time.ts';
import type { ReleaseEvent } from '../../domain/release/events.ts';
import type { CaseNumber } from '../../domain/release/identifiers.ts';
import type { ReleaseCase } from '../../domain/release/state.ts';
import { asJson, fromJson } from '../../ledger/as-json.ts';
import type { RecordKey, RecordWrite } from '../../ports/record-store.ts';
import type { Dependencies } from '../dependencies.ts';
import { accessRefusal, type Outcome, refused } from '../outcome.ts';

/** One household in the grid leader's list of a month 网格长月度上报名单. */
export type CandidateEntry = {
  readonly caseNumber: CaseNumber;
  readonly householdId: HouseholdId;
  readonly round: number;
  /** 农户提, 网格长提, or reported again after a return. */
  readonly door: 'request' | 'proposal' | 'again';
  readonly at: Instant;
  /** Of a request: until when it must be answered. */
  readonly dueAt?: Instant;
  readonly answer: 'waiting' | 'reported' | 'declined' | 'withdrawn';
  readonly answeredAt?: Instant;
};

const partition = (group: GroupCode, month: YearMonth): string => `CANDIDATES#${group}#${month}`;

const entryKey = (
  group: GroupCode,
  month: YearMonth,
  { caseNumber, round }: Pick<CandidateEntry, 'caseNumber' | 'round'>,
): RecordKey => ({ pk: partition(group, month), sk: `${caseNumber}#${round}` });

/** A request stands in the list of the month in which it must be answered. */
const listOf = (dueAt: Instant): YearMonth => monthOf(addDays(civilDateOf(dueAt), -1));

const entered = (group: GroupCode, month: YearMonth, entry: CandidateEntry): RecordWrite => ({
  kind: 'put',
  key: entryKey(group, month, entry),
  body: asJson(entry),
  expect: 'absent',
});

/** The write that answers a request in its list; an entry is written twice at most. */
const answered = (
  before: ReleaseCase | undefined,
  answer: CandidateEntry['answer'],
  answeredAt: Instant,
): RecordWrite[] => {
  const task = before?.tasks.find(({ step }) => step === 'request-answer');
  if (before === undefined || task === undefined) return [];
  const { group, caseNumber, householdId, round } = before;
  const { openedAt: at, dueAt } = task;
  const entry: CandidateEntry = {
    caseNumber,
    householdId,
    round,
    door: 'request',
    at,
    dueAt,
    answer,
    answeredAt,
  };
  return [
    { kind: 'put', key: entryKey(group, listOf(dueAt), entry), body: asJson(entry), expect: { rev: 1 } },
  ];
};

/** What an event changes in the list of the month. */
export const candidateWrites = (
  before: ReleaseCase | undefined,
  after: ReleaseCase,
  event: ReleaseEvent,
  at: Instant,
): readonly RecordWrite[] => {
  const { group, caseNumber, householdId } = after;
  switch (event.type) {
    case 'release-requested': {
      const { round, opens } = event.data;
      return opens.map(({ dueAt }) =>
        entered(group, listOf(dueAt), {
          caseNumber,
          householdId,
          round,
          door: 'request',
          at,
          dueAt,
          answer: 'waiting',
        }),
      );
    }
    case 'request-taken-up':
      return answered(before, 'reported', at);
    case 'request-declined':
      return answered(before, 'declined', at);
    case 'case-withdrawn':
      return answered(before, 'withdrawn', at);
    case 'release-round-started': {
      const { round, cause } = event.data;
      if (cause !== 'candidate-reported' && cause !== 'reported-again') return [];
      const door = cause === 'candidate-reported' ? 'proposal' : 'again';
      const entry = { caseNumber, householdId, round, door, at, answer: 'reported', answeredAt: at } as const;
      return [entered(group, monthOf(at), entry)];
    }
    default:
      return [];
  }
};

export type CandidateList = {
  readonly group: GroupCode;
  readonly month: YearMonth;
  readonly candidates: readonly CandidateEntry[];
};

/** The grid leader's list of a month, in the order of the case numbers: every request with its answer, every proposal. */
export const getCandidateList = async (
  { store, house }: Pick<Dependencies, 'store' | 'house'>,
  actor: PersonActor,
  { group, month }: { readonly group: GroupCode; readonly month: YearMonth },
): Promise<Outcome<CandidateList>> => {
  if (!contains(house.district, group)) return refused('not-found');
  const hidden = accessRefusal(authorise(actor, 'candidate-list:read', { place: group }));
  if (hidden !== undefined) return hidden;
  const candidates: CandidateEntry[] = [];
  let after: string | undefined;
  do {
    const page = await store.query({
      pk: partition(group, month),
      limit: 500,
      ...(after === undefined ? {} : { after }),
    });
    candidates.push(...page.records.map(({ body }) => fromJson<CandidateEntry>(body)));
    after = page.next;
  } while (after !== undefined);
  return { value: { group, month, candidates } };
};
