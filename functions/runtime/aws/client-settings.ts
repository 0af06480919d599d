/**
 * For every client of the SDK. A call that hangs is given up well before the function's own time is over, so that it
 * can be tried again; connections are kept from one invocation to the next.
 */
export const clientSettings = {
  maxAttempts: 5,
  requestHandler: { connectionTimeout: 1_000, requestTimeout: 4_000 },
} as const;
