import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import jsonata from 'jsonata';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import type { ZodMiniType } from 'zod/mini';
import { cityReportInput, districtMonth } from '../../workflows/city-report/signals.ts';
import { awaitStep, escalateStep } from '../../workflows/fragments/signals.ts';
import { monthlyFilingInput, townMonth } from '../../workflows/monthly-filing/signals.ts';
import { caseRound, releaseCaseInput } from '../../workflows/release-case/signals.ts';

/** What each workflow is started with; parsed, so that a sample cannot fall behind its contract. */
const inputs = {
  'release-case': releaseCaseInput.parse({ caseNumber: 'R-610302-2022-000123', round: 2, attempt: 3 }),
  'monthly-filing': monthlyFilingInput.parse({ town: '610302101', month: '2022-10', attempt: 1 }),
  'city-report': cityReportInput.parse({ district: '610302', month: '2022-10', attempt: 1 }),
};

const asked = {
  taskId: 'R-610302-2022-000123.r2.step',
  token: 'a-token',
  enteredAt: '2022-10-18T01:00:00.000Z',
  retry: 1,
};
const round = { caseNumber: 'R-610302-2022-000123', round: 2 };
const town = { town: '610302101', month: '2022-10' };
const golden: Readonly<Record<string, { readonly contract: ZodMiniType; readonly payload: object }>> = {
  'await-step': { contract: awaitStep, payload: asked },
  'escalate-step': { contract: escalateStep, payload: { taskId: asked.taskId } },
  'read-case-standing': { contract: caseRound, payload: round },
  'conclude-notice': { contract: caseRound, payload: round },
  'record-filing': { contract: caseRound, payload: round },
  'record-city-report': { contract: caseRound, payload: round },
  'read-filing-standing': { contract: townMonth, payload: town },
  'remind-town': { contract: townMonth, payload: town },
  'complete-filing': { contract: townMonth, payload: town },
  'read-city-report-standing': {
    contract: districtMonth,
    payload: { district: '610302', month: '2022-10' },
  },
};

const taskShape = z.looseObject({
  Type: z.literal('Task'),
  Arguments: z.strictObject({ FunctionName: z.string(), Payload: z.record(z.string(), z.string()) }),
});
type Task = z.infer<typeof taskShape>;

/** Every Task below a value, with the name of its state. */
const tasksIn = (value: unknown, name = ''): readonly (readonly [string, Task])[] => {
  const task = taskShape.safeParse(value);
  if (task.success) return [[name, task.data]];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([field, part]) => tasksIn(part, field));
};

/** A human step looks at the task of its own stage only, so the sample stands at that stage. */
const stageOf = (task: Task): string | undefined => /stage = '([^']+)'/.exec(JSON.stringify(task))?.[1];

const evaluated = async (task: Task, input: unknown): Promise<object> => {
  const states = {
    input: { stage: stageOf(task), tasks: [{ taskId: asked.taskId, wakeAt: '2022-10-20T00:00:00.000Z' }] },
    context: {
      Execution: { Input: input },
      State: { EnteredTime: asked.enteredAt, RetryCount: asked.retry },
      Task: { Token: asked.token },
    },
  };
  const entries: [string, unknown][] = [];
  for (const [field, template] of Object.entries(task.Arguments.Payload))
    entries.push([field, await jsonata(template.slice(2, -2)).evaluate({}, { states })]);
  return Object.fromEntries(entries);
};

describe.each(Object.entries(inputs))('%s asks every function as its contract says', (workflow, input) => {
  const path = join(import.meta.dirname, '..', '..', 'workflows', workflow, `${workflow}.asl.json`);
  const tasks = tasksIn(JSON.parse(readFileSync(path, 'utf8')));

  test.each(tasks)('%s', async (_state, task) => {
    const { contract, payload } = golden[task.Arguments.FunctionName] ?? {};
    const given = await evaluated(task, input);
    expect(given).toEqual(payload);
    expect(contract?.safeParse(given).success).toBe(true);
  });
});
