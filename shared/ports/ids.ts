/** The only source of chance. */
export type Ids = {
  /** A new ULID (26 characters, sorts by creation). */
  newId(): string;
  /** 32 random bytes as 64 hex digits, for draws that must be checkable afterwards. */
  newSeed(): string;
};
