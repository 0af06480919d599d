import type { PersonActor } from '../../domain/access/actor.ts';
import type { CaseNumber, EvidenceId } from '../../domain/release/identifiers.ts';
import { asJson } from '../../ledger/as-json.ts';
import { commit, type IdempotencyKey } from '../../ledger/commit.ts';
import type { SignedUpload } from '../../ports/evidence-vault.ts';
import type { Dependencies } from '../dependencies.ts';
import { answerWrite, earlierAnswer } from '../idempotently.ts';
import { type Outcome, refused } from '../outcome.ts';
import { roundPolicy } from '../release/case-stream.ts';
import { readCaseAs } from '../release/read-case.ts';
import { type EvidenceRecord, evidenceKey, readEvidenceRecord } from './records.ts';

export type UploadRequest = {
  readonly caseNumber: CaseNumber;
  readonly contentType: string;
  /** Bytes. */
  readonly size: number;
  /** 64 lower-case hex digits. */
  readonly sha256: string;
};

export type RequestedUpload = { readonly evidenceId: EvidenceId; readonly upload: SignedUpload };

/**
 * Signs one upload: one key, a few minutes, and size, type and hash fixed. Sending the request again with the same
 * `Idempotency-Key` names the same evidence and signs anew, since the first signature may have run out.
 */
export const requestUpload = async (
  deps: Pick<Dependencies, 'store' | 'backoff' | 'clock' | 'ids' | 'vault'>,
  actor: PersonActor,
  { caseNumber, contentType, size, sha256 }: UploadRequest,
  idempotency: IdempotencyKey,
): Promise<Outcome<RequestedUpload>> => {
  const { store, clock, ids, vault } = deps;
  const visible = await readCaseAs(store, actor, caseNumber, 'evidence:add');
  if ('refusal' in visible) return visible;
  const { evidence: rules } = roundPolicy(visible.value.state);
  if (!rules.contentTypes.includes(contentType)) {
    return refused('evidence-type-not-allowed', { field: 'contentType', because: rules.contentTypes });
  }
  if (size > rules.maxBytes)
    return refused('evidence-too-large', { field: 'size', because: [String(rules.maxBytes)] });
  const registered = await commit<Outcome<{ readonly evidenceId: EvidenceId }>>(deps, async () => {
    const earlier = await earlierAnswer<{ readonly evidenceId: EvidenceId }>(store, idempotency);
    if (earlier !== undefined) return { writes: [], answer: earlier };
    const evidenceId = ids.newId() as EvidenceId;
    const record: EvidenceRecord = {
      evidenceId,
      caseNumber,
      contentType,
      size,
      sha256,
      uploader: actor.personId,
      requestedAt: clock.now(),
      key: `evidence/${caseNumber}/${evidenceId}`,
    };
    return {
      writes: [
        { kind: 'put', key: evidenceKey(evidenceId), body: asJson(record), expect: 'absent' },
        answerWrite(idempotency, { evidenceId }),
      ],
      answer: { value: { evidenceId } },
    };
  });
  if ('refusal' in registered) return registered;
  const { evidenceId } = registered.value;
  const record = await readEvidenceRecord(store, evidenceId);
  if (record === undefined) throw new Error('an answered upload has no record');
  const upload = await vault.signUpload({
    key: record.key,
    contentType: record.contentType,
    size: record.size,
    sha256: record.sha256,
    expiresInSeconds: rules.uploadSeconds,
  });
  return { value: { evidenceId, upload } };
};
