import * as z from 'zod/mini';

/**
 * Characters that a reader does not see, or that change what is seen around them: controls, zero-width and
 * bidirectional ones and the rest of the format class (U+200B–U+200F, U+202A–U+202E, U+2060–U+206F, U+FEFF, …), line
 * and paragraph separators, fillers that look like spaces, halves of surrogate pairs, and code points that are no
 * characters. Rare characters of names stay allowed, those of the private use area among them.
 */
const hidden =
  /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Noncharacter_Code_Point}\u115f\u1160\u3164\uffa0]|\u034f|\u17b4|\u17b5/u;

/** What takes room or none but shows nothing: by itself it is no text. (After a Han character a selector picks its form.) */
const blank = /\s|\u2800|\p{Variation_Selector}/gu;

/** @returns whether every character of `value` can be seen, a line feed counting as seen where `lines` are allowed. */
const isVisible = (value: string, lines: boolean): boolean =>
  !hidden.test(lines ? value.replaceAll('\n', '') : value);

/** What is hidden is looked for first: trimming would take some of it away unseen. */
const text = (max: number, lines: boolean) =>
  z.string().check(
    z.normalize('NFC'),
    z.refine((value) => isVisible(value, lines), { params: { code: 'character-not-allowed' } }),
    z.trim(),
    z.refine((value) => value.replace(blank, '') !== '', { params: { code: 'text-blank' }, abort: true }),
    z.minLength(1),
    z.maxLength(max),
  );

/** One line for people to read, trimmed and in NFC, then 1 to `max` UTF-16 units; nothing hidden in it. */
export const line = (max: number) => text(max, false);

const personal = /(?<!\d)(\d{17}[\dXx]|1[3-9]\d{9})(?!\d)/;

/**
 * Like {@link line}, for a reference that is kept in the clear: an ID number or a mobile phone's, in whatever is around
 * it, is refused.
 */
export const reference = (max: number) =>
  line(max).check(z.refine((value) => !personal.test(value), { params: { code: 'value-not-allowed' } }));

/** Like {@link line}, and may run over several lines (line feeds only). */
export const paragraphs = (max: number) => text(max, true);
