import jsonata from 'jsonata';
import { describe, expect, test } from 'vitest';
import { compileExpression } from '../../../local/workflow-runner/jsonata-expression.ts';
import type { Json } from '../../../shared/ports/record-store.ts';

const expressions = [
  '$states',
  '$states.input',
  '$states.input.stage',
  '$states.input.tasks',
  '$states.input.tasks.taskId',
  '$states.input.tasks[0]',
  '$states.input.tasks[]',
  '$states.input[stage = "notice"]',
  '$states.input^(stage)',
  '$states.input.*',
  '$states.input.(stage)',
  '$states.input.__proto__',
  '$states.input.length',
  '$sum.input',
  '$found.stage',
  "$states.input.stage = 'notice'",
  "$states.input.stage = 'filing'",
  "$states.input.missing = 'filing'",
  "$states.input.tasks = 'filing'",
  "'notice' = $states.input.stage",
  '$states.input.stage = $found.stage',
];

const inputs: readonly Json[] = [
  null,
  'notice',
  7,
  [],
  {},
  { stage: null },
  { stage: 'notice', tasks: [] },
  { stage: 'notice', tasks: ['filing'] },
  { stage: ['notice'], tasks: [{ taskId: 'a' }] },
  { stage: '', tasks: [{ taskId: 'a' }, { taskId: 'b' }] },
  { stage: 0, tasks: { taskId: null }, length: 3 },
  { stage: { notice: [[]] }, tasks: [[{ taskId: 'a' }]] },
  [{ stage: 'notice' }, { stage: 'filing' }],
];

describe('an expression that only names or compares', () => {
  test.each(expressions)('says what JSONata says: %s', async (source) => {
    const expression = compileExpression(source, 'Output', '$');
    for (const input of inputs) {
      const bindings = { found: { stage: 'notice' }, states: { input } };
      const said: unknown = await jsonata(source).evaluate(undefined, bindings);
      const answer = expression.evaluate(bindings);
      // Nothing, or a function: no value that a workflow may go on with.
      if (said === undefined || typeof said === 'function') await expect(answer).rejects.toThrow();
      else expect(JSON.stringify(await answer)).toBe(JSON.stringify(said));
    }
  });
});
