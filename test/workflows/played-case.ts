import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import * as z from 'zod';
import type { Json, JsonObject } from '../../shared/ports/record-store.ts';
import type { CaseStanding } from '../../workflows/release-case/signals.ts';
import { answers, type FunctionOfTheHouse, rehearse, theCase } from './runner/rehearsal.ts';

const asl: JsonObject = z
  .record(z.string(), z.json())
  .parse(
    JSON.parse(
      readFileSync(
        join(import.meta.dirname, '..', '..', 'workflows', 'release-case', 'release-case.asl.json'),
        'utf8',
      ),
    ),
  );

export const later = '2022-10-20T00:00:00.000Z';
export const standing = (
  stage: CaseStanding['stage'],
  tasks: readonly string[] = [],
  waitUntil: string | null = null,
): CaseStanding => ({ stage, tasks: tasks.map((taskId) => ({ taskId, wakeAt: later })), waitUntil });

const asked = z.looseObject({ taskId: z.string(), token: z.string() });
export const input = { caseNumber: 'R-610302-2022-000123', round: 1, attempt: 1 };

/** A case whose ledger answers what it is told to, and whose people answer by `decide`. */
export const play = (begins: CaseStanding, functions: Readonly<Record<string, FunctionOfTheHouse>> = {}) => {
  const waiting = new Map<string, string>();
  const awaitStep: FunctionOfTheHouse = (payload) => {
    const { taskId, token } = asked.parse(payload);
    waiting.set(taskId, token);
    return answers(null);
  };
  const rehearsal = rehearse(asl, {
    'read-case-standing': () => answers(begins),
    'await-step': awaitStep,
    ...functions,
  });
  return {
    ...rehearsal,
    waiting,
    start: () => rehearsal.start(input),
    decide: async (taskId: string, result: CaseStanding) => {
      const token = waiting.get(taskId) ?? '';
      expect(await rehearsal.runner.signals.succeed(token, result)).toBe('delivered');
      await rehearsal.runner.runReady();
    },
    status: () => rehearsal.runner.describe(theCase)?.status,
    now: () => rehearsal.runner.describe(theCase)?.states.map(({ name }) => name) ?? [],
  };
};

/** Answers one after the other, and null after the last. */
export const inTurn = (...given: readonly Json[]): FunctionOfTheHouse => {
  const left = [...given];
  return () => answers(left.shift() ?? null);
};
