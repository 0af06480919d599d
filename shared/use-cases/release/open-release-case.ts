import type { PersonActor } from '../../domain/access/actor.ts';
import { authorise } from '../../domain/access/authorise.ts';
import { districtOf, type HouseholdId } from '../../domain/access/identifiers.ts';
import { monthOf } from '../../domain/calendar/legal-time.ts';
import { currentPolicy } from '../../domain/calendar/policy.ts';
import { decide } from '../../domain/release/decide.ts';
import { type CaseNumber, caseNumberOf } from '../../domain/release/identifiers.ts';
import type { ReleaseCase } from '../../domain/release/state.ts';
import { asJson } from '../../ledger/as-json.ts';
import { commit, type IdempotencyKey } from '../../ledger/commit.ts';
import { loadStream } from '../../ledger/stream.ts';
import type { RecordStore, RecordWrite } from '../../ports/record-store.ts';
import { actingAs } from '../acting-as.ts';
import type { Dependencies } from '../dependencies.ts';
import { answerWrite, earlierAnswer } from '../idempotently.ts';
import { accessRefusal, type Outcome, refused } from '../outcome.ts';
import { readFacts } from '../registers/put-household-facts.ts';
import { openCaseKey, readHousehold } from '../registers/records.ts';
import { appendToCase } from './append-to-case.ts';

export type OpenedCase = { readonly caseNumber: CaseNumber; readonly round: number };

/** The next case number of the year, and the write that takes it. */
const nextCaseNumber = async (
  store: RecordStore,
  household: { readonly group: Parameters<typeof districtOf>[0] },
  year: string,
): Promise<{ readonly caseNumber: CaseNumber; readonly write: RecordWrite }> => {
  const district = districtOf(household.group);
  const key = { pk: `COUNTER#R-${district}-${year}`, sk: 'NEXT' };
  const record = await store.get(key);
  const serial = record === undefined ? 1 : Number(record.body['next']);
  return {
    caseNumber: caseNumberOf(district, year, serial),
    write: {
      kind: 'put',
      key,
      body: { next: serial + 1 },
      expect: record === undefined ? 'absent' : { rev: record.rev },
    },
  };
};

type OpenDependencies = Pick<Dependencies, 'store' | 'backoff' | 'clock' | 'personalData'>;
type Door = 'report-candidate' | 'request-release';

/** Opens the case of a household through one of its two doors. */
const open = async (
  deps: OpenDependencies,
  actor: PersonActor,
  { householdId }: { readonly householdId: HouseholdId },
  idempotency: IdempotencyKey,
  door: Door,
): Promise<Outcome<OpenedCase>> => {
  const { store, clock, personalData } = deps;
  const first = await readHousehold(store, householdId);
  if (first === undefined) return refused('not-found', { field: 'householdId' });
  const action = door === 'report-candidate' ? 'case:open' : 'case:request';
  const hidden = accessRefusal(authorise(actor, action, { place: first.household.group, householdId }));
  if (hidden !== undefined) return { refusal: { ...hidden.refusal, field: 'householdId' } };
  return commit<Outcome<OpenedCase>>(deps, async () => {
    const earlier = await earlierAnswer<OpenedCase>(store, idempotency);
    if (earlier !== undefined) return { writes: [], answer: earlier };
    const found = await readHousehold(store, householdId);
    const pointer = await store.get(openCaseKey(householdId));
    const openCase = pointer?.body['caseNumber'];
    if (typeof openCase === 'string')
      return { writes: [], answer: refused('case-already-open', { because: [openCase] }) };
    const { household } = found ?? first;
    const now = clock.now();
    const { caseNumber, write } = await nextCaseNumber(store, household, monthOf(now).slice(0, 4));
    const { group, people, status } = household;
    const command = {
      type: door,
      caseNumber,
      householdId,
      group,
      people,
      monitored: status === 'monitored',
    } as const;
    const facts = await readFacts(personalData, householdId);
    const policyInForce = currentPolicy(now);
    const context = { now, actor, policyInForce, facts, failedMonthsBefore: 0 };
    const decision = decide(undefined, command, context);
    if ('refusal' in decision) return { writes: [], answer: decision };
    const loaded = await loadStream<ReleaseCase>(store, caseNumber);
    const { writes, state } = await appendToCase(deps, {
      loaded,
      events: decision.events,
      at: now,
      actor: actingAs(actor, action, { place: group, householdId }),
    });
    const value: OpenedCase = { caseNumber, round: state.round };
    return { writes: [...writes, write, answerWrite(idempotency, asJson(value))], answer: { value } };
  });
};

/**
 * The grid leader reports a household as a candidate for release 网格长上报; with it round 1 begins.
 * Refused while a case is open for the household, and when a release standard is known not to be met.
 */
export const openReleaseCase = (
  deps: OpenDependencies,
  actor: PersonActor,
  candidate: { readonly householdId: HouseholdId },
  idempotency: IdempotencyKey,
): Promise<Outcome<OpenedCase>> => open(deps, actor, candidate, idempotency, 'report-candidate');

/**
 * The household asks for its release 农户提, itself or through its grid or village; the grid leader's list of the month
 * must answer. Refused while a case is open for the household.
 */
export const requestRelease = (
  deps: OpenDependencies,
  actor: PersonActor,
  candidate: { readonly householdId: HouseholdId },
  idempotency: IdempotencyKey,
): Promise<Outcome<OpenedCase>> => open(deps, actor, candidate, idempotency, 'request-release');
