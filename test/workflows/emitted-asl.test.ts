import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import validate from 'asl-validator';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { loadDefinition } from '../../local/workflow-runner/load-definition.ts';
import { aslText } from '../../workflows/asl-document.ts';
import { lintAsl } from '../../workflows/asl-lint.ts';
import { districtMonth } from '../../workflows/city-report/signals.ts';
import { awaitStep, escalateStep } from '../../workflows/fragments/signals.ts';
import { townMonth } from '../../workflows/monthly-filing/signals.ts';
import { caseRound } from '../../workflows/release-case/signals.ts';
import { type StateMachineName, stateMachines } from '../../workflows/state-machines.ts';

const names = Object.keys(stateMachines) as StateMachineName[];
const root = join(import.meta.dirname, '..', '..');
const committed = (name: StateMachineName): string =>
  readFileSync(join(root, 'workflows', name, `${name}.asl.json`), 'utf8');

/** What each function is asked with. */
const payloads: Readonly<Record<string, z.core.$ZodObject>> = {
  'await-step': awaitStep,
  'escalate-step': escalateStep,
  'read-case-standing': caseRound,
  'conclude-notice': caseRound,
  'record-filing': caseRound,
  'record-city-report': caseRound,
  'read-filing-standing': townMonth,
  'remind-town': townMonth,
  'complete-filing': townMonth,
  'read-city-report-standing': districtMonth,
};

const taskShape = z.looseObject({
  Type: z.literal('Task'),
  Arguments: z.strictObject({ FunctionName: z.string(), Payload: z.record(z.string(), z.string()) }),
});
type Task = z.infer<typeof taskShape>;
const tasksIn = (value: unknown): readonly Task[] => {
  const task = taskShape.safeParse(value);
  if (task.success) return [task.data];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(tasksIn) : [];
};

describe.each(names)('%s', (name) => {
  const document: unknown = JSON.parse(committed(name));

  test('the committed definition is the one that the CDK builds (else: npm run asl)', () => {
    expect(committed(name)).toBe(aslText(name));
  });

  test('asl-validator accepts it', () => {
    expect(validate(document)).toMatchObject({ isValid: true, errors: [] });
  });

  test('our own lint accepts it', () => {
    expect(lintAsl(document)).toEqual([]);
  });

  test('the embedded runner does everything that it asks for', () => {
    expect(() => loadDefinition(JSON.parse(committed(name)))).not.toThrow();
  });

  test('every function is asked with exactly the fields of its contract', () => {
    const asked = tasksIn(document).map(({ Arguments: { FunctionName, Payload } }) => ({
      FunctionName,
      fields: Object.keys(Payload).toSorted(),
    }));
    expect(asked.length).toBeGreaterThan(1);
    for (const { FunctionName, fields } of asked)
      expect({ FunctionName, fields }).toEqual({
        FunctionName,
        fields: Object.keys(payloads[FunctionName]?._zod.def.shape ?? {}).toSorted(),
      });
  });
});

test('every function that workflows may call is called by one', () => {
  const called = names.flatMap((name) =>
    tasksIn(JSON.parse(committed(name))).map((task) => task.Arguments.FunctionName),
  );
  expect([...new Set(called)].toSorted()).toEqual(Object.keys(payloads).toSorted());
});
