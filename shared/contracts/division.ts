import * as z from 'zod/mini';
import { divisionCode } from './codes.ts';
import { nothing } from './nothing.ts';
import type { OperationContract } from './operation.ts';
import { line } from './text.ts';

export const putDivisionContract = {
  summary: { zh: '登记区划', en: 'Register or rename a division' },
  tag: '登记 Registers',
  path: z.strictObject({ divisionCode }),
  query: nothing,
  body: z.strictObject({ name: line(60) }),
  success: { status: 200, body: z.strictObject({ divisionCode, name: z.string() }) },
} as const satisfies OperationContract;
