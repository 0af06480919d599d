import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseStrictJson } from '../../../functions/runtime/strict-json.ts';
import type { Json } from '../../../shared/ports/record-store.ts';

const nested = (levels: number): string => `${'['.repeat(levels)}1${']'.repeat(levels)}`;

describe('strict JSON', () => {
  test.each([
    ['nothing', ''],
    ['half an object', '{"a":'],
    ['two values', '{} {}'],
    ['a comment', '{/* no */}'],
    ['a trailing comma', '[1,]'],
    ['single quotes', "{'a':1}"],
    ['a byte order mark', '\ufeff{}'],
    ['NaN', '{"a":NaN}'],
    ['a number that is infinite', '{"a":1e999}'],
    ['half a surrogate pair in a value', '{"a":"\\ud83d"}'],
    ['half a surrogate pair in a name', '{"\\ude00":1}'],
  ])('%s is malformed', (_what, text) => {
    expect(parseStrictJson(text)).toEqual({ refusal: 'json-malformed' });
  });

  test.each([
    ['__proto__', '{"__proto__":{"admin":true}}'],
    ['__proto__, written with escapes', '{"\\u005f_proto__":1}'],
    ['constructor, deep inside', '{"a":[{"b":{"constructor":1}}]}'],
    ['prototype', '{"prototype":null}'],
    ['a name twice', '{"a":1,"a":2}'],
    ['a name twice, once with escapes', '{"a":1,"\\u0061":2}'],
    ['a name twice, with an object between', '{"a":{"b":[1,{"c":2}]},"a":2}'],
    ['21 levels', nested(21)],
    ['a hundred thousand levels', nested(100_000)],
  ])('%s is not allowed', (_what, text) => {
    expect(parseStrictJson(text)).toEqual({ refusal: 'key-not-allowed' });
  });

  test.each([
    ['the same name in two objects', '[{"a":1},{"a":2},{"b":{"a":3}}]'],
    ['a forbidden name as a value', '{"a":"__proto__","b":["constructor"]}'],
    ['brackets, quotes and backslashes inside text', '{"a":"}]\\"{[\\\\","b":"\\\\"}'],
    ['20 levels', nested(20)],
    ['a whole pair of surrogates', '{"a":"\\ud83d\\ude00"}'],
    ['small and negative numbers', '[-0.5e-7,-12,0]'],
  ])('%s is allowed', (_what, text) => {
    expect(parseStrictJson(text)).toEqual({ value: JSON.parse(text) });
  });

  test('whatever JSON writes without such names is read back the same', () => {
    const names = fc.string({ unit: 'binary' }).filter((name) => name.isWellFormed() && name !== '__proto__');
    const { value } = fc.letrec<{ value: Json }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 4, withCrossShrink: true },
        fc.string({ unit: 'grapheme' }),
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        fc.boolean(),
        fc.constant(null),
        fc.array(tie('value'), { maxLength: 4 }),
        fc.dictionary(
          names.filter((name) => !['constructor', 'prototype'].includes(name)),
          tie('value'),
          { maxKeys: 4 },
        ),
      ),
    }));
    fc.assert(
      fc.property(value, fc.constantFrom(0, 2), (json, indent) => {
        const text = JSON.stringify(json, undefined, indent);
        expect(parseStrictJson(text)).toEqual({ value: JSON.parse(text) });
      }),
    );
  });

  test('whatever text comes, it is read or refused, and what JSON refuses is refused', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom(...'{}[]",:\\e1- \u2028') })),
        (text) => {
          const parsed = parseStrictJson(text);
          if ('value' in parsed) expect(parsed.value).toEqual(JSON.parse(text));
          else expect(['json-malformed', 'key-not-allowed']).toContain(parsed.refusal);
        },
      ),
    );
  });

  test('a body full of one long text takes no time', () => {
    const text = JSON.stringify({ a: `${'\\"'.repeat(16_000)}${'字'.repeat(10_000)}` });
    expect(parseStrictJson(text)).toEqual({ value: JSON.parse(text) });
  });
});
