/** What may be told of a defect to whoever may not read the log: its name. Its message may quote what it choked on. */
export const errorNameOf = (thrown: unknown): string =>
  thrown instanceof Error && /^[\w.$-]{1,80}$/.test(thrown.name) ? thrown.name : 'Error';
