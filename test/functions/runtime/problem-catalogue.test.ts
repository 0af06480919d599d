import { describe, expect, test } from 'vitest';
import { problemResult } from '../../../functions/runtime/problem.ts';
import { type ProblemCode, problemCatalogue } from '../../../functions/runtime/problem-catalogue.ts';
import { problem } from '../../../shared/contracts/problem.ts';

const codes = Object.keys(problemCatalogue) as ProblemCode[];

describe('the problem catalogue', () => {
  test.each(codes)('%s reads as a problem in Chinese and in English', (code) => {
    expect(code).toMatch(/^[a-z]+(-[a-z]+)*$/);
    const { status, title, titleEn } = problemCatalogue[code];
    expect(title).toMatch(/\p{Script=Han}/u);
    expect(titleEn).toMatch(/^[\x20-\x7e]+$/);
    const answered = problemResult(code, 'r-1');
    expect(answered.statusCode).toBe(status);
    expect(problem.parse(JSON.parse(answered.body ?? ''))).toMatchObject({ code, status, title, titleEn });
  });

  test('no two codes tell people the same, but for what is not there', () => {
    const told = codes.filter((code) => problemCatalogue[code].status !== 404);
    expect(new Set(told.map((code) => problemCatalogue[code].title)).size).toBe(told.length);
  });

  test('only a defect and a busy house are the fault of the house', () => {
    const ours = codes.filter((code) => problemCatalogue[code].status >= 500);
    expect(ours.toSorted()).toEqual(['internal-error', 'try-again']);
  });
});
