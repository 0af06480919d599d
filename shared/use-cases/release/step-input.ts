import type { HouseholdId } from '../../domain/access/identifiers.ts';
import type { StepDecision } from '../../domain/release/commands.ts';
import type { EvidenceRef, SealedText } from '../../domain/release/events.ts';
import type { NoticeId } from '../../domain/release/identifiers.ts';
import type { PersonalData } from '../../ledger/personal-data.ts';
import type { Ids } from '../../ports/ids.ts';
import type { RecordWrite } from '../../ports/record-store.ts';
import { householdScope } from '../registers/records.ts';

type Unsealed<Decision> = Decision extends unknown
  ? {
      readonly [Field in keyof Decision as Field extends 'noticeId'
        ? never
        : Field]: Decision[Field] extends SealedText ? string : Decision[Field];
    }
  : never;

/** What a person sends for one step, with the texts still in the clear. */
export type StepInput = Unsealed<StepDecision>;

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

/** The fields of an answer that are texts for people. */
const textFields = ['record', 'reasons', 'announcement'] as const;

/** The types of {@link StepInput} and of the decision differ by these fields alone. */
const sealedDecision = async (input: StepInput, seal: Sealer, ids: Ids): Promise<StepDecision> => {
  const texts: Record<string, SealedText> = {};
  for (const field of textFields) {
    const text = (input as Partial<Record<(typeof textFields)[number], string>>)[field];
    if (text !== undefined) texts[field] = await seal(text);
  }
  const posted = input.step === 'notice-posting' ? { noticeId: ids.newId() as NoticeId } : {};
  return { ...input, ...texts, ...posted } as StepDecision;
};

/** @returns what seals a text under the household's key, and the writes that keep what it sealed so far. */
export const sealerFor = (
  { personalData, ids }: { readonly personalData: PersonalData; readonly ids: Ids },
  householdId: HouseholdId,
): { readonly seal: Sealer; readonly writes: readonly RecordWrite[] } => {
  const writes: RecordWrite[] = [];
  const seal: Sealer = async (text) => {
    const ref = `text/${ids.newId()}`;
    const { write, commitment } = await personalData.seal(householdScope(householdId), ref, text);
    writes.push(write);
    return { ref, commitment };
  };
  return { seal, writes };
};

/**
 * Seals the texts of an answer under the household's key.
 * @returns the decision as the domain takes it, and the writes that keep the sealed texts.
 */
export const sealStep = async (
  deps: { readonly personalData: PersonalData; readonly ids: Ids },
  householdId: HouseholdId,
  input: StepInput,
): Promise<{ readonly decision: StepDecision; readonly writes: readonly RecordWrite[] }> => {
  const { seal, writes } = sealerFor(deps, householdId);
  return { decision: await sealedDecision(input, seal, deps.ids), writes };
};
