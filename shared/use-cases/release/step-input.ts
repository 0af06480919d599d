import { unreachable } from '../../domain/access/decision.ts';
import type { HouseholdId } from '../../domain/access/identifiers.ts';
import type { CivilDate } from '../../domain/calendar/instant.ts';
import type { StepDecision } from '../../domain/release/commands.ts';
import type { EvidenceRef, ObjectionFinding, SealedText } from '../../domain/release/events.ts';
import type { NoticeId } from '../../domain/release/identifiers.ts';
import type { PersonalData } from '../../ledger/personal-data.ts';
import type { Ids } from '../../ports/ids.ts';
import type { RecordWrite } from '../../ports/record-store.ts';
import { householdScope } from '../registers/records.ts';

/** What a person sends for one step, with the texts still in the clear. */
export type StepInput =
  | { readonly step: 'home-visit'; readonly evidence: readonly EvidenceRef[]; readonly record: string }
  | { readonly step: 'household-confirmation'; readonly evidence: readonly EvidenceRef[] }
  | {
      readonly step: 'appraisal';
      readonly heldOn: CivilDate;
      readonly attendance: { readonly eligible: number; readonly present: number };
      readonly votes: { readonly inFavour: number; readonly against: number; readonly abstained: number };
      readonly minutes: readonly EvidenceRef[];
    }
  | { readonly step: 'notice-posting'; readonly photo: EvidenceRef }
  | {
      readonly step: 'objection-investigation';
      readonly finding: ObjectionFinding;
      readonly evidence: readonly EvidenceRef[];
      readonly record: string;
    }
  | {
      readonly step: 'objection-decision';
      readonly outcome: 'dismissed' | 'upheld';
      readonly reasons: string;
    }
  | {
      readonly step: 'objection-follow-up';
      readonly outcome: 'start-next-round' | 'close-case';
      readonly record: string;
    }
  | { readonly step: 'town-verification'; readonly evidence: readonly EvidenceRef[] }
  | { readonly step: 'filing-confirmation' }
  | { readonly step: 'department-comparison'; readonly record: string }
  | { readonly step: 'spot-check'; readonly evidence: readonly EvidenceRef[]; readonly record: string }
  | { readonly step: 'announcement'; readonly announcement: string }
  | { readonly step: 'leadership-filing'; readonly receipt: string }
  | { readonly step: 'system-marking'; readonly outsideReference: string };

/** @returns every file that the answer names, with the field that names it. */
export const evidenceNamedIn = (
  input: StepInput,
): readonly { readonly field: string; readonly ref: EvidenceRef }[] => {
  if (input.step === 'notice-posting') return [{ field: 'photo', ref: input.photo }];
  const [field, refs] =
    'minutes' in input ? ['minutes', input.minutes] : ['evidence', 'evidence' in input ? input.evidence : []];
  return refs.map((ref, index) => ({ field: `${field}.${index}`, ref }));
};

type Sealer = (text: string) => Promise<SealedText>;

const sealedDecision = async (input: StepInput, seal: Sealer, ids: Ids): Promise<StepDecision> => {
  switch (input.step) {
    case 'home-visit':
    case 'objection-investigation':
    case 'objection-follow-up':
    case 'department-comparison':
    case 'spot-check':
      return { ...input, record: await seal(input.record) };
    case 'objection-decision':
      return { ...input, reasons: await seal(input.reasons) };
    case 'announcement':
      return { ...input, announcement: await seal(input.announcement) };
    case 'notice-posting':
      return { ...input, noticeId: ids.newId() as NoticeId };
    case 'household-confirmation':
    case 'appraisal':
    case 'town-verification':
    case 'filing-confirmation':
    case 'leadership-filing':
    case 'system-marking':
      return input;
    default:
      return unreachable(input);
  }
};

/**
 * Seals the texts of an answer under the household's key.
 * @returns the decision as the domain takes it, and the writes that keep the sealed texts.
 */
export const sealStep = async (
  { personalData, ids }: { readonly personalData: PersonalData; readonly ids: Ids },
  householdId: HouseholdId,
  input: StepInput,
): Promise<{ readonly decision: StepDecision; readonly writes: readonly RecordWrite[] }> => {
  const writes: RecordWrite[] = [];
  const seal: Sealer = async (text) => {
    const ref = `text/${ids.newId()}`;
    const { write, commitment } = await personalData.seal(householdScope(householdId), ref, text);
    writes.push(write);
    return { ref, commitment };
  };
  return { decision: await sealedDecision(input, seal, ids), writes };
};
