import * as z from 'zod/mini';

/** How many entries a page has unless asked otherwise, and at most. */
const pageSize = { usual: 50, most: 100 } as const;

const printable = /^[\x20-\x7e]{1,200}$/;

/** @returns the text by which a client asks for what follows `key`. */
export const cursorOf = (key: string): string =>
  btoa(key).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');

/** @returns the key that {@link cursorOf} was given; `undefined` for a text that it never made. */
export const keyOfCursor = (cursor: string): string | undefined => {
  try {
    const key = atob(cursor.replaceAll('-', '+').replaceAll('_', '/'));
    return printable.test(key) ? key : undefined;
  } catch {
    return undefined;
  }
};

export const cursor = z.string().check(
  z.regex(/^[A-Za-z0-9_-]{2,270}$/),
  z.refine((text) => keyOfCursor(text) !== undefined, { params: { code: 'cursor-invalid' } }),
  z.meta({ description: '翻页游标，取自上一页的 next (cursor from `next` of the page before)' }),
);

export const pageLimit = z
  ._default(z.pipe(z.string().check(z.regex(/^([1-9]\d?|100)$/)), z.transform(Number)), pageSize.usual)
  .check(
    z.meta({
      description: `每页条数，1–${pageSize.most}，默认 ${pageSize.usual} (entries per page)`,
      // Read from the text of a query; for a reader of the document it is a number.
      override: {
        type: 'integer',
        pattern: undefined,
        minimum: 1,
        maximum: pageSize.most,
        default: pageSize.usual,
      },
    }),
  );
