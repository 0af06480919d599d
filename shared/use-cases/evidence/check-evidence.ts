import type { EvidenceRef } from '../../domain/release/events.ts';
import type { CaseNumber } from '../../domain/release/identifiers.ts';
import type { Dependencies } from '../dependencies.ts';
import { refused, type UseCaseRefusal } from '../outcome.ts';
import { isAsSigned, readEvidenceRecord } from './records.ts';

/**
 * A decision can name only evidence of its own case that lies in the vault in the named version with the named hash,
 * which must be the hash, size and type that the upload was signed for.
 * @returns the refusal for the first file that does not hold; `undefined` when all do.
 */
export const checkEvidence = async (
  { store, vault }: Pick<Dependencies, 'store' | 'vault'>,
  caseNumber: CaseNumber,
  named: readonly { readonly field: string; readonly ref: EvidenceRef }[],
): Promise<{ readonly refusal: UseCaseRefusal } | undefined> => {
  for (const { field, ref } of named) {
    const record = await readEvidenceRecord(store, ref.evidenceId);
    if (record === undefined || record.caseNumber !== caseNumber)
      return refused('evidence-unknown', { field });
    const stored = await vault.inspect(record.key, ref.versionId);
    if (stored === undefined) return refused('evidence-not-present', { field });
    if (stored.sha256 !== ref.sha256 || !isAsSigned(record, stored))
      return refused('evidence-altered', { field });
  }
  return undefined;
};
