import type { JsonObject } from '../ports/record-store.ts';

/**
 * Plain data of the domain as the store takes it: members that are `undefined` fall away, everything else is JSON already.
 * The one place where domain types become JSON.
 */
export const asJson = (value: object): JsonObject => JSON.parse(JSON.stringify(value)) as JsonObject;

/**
 * What {@link asJson} wrote, read back. The store holds only what this code wrote in one transaction with a hash chain
 * over it, so the shape is trusted here; `verify-ledger` is what checks that trust.
 */
export const fromJson = <T>(value: JsonObject): T => value as T;
