import type { PersonId } from '../../domain/access/identifiers.ts';
import type { Instant } from '../../domain/calendar/instant.ts';
import type { CaseNumber, EvidenceId } from '../../domain/release/identifiers.ts';
import { fromJson } from '../../ledger/as-json.ts';
import type { StoredEvidence } from '../../ports/evidence-vault.ts';
import type { RecordKey, RecordStore } from '../../ports/record-store.ts';

/** What an upload was signed for. The file itself lies in the vault under `key`. */
export type EvidenceRecord = {
  readonly evidenceId: EvidenceId;
  readonly caseNumber: CaseNumber;
  readonly contentType: string;
  readonly size: number;
  readonly sha256: string;
  readonly uploader: PersonId;
  readonly requestedAt: Instant;
  readonly key: string;
};

/** Whether what lies in the vault is what the upload was signed for. */
export const isAsSigned = (
  record: Pick<EvidenceRecord, 'contentType' | 'size' | 'sha256'>,
  stored: StoredEvidence,
): boolean =>
  stored.sha256 === record.sha256 && stored.size === record.size && stored.contentType === record.contentType;

export const evidenceKey = (evidenceId: EvidenceId): RecordKey => ({
  pk: `EVIDENCE#${evidenceId}`,
  sk: 'META',
});

export const readEvidenceRecord = async (
  store: RecordStore,
  evidenceId: EvidenceId,
): Promise<EvidenceRecord | undefined> => {
  const record = await store.get(evidenceKey(evidenceId));
  return record === undefined ? undefined : fromJson<EvidenceRecord>(record.body);
};
