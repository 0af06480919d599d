import * as z from 'zod/mini';
import { caseNumber, evidenceId, instant, sha256 } from './codes.ts';
import { nothing } from './nothing.ts';
import type { OperationContract } from './operation.ts';

/** One version of one uploaded file, as a decision names it. */
export const evidenceRef = z
  .strictObject({
    evidenceId,
    versionId: z
      .string()
      .check(z.regex(/^[\x21-\x7e]{1,1024}$/), z.meta({ description: '材料版本 (version that was seen)' })),
    sha256,
  })
  .check(z.meta({ id: 'EvidenceRef', description: '佐证材料的一个版本 (one version of one uploaded file)' }));

const contentType = z
  .string()
  .check(z.regex(/^[a-z]+\/[a-z0-9.+-]+$/), z.maxLength(100), z.meta({ examples: ['image/jpeg'] }));
const size = z.int().check(z.minimum(1), z.maximum(5_000_000_000), z.meta({ description: '字节数 (bytes)' }));

export const requestUploadContract = {
  summary: { zh: '申请上传佐证材料', en: 'Sign one upload: size, type and hash are fixed by the signature' },
  tag: '佐证材料 Evidence',
  path: nothing,
  query: nothing,
  body: z.strictObject({ caseNumber, contentType, size, sha256 }),
  success: {
    status: 201,
    body: z.strictObject({
      evidenceId,
      upload: z.strictObject({
        method: z.literal('PUT'),
        url: z.string(),
        headers: z
          .record(z.string(), z.string())
          .check(z.meta({ description: '须原样发送 (to be sent exactly as given)' })),
        expiresAt: instant,
      }),
    }),
  },
} as const satisfies OperationContract;

export const getEvidenceContract = {
  summary: {
    zh: '查看佐证材料',
    en: 'What was uploaded, the version that a decision names, and a link to look at it',
  },
  tag: '佐证材料 Evidence',
  path: z.strictObject({ evidenceId }),
  query: nothing,
  success: {
    status: 200,
    body: z.strictObject({
      evidenceId,
      caseNumber,
      contentType: z.string(),
      size: z.int(),
      sha256,
      status: z.enum(['awaiting-upload', 'present', 'altered']).check(
        z.meta({
          description: '未上传、已存、与登记不一致 (awaiting upload, present, not what was signed for)',
        }),
      ),
      versionId: z.exactOptional(z.string()),
      download: z.exactOptional(z.strictObject({ url: z.string(), expiresAt: instant })),
    }),
  },
} as const satisfies OperationContract;
