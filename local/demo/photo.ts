import { createHash } from 'node:crypto';
import { askFor, UnexpectedAnswer, type World } from './world.ts';

export type EvidenceRef = {
  readonly evidenceId: string;
  readonly versionId: string;
  readonly sha256: string;
};

/** A small PNG that differs from every other one, as a phone's photo would. */
const photo = (label: string): Buffer =>
  Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.from(`demo photo ${label}`, 'utf8')]);

const seenVersion = async (world: World, as: string, evidenceId: string): Promise<string | undefined> =>
  (await askFor<{ versionId?: string }>(world, `/v1/evidence/${evidenceId}`, { as })).versionId;

/** Uploads a photo by a signed link and @returns the reference that a decision names. */
export const uploadPhoto = async (
  world: World,
  as: string,
  caseNumber: string,
  label: string,
): Promise<EvidenceRef> => {
  const bytes = photo(`${caseNumber} ${label}`);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const { evidenceId, upload } = await askFor<{
    evidenceId: string;
    upload: { url: string; method: string; headers: Record<string, string> };
  }>(world, '/v1/evidence', {
    method: 'POST',
    as,
    key: `photo ${caseNumber} ${label}`,
    body: { caseNumber, contentType: 'image/png', size: bytes.length, sha256 },
  });
  const sent = await world.send(upload.url, {
    method: upload.method,
    headers: upload.headers,
    body: new Uint8Array(bytes),
  });
  if (!sent.ok) throw new UnexpectedAnswer(`upload of ${label}: ${sent.status} ${await sent.text()}`);
  // A store with versions names the one that it kept; of any other the house says which it sees.
  const versionId = sent.headers.get('x-amz-version-id') ?? (await seenVersion(world, as, evidenceId));
  if (versionId === undefined) throw new UnexpectedAnswer(`${label} did not arrive`);
  return { evidenceId, versionId, sha256 };
};
