import type * as z from 'zod';

/** Where in the request the field lies. */
export type FieldPlace = 'path' | 'query' | 'body';

/** What is wrong with one field. Codes are ours and stable, whatever library checks. */
export type FieldError = {
  readonly in: FieldPlace;
  /** Dotted, as in `votes.inFavour` or `items.0.size`; empty for the whole. */
  readonly field: string;
  readonly code: string;
  /** 中文说明. */
  readonly message: string;
};

const messages = {
  missing: '必填',
  'wrong-type': '类型不符',
  'unknown-field': '未知字段',
  'not-a-choice': '不在可选范围内',
  'wrong-format': '格式不符',
  'too-long': '内容过长',
  'too-short': '内容过短',
  'too-many': '数量过多',
  'too-few': '数量过少',
  'too-large': '数值过大',
  'too-small': '数值过小',
  'not-a-multiple': '数值不符合步长',
  'no-alternative-fits': '不符合任何一种形式',
  'not-allowed': '不符合要求',
} as const;
type GeneralCode = keyof typeof messages;

/** A contract names a code of its own as the message of a check: `z.string().regex(…, 'division-code-malformed')`. */
const ownCode = /^[a-z][a-z0-9]*(-[a-z0-9]+)+$/;

/** An attacker's thousand unknown fields need not all be told. */
const errorsAtMost = 50;

const bySize = (issue: { readonly origin: string }, tooMuch: boolean): GeneralCode => {
  if (issue.origin === 'string') return tooMuch ? 'too-long' : 'too-short';
  if (issue.origin === 'array' || issue.origin === 'set' || issue.origin === 'map')
    return tooMuch ? 'too-many' : 'too-few';
  return tooMuch ? 'too-large' : 'too-small';
};

const generalCode = (issue: z.core.$ZodIssue): GeneralCode => {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined ? 'missing' : 'wrong-type';
    case 'invalid_value':
      return issue.input === undefined ? 'missing' : 'not-a-choice';
    case 'too_big':
      return bySize(issue, true);
    case 'too_small':
      return bySize(issue, false);
    case 'invalid_format':
      return 'wrong-format';
    case 'not_multiple_of':
      return 'not-a-multiple';
    case 'invalid_union':
      return issue.discriminator === undefined ? 'no-alternative-fits' : 'not-a-choice';
    case 'unrecognized_keys':
      return 'unknown-field';
    case 'invalid_key':
    case 'invalid_element':
    case 'custom':
      return 'not-allowed';
    default:
      return issue satisfies never;
  }
};

/** @returns the issues of one check as field errors, {@link errorsAtMost} at most. */
export const fieldErrors = (place: FieldPlace, issues: readonly z.core.$ZodIssue[]): readonly FieldError[] =>
  issues
    .flatMap((issue): FieldError[] => {
      const at = issue.path.map(String);
      const code = generalCode(issue);
      if (issue.code === 'unrecognized_keys') {
        return issue.keys.map((key) => ({
          in: place,
          field: [...at, key].join('.'),
          code,
          message: messages[code],
        }));
      }
      const named = ownCode.test(issue.message) ? issue.message : code;
      return [{ in: place, field: at.join('.'), code: named, message: messages[code] }];
    })
    .slice(0, errorsAtMost);
