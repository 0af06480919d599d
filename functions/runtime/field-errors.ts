import type * as z from 'zod/mini';
import type { FieldError, FieldErrorCode } from '../../shared/contracts/problem.ts';

/** 中文说明, one for every code. */
const messages: Readonly<Record<FieldErrorCode, string>> = {
  'field-missing': '必填',
  'field-unknown': '未知字段',
  'type-wrong': '类型不符',
  'too-short': '内容过短或数量过少',
  'too-long': '内容过长或数量过多',
  'too-small': '数值过小',
  'too-big': '数值过大',
  'format-wrong': '格式不符',
  'value-not-allowed': '不在允许范围内',
  'character-not-allowed': '含有不允许的字符',
  'text-blank': '不得为空白',
  'cursor-invalid': '分页游标无效',
  'id-number-invalid': '身份证号码有误',
  'member-twice': '家庭成员重复',
  'head-not-a-member': '户主不在家庭成员之中',
  'code-length-wrong': '区划代码位数与岗位不符',
  'department-required': '须注明部门',
  'department-not-applicable': '该岗位不注明部门',
  'month-twice': '月份重复',
  'measure-twice': '帮扶措施重复',
  'case-twice': '案件重复',
  'departments-too-many': '牵头部门过多',
  'grid-member-twice': '网格员重复',
  'household-twice': '农户重复',
};

const isFieldErrorCode = (code: unknown): code is FieldErrorCode =>
  typeof code === 'string' && Object.hasOwn(messages, code);

/** An attacker's thousand unknown fields need not all be told. */
const errorsAtMost = 50;

const codeOf = (issue: z.core.$ZodIssue): FieldErrorCode => {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined ? 'field-missing' : 'type-wrong';
    case 'invalid_value':
      return issue.input === undefined ? 'field-missing' : 'value-not-allowed';
    case 'too_big':
      return issue.origin === 'string' || issue.origin === 'array' ? 'too-long' : 'too-big';
    case 'too_small':
      return issue.origin === 'string' || issue.origin === 'array' ? 'too-short' : 'too-small';
    case 'invalid_format':
    case 'invalid_key':
      return 'format-wrong';
    case 'unrecognized_keys':
      return 'field-unknown';
    case 'invalid_union':
    case 'invalid_element':
    case 'not_multiple_of':
      return 'value-not-allowed';
    case 'custom': {
      // The contract names what its own check found.
      const code: unknown = issue.params?.['code'];
      return isFieldErrorCode(code) ? code : 'value-not-allowed';
    }
    default:
      return issue satisfies never;
  }
};

/** @returns what one check found, by codes of ours (the library's texts are not ours to promise; an impossible id in the path is simply not found), {@link errorsAtMost} at most. */
export const fieldErrors = (
  place: FieldError['in'],
  issues: readonly z.core.$ZodIssue[],
): readonly FieldError[] =>
  issues
    .flatMap((issue) => {
      const fields =
        issue.code === 'unrecognized_keys' ? issue.keys.map((key) => [...issue.path, key]) : [issue.path];
      const code = codeOf(issue);
      return fields.map((field) => ({
        in: place,
        field: field.map(String).join('.'),
        code,
        message: messages[code],
      }));
    })
    .slice(0, errorsAtMost);
