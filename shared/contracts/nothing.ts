import * as z from 'zod/mini';

/** No path parameters, or no query: whatever is named is unknown. */
export const nothing = z.strictObject({});
