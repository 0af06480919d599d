import type { PersonActor, RecordedActor } from '../../domain/access/actor.ts';
import { authorise } from '../../domain/access/authorise.ts';
import type { Instant } from '../../domain/calendar/instant.ts';
import type { CaseNumber } from '../../domain/release/identifiers.ts';
import type { ReleaseCase } from '../../domain/release/state.ts';
import type { ChainedEvent } from '../../ledger/hash-chain.ts';
import type { PersonalData, SealingScope } from '../../ledger/personal-data.ts';
import { BoxDoesNotOpen } from '../../ledger/sealing.ts';
import { readEvents } from '../../ledger/stream.ts';
import type { Json, JsonObject } from '../../ports/record-store.ts';
import type { Dependencies } from '../dependencies.ts';
import type { Outcome } from '../outcome.ts';
import { householdScope } from '../registers/records.ts';
import { resourceOf } from './case-stream.ts';
import { readCaseAs } from './read-case.ts';
import { sealedTextsIn } from './sealed-texts.ts';
import { isOfObjection, mayLearnWhoObjected } from './unknown-objector.ts';

/** One fact of the case as people read it. `texts` holds what was sealed, for those entitled to read it. */
export type TimelineEntry = {
  readonly seq: number;
  readonly at: Instant;
  readonly type: string;
  readonly actor: RecordedActor;
  readonly data: JsonObject;
  readonly texts: JsonObject;
};

export type CaseView = {
  readonly state: ReleaseCase;
  readonly version: number;
  readonly timeline: readonly TimelineEntry[];
};

/** The fact as this person reads it: without the sealed texts, and to the household itself without an objection's files. */
const shownOf = (actor: PersonActor, state: ReleaseCase, event: ChainedEvent): JsonObject => {
  const left = new Set(['opens', ...sealedTextsIn(event.data).map(([name]) => name)]);
  if (isOfObjection(event) && !mayLearnWhoObjected(actor, state)) left.add('evidence');
  return Object.fromEntries(Object.entries(event.data).filter(([name]) => !left.has(name)));
};

/** Who may read the texts: whoever may read the household, save that an objector stays unknown to the household itself. */
const mayReadTexts = (actor: PersonActor, state: ReleaseCase, event: ChainedEvent): boolean => {
  if (authorise(actor, 'household:read', resourceOf(state)) !== 'allowed') return false;
  return !isOfObjection(event) || mayLearnWhoObjected(actor, state);
};

/**
 * What was sealed under `ref`; `null` where nothing is left, or what is there does not open: one garbled text must not
 * close the whole case to everybody. The ledger check names it.
 */
const openText = async (personalData: PersonalData, scope: SealingScope, ref: string): Promise<Json> => {
  try {
    return (await personalData.open(scope, ref))?.value ?? null;
  } catch (error) {
    if (error instanceof BoxDoesNotOpen) return null;
    throw error;
  }
};

/** A case with its timeline: every fact in order, who stands behind it, and when. */
export const getReleaseCase = async (
  { store, personalData }: Pick<Dependencies, 'store' | 'personalData'>,
  actor: PersonActor,
  caseNumber: CaseNumber,
): Promise<Outcome<CaseView>> => {
  const found = await readCaseAs(store, actor, caseNumber, 'case:read');
  if ('refusal' in found) return found;
  const { state, version } = found.value;
  const scope = householdScope(state.householdId);
  const timeline: TimelineEntry[] = [];
  for (const event of await readEvents(store, caseNumber)) {
    const texts: Record<string, Json> = {};
    for (const [name, { ref }] of sealedTextsIn(event.data)) {
      if (!mayReadTexts(actor, state, event)) continue;
      texts[name] = await openText(personalData, scope, ref);
    }
    const { seq, at, type, actor: recorded } = event;
    timeline.push({ seq, at, type, actor: recorded, data: shownOf(actor, state, event), texts });
  }
  return { value: { state, version, timeline } };
};
