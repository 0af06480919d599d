import * as z from 'zod/mini';

/** Why a part of a request was refused; `field` is dotted, as in `offices.0.division`. */
const fieldErrorCodes = [
  'field-missing',
  'field-unknown',
  'type-wrong',
  'too-short',
  'too-long',
  'too-small',
  'too-big',
  'format-wrong',
  'value-not-allowed',
  'character-not-allowed',
  'text-blank',
  'cursor-invalid',
  'id-number-invalid',
  'member-twice',
  'head-not-a-member',
  'code-length-wrong',
  'department-required',
  'department-not-applicable',
  'month-twice',
  'measure-twice',
  'case-twice',
  'departments-too-many',
  'grid-member-twice',
  'household-twice',
] as const;
export type FieldErrorCode = (typeof fieldErrorCodes)[number];

const fieldError = z.strictObject({
  in: z.enum(['path', 'query', 'body']),
  field: z.string(),
  code: z.enum(fieldErrorCodes),
  message: z.string(),
});
export type FieldError = z.infer<typeof fieldError>;

/** Every error leaves as this (RFC 9457), with a code that stays the same and a title for people. */
export const problem = z
  .strictObject({
    type: z.string().check(z.meta({ description: '问题类型 (`urn:shouxian:problem:<code>`)' })),
    title: z.string().check(z.meta({ description: '中文标题 (title in Chinese)' })),
    titleEn: z.string(),
    status: z.int().check(z.minimum(400), z.maximum(599)),
    code: z.string().check(z.meta({ description: '稳定的问题代码 (stable code)' })),
    field: z
      .exactOptional(z.string())
      .check(z.meta({ description: '出错的字段 (the part of the request that is wrong)' })),
    because: z
      .exactOptional(z.array(z.string()))
      .check(
        z.meta({ description: '原因：代码、案件号或日期 (codes, case numbers or dates that explain it)' }),
      ),
    errors: z
      .exactOptional(z.array(fieldError))
      .check(z.meta({ description: '逐项错误 (one entry per wrong field)' })),
    instance: z.string().check(z.meta({ description: '请求编号 (request id)' })),
  })
  .check(z.meta({ id: 'Problem', description: '问题说明 (problem document, RFC 9457)' }));
export type Problem = z.infer<typeof problem>;
