import type { DistrictCode } from '../../domain/access/identifiers.ts';
import type { Instant } from '../../domain/calendar/instant.ts';
import type { RecordKey } from '../../ports/record-store.ts';

/** A change of the ledger that could not be carried to its workflow. It is named by its key: all that it was about stands in the store. */
export type DeadLetter = RecordKey & {
  readonly tries: number;
  readonly failedSince: Instant;
  readonly setAsideAt: Instant;
  /** Name of what was thrown at the last try before it was set aside. */
  readonly error: string;
};

export const deadLettersOf = (district: DistrictCode): string => `DEAD-LETTERS#${district}`;

/** @param deadLetterId a ULID: letters lie in the order in which they were set aside. */
export const deadLetterKey = (district: DistrictCode, deadLetterId: string): RecordKey => ({
  pk: deadLettersOf(district),
  sk: deadLetterId,
});
