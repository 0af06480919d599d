import { expect, test } from 'vitest';
import { createRunnerExecutions } from '../../../local/workflow-runner/executions.ts';
import { couldNotBeCarriedOut } from '../../../workflows/fragments/signals.ts';
import { beginning, machine, rehearse, theCase } from './rehearsal.ts';

const waiting = machine({ Wait: { Type: 'Wait', Seconds: 60, End: true } });
const failing = machine({
  Fail: { Type: 'Fail', Error: 'TypeError', Cause: `AwaitHomeVisit${couldNotBeCarriedOut}` },
});

test('one that runs is named and described', async () => {
  const rehearsal = rehearse(waiting);
  const executions = createRunnerExecutions(rehearsal.runner);
  expect(await executions.describe(theCase)).toBeUndefined();
  expect(await executions.namesRunning('release-case')).toEqual(new Set());
  await rehearsal.start({ name: '张三' });
  expect(await executions.describe(theCase)).toEqual({ status: 'running', startedAt: beginning });
  expect(await executions.namesRunning('release-case')).toEqual(new Set([theCase.name]));
  expect(await executions.namesRunning('city-report')).toEqual(new Set());
});

test('one that failed tells the name of its error and the state, as on Step Functions', async () => {
  const rehearsal = rehearse(failing);
  const executions = createRunnerExecutions(rehearsal.runner);
  await rehearsal.start({ name: '张三' });
  expect(await executions.describe(theCase)).toEqual({
    status: 'failed',
    startedAt: beginning,
    stoppedAt: beginning,
    error: 'TypeError',
    failedState: 'AwaitHomeVisit',
  });
  expect(await executions.namesRunning('release-case')).toEqual(new Set());
});

test('every name that runs is found, however many there are', async () => {
  const { runner } = rehearse(waiting);
  const names = Array.from({ length: 1_001 }, (_, index) => `R-610302-2022-000001-r1-a${index + 1}`);
  for (const name of names) await runner.signals.start({ workflow: 'release-case', name }, {});
  expect(await createRunnerExecutions(runner).namesRunning('release-case')).toEqual(new Set(names));
});
