import * as z from 'zod/mini';
import { instant } from './codes.ts';
import { nothing } from './nothing.ts';
import type { OperationContract } from './operation.ts';

export const getHealthContract = {
  summary: { zh: '运行状况', en: 'Whether the house stands, its version, and what time it is there' },
  tag: '系统 System',
  path: nothing,
  query: nothing,
  success: {
    status: 200,
    body: z.strictObject({
      status: z.literal('ok'),
      version: z.string(),
      now: instant,
    }),
  },
} as const satisfies OperationContract;

export const getOpenapiContract = {
  summary: { zh: '本接口文档', en: 'This document' },
  tag: '系统 System',
  path: nothing,
  query: nothing,
  success: { status: 200, body: z.record(z.string(), z.unknown()) },
} as const satisfies OperationContract;
