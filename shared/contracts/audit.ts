import * as z from 'zod/mini';
import { sha256, streamId } from './codes.ts';
import { nothing } from './nothing.ts';
import type { OperationContract } from './operation.ts';

export const verifyLedgerContract = {
  summary: {
    zh: '核验台账',
    en: 'Check every link of a hash chain, the state and the open tasks against the events, and the sealed texts against their commitments',
  },
  tag: '审计 Audit',
  path: z.strictObject({ streamId }),
  query: nothing,
  success: {
    status: 200,
    body: z.strictObject({
      streamId,
      events: z.int().check(z.minimum(1)),
      head: sha256,
      verified: z.boolean(),
      problems: z
        .array(z.string())
        .check(z.meta({ description: '问题代码与序号 (codes with the sequence number)' })),
    }),
  },
} as const satisfies OperationContract;
