import type { SealedText } from '../../domain/release/events.ts';
import type { Json, JsonObject } from '../../ports/record-store.ts';

const isSealed = (value: Json): value is SealedText & JsonObject =>
  typeof value === 'object' && value !== null && 'ref' in value && 'commitment' in value;

/** @returns the sealed texts that an event names, by the name of the field that holds each. */
export const sealedTextsIn = (data: JsonObject): readonly (readonly [string, SealedText])[] =>
  Object.entries(data).flatMap(([name, value]) => (isSealed(value) ? [[name, value] as const] : []));
