import type { PersonActor } from '../../domain/access/actor.ts';
import type { Instant } from '../../domain/calendar/instant.ts';
import type { EvidenceId } from '../../domain/release/identifiers.ts';
import type { ReleaseCase } from '../../domain/release/state.ts';
import { readEvents } from '../../ledger/stream.ts';
import type { RecordStore } from '../../ports/record-store.ts';
import type { Dependencies } from '../dependencies.ts';
import { type Outcome, refused } from '../outcome.ts';
import { readCaseAs } from '../release/read-case.ts';
import { isNamedBesideObjections, mayLearnWhoObjected } from '../release/unknown-objector.ts';
import { type EvidenceRecord, isAsSigned, readEvidenceRecord } from './records.ts';

export type EvidenceView = {
  readonly record: Omit<EvidenceRecord, 'key'>;
  /** Absent until the file has arrived. The newest version; a decision names the one that it saw. */
  readonly stored?: { readonly versionId: string; readonly url: string; readonly expiresAt: Instant };
  /** What lies in the vault is not what the upload was signed for: nobody is sent there. */
  readonly altered?: true;
};

const downloadSeconds = 300;

/**
 * To the household itself: what it uploaded, and what the case rests on. A file that no fact names yet may have been
 * gathered for an objection, and is not there either.
 */
const isShownTo = async (
  store: RecordStore,
  actor: PersonActor,
  state: ReleaseCase,
  { evidenceId, uploader }: EvidenceRecord,
): Promise<boolean> =>
  mayLearnWhoObjected(actor, state) ||
  uploader === actor.personId ||
  isNamedBesideObjections(await readEvents(store, state.caseNumber), evidenceId);

/** What was uploaded, with the version that a decision must name and a link to look at it. */
export const getEvidence = async (
  { store, vault }: Pick<Dependencies, 'store' | 'vault'>,
  actor: PersonActor,
  evidenceId: EvidenceId,
): Promise<Outcome<EvidenceView>> => {
  const found = await readEvidenceRecord(store, evidenceId);
  if (found === undefined) return refused('not-found');
  const visible = await readCaseAs(store, actor, found.caseNumber, 'evidence:read');
  if ('refusal' in visible) return visible;
  if (!(await isShownTo(store, actor, visible.value.state, found))) return refused('not-found');
  const { key, ...record } = found;
  const stored = await vault.inspect(key);
  if (stored === undefined) return { value: { record } };
  if (!isAsSigned(record, stored)) return { value: { record, altered: true } };
  const { url, expiresAt } = await vault.signDownload(key, stored.versionId, downloadSeconds);
  return { value: { record, stored: { versionId: stored.versionId, url, expiresAt } } };
};
