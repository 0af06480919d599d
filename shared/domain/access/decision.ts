/**
 * Why a command was refused. Codes are public and stable; a client may branch on them.
 * `field` names the part of the request that is wrong, dotted, as in `votes.inFavour`.
 */
export type Refusal<Code extends string> = {
  readonly code: Code;
  readonly field?: string;
  /** Codes, case numbers or dates that explain the refusal; never personal data. */
  readonly because?: readonly string[];
};

/** What `decide` answers: the facts to record, or why not. */
export type Decision<Event, Code extends string> =
  | { readonly events: readonly Event[] }
  | { readonly refusal: Refusal<Code> };

export const refuse = <Code extends string>(
  code: Code,
  more: Omit<Refusal<Code>, 'code'> = {},
): { readonly refusal: Refusal<Code> } => ({ refusal: { code, ...more } });

/** Proves to the compiler that a switch left nothing out. @throws if it is ever reached: that is a defect. */
export const unreachable = (impossible: never): never => {
  throw new Error(`unreachable: ${JSON.stringify(impossible)}`);
};
