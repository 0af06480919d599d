import type * as z from 'zod/mini';

/**
 * What one HTTP operation takes and gives; the handler's edge checks by it and the API document is built from it.
 * Its method, path and access stand in the manifest under the same name.
 */
export type OperationContract = {
  /** Chinese first: what it is for, as the API document says it. */
  readonly summary: { readonly zh: string; readonly en: string };
  readonly tag: string;
  readonly path: z.ZodMiniType;
  readonly query: z.ZodMiniType;
  /** Absent where nothing is sent: then a body must be empty, or `{}`. */
  readonly body?: z.ZodMiniType;
  readonly success: { readonly status: 200 | 201; readonly body: z.ZodMiniType };
};
