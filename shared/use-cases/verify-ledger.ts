import type { PersonActor } from '../domain/access/actor.ts';
import { authorise } from '../domain/access/authorise.ts';
import type { TownCode } from '../domain/access/identifiers.ts';
import type { ReleaseCase } from '../domain/release/state.ts';
import { asJson, fromJson } from '../ledger/as-json.ts';
import { canonicalText } from '../ledger/canonical.ts';
import { type ChainedEvent, chainProblems } from '../ledger/hash-chain.ts';
import {
  loadStream,
  type Recorded,
  readEvents,
  type StreamDefinition,
  type StreamEvent,
} from '../ledger/stream.ts';
import type { JsonObject } from '../ports/record-store.ts';
import type { Dependencies } from './dependencies.ts';
import { cityReportStream } from './monthly/city-report-stream.ts';
import { filingStream } from './monthly/filing-stream.ts';
import { readCityReportAs } from './monthly/read-city-report.ts';
import { accessRefusal, type Outcome, refused } from './outcome.ts';
import { householdScope } from './registers/records.ts';
import { caseStream } from './release/case-stream.ts';
import { readCaseAs } from './release/read-case.ts';
import { sealedTextsIn } from './release/sealed-texts.ts';

export type LedgerCheck = {
  readonly streamId: string;
  readonly events: number;
  readonly head: string;
  readonly verified: boolean;
  /** Codes with the sequence number; empty when everything holds. */
  readonly problems: readonly string[];
};

/** Folds the events again. @returns the state as JSON, or `undefined` if they cannot be folded at all. */
const refold = <State extends object, Event extends StreamEvent>(
  { evolve }: StreamDefinition<State, Event>,
  events: readonly ChainedEvent[],
): JsonObject | undefined => {
  let state: State | undefined;
  try {
    for (const { type, data, at, actor } of events)
      state = evolve(state, { type, data, at, actor } as Recorded<StreamEvent> as Recorded<Event>);
  } catch {
    return undefined;
  }
  return state === undefined ? undefined : asJson(state);
};

const refoldStream = (streamId: string, events: readonly ChainedEvent[]): JsonObject | undefined => {
  if (streamId.startsWith('R-')) return refold(caseStream, events);
  if (streamId.startsWith('F-')) return refold(filingStream, events);
  return refold(cityReportStream, events);
};

const mayVerify = async (
  deps: Pick<Dependencies, 'store' | 'house'>,
  actor: PersonActor,
  streamId: string,
): Promise<Outcome<object>> => {
  if (streamId.startsWith('R-')) return readCaseAs(deps.store, actor, streamId, 'ledger:verify');
  if (streamId.startsWith('C-')) return readCityReportAs(deps, actor, streamId);
  const town = /^F-(\d{9})-\d{4}-\d{2}$/.exec(streamId)?.[1];
  if (town === undefined) return refused('not-found');
  return accessRefusal(authorise(actor, 'filing:read', { place: town as TownCode })) ?? { value: {} };
};

/** The texts that the events of a case commit to are sealed beside the chain: each is still there, and still the same. */
const textProblems = async (
  personalData: Dependencies['personalData'],
  { householdId }: Pick<ReleaseCase, 'householdId'>,
  events: readonly ChainedEvent[],
): Promise<string[]> => {
  const problems: string[] = [];
  for (const { seq, data } of events) {
    for (const [, { ref, commitment }] of sealedTextsIn(data)) {
      const found = await personalData.check(householdScope(householdId), ref, commitment);
      if (found !== 'holds') problems.push(`text-${found}:${seq}`);
    }
  }
  return problems;
};

/**
 * Anyone entitled to a stream can check it: every link of the hash chain, that the head is the last event, that the
 * state which decisions are made on is what the events say, and that every sealed text is the one that was committed to.
 */
export const verifyLedger = async (
  deps: Pick<Dependencies, 'store' | 'house' | 'personalData'>,
  actor: PersonActor,
  streamId: string,
): Promise<Outcome<LedgerCheck>> => {
  const entitled = await mayVerify(deps, actor, streamId);
  if ('refusal' in entitled) return entitled;
  // The state first: an event that is appended in between then only makes the chain longer than the state.
  const { version, head, state, lastAt } = await loadStream<JsonObject>(deps.store, streamId);
  if (state === undefined) return refused('not-found');
  const events = (await readEvents(deps.store, streamId)).slice(0, version);
  const problems = chainProblems(streamId, events);
  if (events.length !== version) problems.push(`events-missing:${events.length + 1}`);
  if (events.at(-1)?.hash !== head || events.at(-1)?.at !== lastAt) problems.push(`head-differs:${version}`);
  const folded = refoldStream(streamId, events);
  if (folded === undefined || canonicalText(folded) !== canonicalText(state))
    problems.push(`state-differs:${version}`);
  if (streamId.startsWith('R-'))
    problems.push(...(await textProblems(deps.personalData, fromJson<ReleaseCase>(state), events)));
  return { value: { streamId, events: events.length, head, verified: problems.length === 0, problems } };
};
