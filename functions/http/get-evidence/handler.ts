import { getEvidenceContract } from '../../../shared/contracts/evidence.ts';
import type { Dependencies } from '../../../shared/use-cases/dependencies.ts';
import { getEvidence } from '../../../shared/use-cases/evidence/get-evidence.ts';
import { bearerHandler } from '../../runtime/http-edge.ts';
import type { LambdaHttpHandler } from '../../runtime/lambda.ts';

export const createHandler = (deps: Pick<Dependencies, 'store' | 'vault' | 'house'>): LambdaHttpHandler =>
  bearerHandler(getEvidenceContract, deps, async ({ actor, path }) => {
    const outcome = await getEvidence(deps, actor, path.evidenceId);
    if ('refusal' in outcome) return outcome;
    const { record, stored, altered } = outcome.value;
    const { evidenceId, caseNumber, contentType, size, sha256 } = record;
    const promised = { evidenceId, caseNumber, contentType, size, sha256 };
    if (altered) return { value: { ...promised, status: 'altered' as const } };
    if (stored === undefined) return { value: { ...promised, status: 'awaiting-upload' as const } };
    const { versionId, url, expiresAt } = stored;
    return { value: { ...promised, status: 'present' as const, versionId, download: { url, expiresAt } } };
  });
