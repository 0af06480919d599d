import type { PersonActor } from '../domain/access/actor.ts';
import { authorise } from '../domain/access/authorise.ts';
import type { TownCode } from '../domain/access/identifiers.ts';
import type { ReleaseCase } from '../domain/release/state.ts';
import { asJson, fromJson } from '../ledger/as-json.ts';
import { canonicalText } from '../ledger/canonical.ts';
import { type ChainedEvent, chainProblems } from '../ledger/hash-chain.ts';
import type { Recorded, StreamDefinition, StreamEvent } from '../ledger/stream.ts';
import { readWholeStream, type WholeStream } from '../ledger/whole-stream.ts';
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

/** The ids that the state holds open; `undefined` if what stands there is no state of ours. */
const heldOpen = <State extends object, Event extends StreamEvent>(
  { tasksOf }: StreamDefinition<State, Event>,
  state: JsonObject,
): readonly string[] | undefined => {
  try {
    return tasksOf(fromJson<State>(state)).map(({ taskId }) => taskId);
  } catch {
    return undefined;
  }
};

/** A stream without what lies behind its state. */
type Checked = WholeStream & { readonly state: JsonObject };

/** Whether the state is what its events say, and the tasks that people and workflows wait for are those of the state. */
const stateProblems = <State extends object, Event extends StreamEvent>(
  definition: StreamDefinition<State, Event>,
  { version, state, events, openTasks }: Checked,
): string[] => {
  const problems: string[] = [];
  const folded = refold(definition, events);
  if (folded === undefined || canonicalText(folded) !== canonicalText(state))
    problems.push(`state-differs:${version}`);
  const held = heldOpen(definition, state);
  if (held === undefined || canonicalText(held.toSorted()) !== canonicalText(openTasks.toSorted()))
    problems.push(`task-differs:${version}`);
  return problems;
};

const stateProblemsOf = (streamId: string, checked: Checked): string[] => {
  if (streamId.startsWith('R-')) return stateProblems(caseStream, checked);
  if (streamId.startsWith('F-')) return stateProblems(filingStream, checked);
  return stateProblems(cityReportStream, checked);
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
 * Anyone entitled to a stream can check it: every link of the hash chain, that the head is the last event and no event
 * lies behind it, that the state which decisions are made on is what the events say and its tasks are those that are
 * open, and that every sealed text is the one that was committed to.
 */
export const verifyLedger = async (
  deps: Pick<Dependencies, 'store' | 'house' | 'personalData'>,
  actor: PersonActor,
  streamId: string,
): Promise<Outcome<LedgerCheck>> => {
  const entitled = await mayVerify(deps, actor, streamId);
  if ('refusal' in entitled) return entitled;
  const whole = await readWholeStream(deps.store, streamId);
  const { version, head, state, lastAt } = whole;
  if (state === undefined) return refused('not-found');
  const events = whole.events.slice(0, version);
  const problems = chainProblems(streamId, events);
  if (events.length !== version) problems.push(`events-missing:${events.length + 1}`);
  // The state was put back to an earlier one, or somebody wrote an event without it.
  if (whole.events.length > version) problems.push(`events-beyond-state:${version + 1}`);
  if (events.at(-1)?.hash !== head || events.at(-1)?.at !== lastAt) problems.push(`head-differs:${version}`);
  problems.push(...stateProblemsOf(streamId, { ...whole, state, events }));
  if (streamId.startsWith('R-'))
    problems.push(...(await textProblems(deps.personalData, fromJson<ReleaseCase>(state), events)));
  return { value: { streamId, events: events.length, head, verified: problems.length === 0, problems } };
};
