import { describe, expect, test } from 'vitest';
import { createWorkflowRunner } from '../../../local/workflow-runner/runner.ts';
import type { JsonObject } from '../../../shared/ports/record-store.ts';
import {
  answers,
  at,
  awaitPerson,
  breaks,
  countingIds,
  type FunctionOfTheHouse,
  invoke,
  machine,
  rehearse,
  theCase,
  tokenKeeper,
} from './rehearsal.ts';

const endOf = ({ runner }: ReturnType<typeof rehearse>) => runner.describe(theCase);

describe('calling a function', () => {
  test('gives it the payload, and gives its answer to Output, Assign and the next state', async () => {
    const asl = machine({
      Read: invoke(
        'task/read-stage',
        { case: '{% $states.input.case %}', fixed: [1] },
        {
          Assign: { stage: '{% $states.result.Payload.stage %}' },
          Output: '{% $states.result.StatusCode %}',
          Next: 'Show',
        },
      ),
      Show: { Type: 'Pass', Output: ['{% $stage %}', '{% $states.input %}'], End: true },
    });
    const rehearsal = rehearse(asl, { 'task/read-stage': () => answers({ stage: 'notice' }) });
    await rehearsal.start({ case: 'R-1' });
    expect(rehearsal.calls).toEqual([{ name: 'task/read-stage', payload: { case: 'R-1', fixed: [1] } }]);
    expect(endOf(rehearsal)?.output).toEqual(['notice', 200]);
  });

  test('without an Output the state gives the whole answer of the invocation', async () => {
    const rehearsal = rehearse(machine({ T: invoke('f', {}, { End: true }) }), { f: () => answers([1]) });
    await rehearsal.start();
    expect(endOf(rehearsal)?.output).toEqual({ ExecutedVersion: '$LATEST', Payload: [1], StatusCode: 200 });
    expect(rehearsal.events()).toEqual([
      'ExecutionStarted',
      'TaskStateEntered',
      'TaskScheduled',
      'TaskStarted',
      'TaskSucceeded',
      'TaskStateExited',
      'ExecutionSucceeded',
    ]);
  });

  test('an error has the name that the function gave it, and the cause that Lambda writes', async () => {
    const rehearsal = rehearse(machine({ T: invoke('f', {}, { End: true }) }), {
      f: () => breaks('RoundSuperseded'),
    });
    await rehearsal.start();
    expect(endOf(rehearsal)).toMatchObject({
      status: 'failed',
      error: 'RoundSuperseded',
      cause: '{"errorType":"RoundSuperseded","errorMessage":"on purpose"}',
    });
  });

  test('a function that breaks unforeseen does not tell its message to the history', async () => {
    const secret: FunctionOfTheHouse = () => {
      throw new TypeError('610302199001011234');
    };
    const rehearsal = rehearse(machine({ T: invoke('f', {}, { End: true }) }), { f: secret });
    await rehearsal.start();
    expect(endOf(rehearsal)?.error).toBe('Lambda.Unknown');
    expect(JSON.stringify(rehearsal.runner.history(theCase))).not.toContain('6103021990');
  });
});

describe('Retry', () => {
  const retrying = (retry: JsonObject, more: JsonObject = {}) =>
    machine({
      T: invoke('f', '{% $states.context.State.RetryCount %}', {
        Retry: [retry],
        Output: '{% $states.result.Payload %}',
        End: true,
        ...more,
      }),
    });
  const failing = (times: number): FunctionOfTheHouse => {
    let left = times;
    return (payload) => {
      left -= 1;
      return left < 0 ? answers(payload) : breaks('Busy');
    };
  };

  test('waits longer each time, and counts', async () => {
    const asl = retrying({ ErrorEquals: ['Busy'], IntervalSeconds: 2, BackoffRate: 3, MaxAttempts: 3 });
    const rehearsal = rehearse(asl, { f: failing(3) });
    await rehearsal.start();
    const due: unknown[] = [];
    for (let next = rehearsal.runner.nextDueAt(); next !== undefined; next = rehearsal.runner.nextDueAt()) {
      due.push(next);
      await rehearsal.passTo(next);
    }
    expect(due).toEqual(['2022-09-28T01:00:02.000Z', '2022-09-28T01:00:08.000Z', '2022-09-28T01:00:26.000Z']);
    expect(endOf(rehearsal)).toMatchObject({ status: 'succeeded', output: 3 });
  });

  test('gives up after MaxAttempts, and MaxDelaySeconds bounds the wait', async () => {
    const asl = retrying({
      ErrorEquals: ['States.ALL'],
      IntervalSeconds: 10,
      BackoffRate: 10,
      MaxAttempts: 2,
      MaxDelaySeconds: 15,
    });
    const rehearsal = rehearse(asl, { f: failing(9) });
    await rehearsal.start();
    await rehearsal.passTo(at('2022-09-28T01:00:24.000Z'));
    expect(rehearsal.calls).toHaveLength(2);
    await rehearsal.passTo(at('2022-09-28T01:00:25.000Z'));
    expect(rehearsal.calls).toHaveLength(3);
    expect(endOf(rehearsal)).toMatchObject({ status: 'failed', error: 'Busy' });
  });

  test('each retrier counts for itself; MaxAttempts 0 never retries', async () => {
    const asl = machine({
      T: invoke(
        'f',
        {},
        {
          Retry: [
            { ErrorEquals: ['A'], IntervalSeconds: 1, MaxAttempts: 1 },
            { ErrorEquals: ['B'], IntervalSeconds: 1, MaxAttempts: 1 },
            { ErrorEquals: ['States.ALL'], MaxAttempts: 0 },
          ],
          End: true,
        },
      ),
    });
    const errors = ['A', 'B', 'A'];
    const rehearsal = rehearse(asl, { f: () => breaks(errors.shift() ?? 'C') });
    await rehearsal.start();
    await rehearsal.passTo(at('2022-09-28T02:00:00.000Z'));
    expect(rehearsal.calls).toHaveLength(3);
    expect(endOf(rehearsal)?.error).toBe('A');
  });

  test('full jitter draws from the ids, within the delay', async () => {
    const asl = retrying({ ErrorEquals: ['Busy'], IntervalSeconds: 100, JitterStrategy: 'FULL' });
    const rehearsal = rehearse(asl, { f: failing(1) });
    await rehearsal.start();
    const due = rehearsal.runner.nextDueAt() ?? '';
    expect(due > '2022-09-28T01:00:00.000Z' && due < '2022-09-28T01:01:40.000Z').toBe(true);
  });
});

describe('Catch', () => {
  const caught = async (error: string, catchers: readonly JsonObject[]) => {
    const asl = machine({
      T: invoke('f', {}, { Catch: catchers, Assign: { never: 1 }, Next: 'Done' }),
      Done: { Type: 'Succeed' },
      Seen: { Type: 'Pass', Output: { input: '{% $states.input %}', why: '{% $why %}' }, End: true },
    });
    const rehearsal = rehearse(asl, { f: () => breaks(error) });
    await rehearsal.start();
    return endOf(rehearsal);
  };
  const why = { Next: 'Seen', Assign: { why: '{% $states.errorOutput.Error %}' } };

  test('hands on the error output, or what its own Output makes of it', async () => {
    expect((await caught('Odd', [{ ErrorEquals: ['Odd'], ...why }]))?.output).toEqual({
      input: { Error: 'Odd', Cause: '{"errorType":"Odd","errorMessage":"on purpose"}' },
      why: 'Odd',
    });
    const shaped = [
      { ErrorEquals: ['States.TaskFailed'], ...why, Output: '{% $states.errorOutput.Error & "!" %}' },
    ];
    expect((await caught('Odd', shaped))?.output).toEqual({ input: 'Odd!', why: 'Odd' });
  });

  test.each([
    ['Odd', ['States.ALL'], true],
    ['Odd', ['States.TaskFailed'], true],
    ['Odd', ['Even'], false],
    ['States.Timeout', ['States.TaskFailed'], false],
    ['States.Timeout', ['States.ALL'], true],
    ['States.Runtime', ['States.ALL'], false],
    ['States.Runtime', ['States.Runtime'], false],
    ['States.DataLimitExceeded', ['States.ALL'], false],
    ['States.DataLimitExceeded', ['States.DataLimitExceeded'], true],
    ['States.QueryEvaluationError', ['States.ALL'], true],
  ])('%s by %j: %s', async (error, ErrorEquals, expected) => {
    expect((await caught(error, [{ ErrorEquals, ...why }]))?.status).toBe(expected ? 'succeeded' : 'failed');
  });

  test('an Output that cannot be evaluated is an error of the state, and can be caught', async () => {
    const asl = machine({
      T: invoke(
        'f',
        {},
        {
          Output: '{% $states.result.Payload.nothing %}',
          Catch: [{ ErrorEquals: ['States.QueryEvaluationError'], Next: 'Seen', Output: 'seen' }],
          End: true,
        },
      ),
      Seen: { Type: 'Pass', End: true },
    });
    const rehearsal = rehearse(asl, { f: () => answers({}) });
    await rehearsal.start();
    expect(endOf(rehearsal)?.output).toBe('seen');
    expect(rehearsal.calls).toHaveLength(1);
  });

  test('a Catch whose own expression fails ends the state', async () => {
    expect(
      await caught('Odd', [{ ErrorEquals: ['Odd'], Next: 'Seen', Output: '{% $nothing %}' }]),
    ).toMatchObject({
      status: 'failed',
      error: 'States.QueryEvaluationError',
    });
  });
});

describe('waiting for a person', () => {
  const escalating = machine({
    Open: { Type: 'Pass', Assign: { due: '2022-10-01T00:00:00.000Z', asked: 1 }, Next: 'Await' },
    Await: awaitPerson('task/await', {
      TimeoutSeconds: '{% $ceil(($toMillis($due) - $toMillis($states.context.State.EnteredTime)) / 1000) %}',
      Catch: [{ ErrorEquals: ['States.Timeout'], Next: 'Escalate' }],
      Output: '{% $states.result %}',
      End: true,
    }),
    Escalate: invoke(
      'task/escalate',
      { asked: '{% $asked %}' },
      {
        Assign: { due: '{% $states.result.Payload.due %}', asked: '{% $asked + 1 %}' },
        Next: 'Await',
      },
    ),
  });
  const rehearseEscalation = () => {
    const keeper = tokenKeeper();
    const rehearsal = rehearse(escalating, {
      'task/await': keeper.keep,
      'task/escalate': () => answers({ due: '2022-10-08T00:00:00.000Z' }),
    });
    return { ...rehearsal, keeper };
  };

  test('the decision is the result of the task', async () => {
    const rehearsal = rehearseEscalation();
    await rehearsal.start();
    expect(rehearsal.runner.nextDueAt()).toBe('2022-10-01T00:00:00.000Z');
    expect(rehearsal.runner.describe(theCase)?.states).toEqual([
      { name: 'Await', enteredAt: '2022-09-28T01:00:00.000Z', dueAt: '2022-10-01T00:00:00.000Z' },
    ]);
    expect(await rehearsal.runner.signals.succeed(rehearsal.keeper.newest(), { decision: 'approved' })).toBe(
      'delivered',
    );
    await rehearsal.runner.runReady();
    expect(endOf(rehearsal)).toMatchObject({ status: 'succeeded', output: { decision: 'approved' } });
    expect(rehearsal.events().slice(3)).toEqual([
      'TaskStateEntered',
      'TaskScheduled',
      'TaskStarted',
      'TaskSubmitted',
      'TaskSucceeded',
      'TaskStateExited',
      'ExecutionSucceeded',
    ]);
  });

  test('nobody answers: it escalates, and waits again under a new token and a later time', async () => {
    const rehearsal = rehearseEscalation();
    await rehearsal.start();
    const first = rehearsal.keeper.newest();
    await rehearsal.passTo(at('2022-10-01T00:00:00.000Z'));
    expect(rehearsal.states()).toEqual(['Open', 'Await', 'Escalate', 'Await']);
    expect(rehearsal.runner.nextDueAt()).toBe('2022-10-08T00:00:00.000Z');
    const { signals } = rehearsal.runner;
    expect(await signals.succeed(first, {})).toBe('nobody-waits');
    expect(await signals.succeed(rehearsal.keeper.newest(), { ok: true })).toBe('delivered');
    expect(await signals.succeed(rehearsal.keeper.newest(), { ok: false })).toBe('nobody-waits');
    await rehearsal.runner.runReady();
    expect(endOf(rehearsal)?.output).toEqual({ ok: true });
  });

  test('a token that is unknown, malformed, of a stopped task, or of a task whose time is over: nobody waits', async () => {
    const rehearsal = rehearseEscalation();
    await rehearsal.start();
    const { signals } = rehearsal.runner;
    expect(await signals.succeed('f'.repeat(64), {})).toBe('nobody-waits');
    expect(await signals.succeed('no token', {})).toBe('nobody-waits');
    rehearsal.clock.set(at('2022-10-01T00:00:00.000Z'));
    expect(await signals.succeed(rehearsal.keeper.newest(), {})).toBe('nobody-waits');
    await rehearsal.runner.runReady();
    expect(await signals.stop(theCase, 'objection-upheld')).toBe('stopped');
    expect(await signals.succeed(rehearsal.keeper.newest(), {})).toBe('nobody-waits');
  });

  test('an answer may come before the function that handed out the token has returned', async () => {
    const tokens: string[] = [];
    const early: FunctionOfTheHouse = async (payload) => {
      tokens.push(JSON.stringify(payload).slice(10, 74));
      expect(await rehearsal.runner.signals.succeed(tokens[0] ?? '', { fast: true })).toBe('delivered');
      return breaks('TooLate');
    };
    const rehearsal = rehearse(escalating, { 'task/await': early });
    await rehearsal.start();
    expect(endOf(rehearsal)).toMatchObject({ status: 'succeeded', output: { fast: true } });
  });

  test('tokens never stand in the history nor in the tables, even when a function repeats them', async () => {
    const rehearsal = rehearse(escalating, { 'task/await': (payload) => answers({ echo: payload }) });
    await rehearsal.start();
    const token = JSON.stringify(rehearsal.calls[0]?.payload).slice(10, 74);
    expect(token).toMatch(/^[0-9a-f]{64}$/);
    const tables = ['workflow_branch', 'workflow_event', 'workflow_execution'];
    const written = tables.map((table) =>
      JSON.stringify(rehearsal.db.prepare(`SELECT * FROM ${table}`).all()),
    );
    expect(written.join()).not.toContain(token);
    expect(written.join()).toContain('[task token]');
  });

  test('a time that is not ahead is an error, not a wait without an end', async () => {
    const asl = machine({
      A: awaitPerson('task/await', { TimeoutSeconds: '{% $states.input.s %}', End: true }),
    });
    const rehearsal = rehearse(asl, { 'task/await': () => answers(null) });
    await rehearsal.start({ s: 0 });
    expect(endOf(rehearsal)?.error).toBe('States.QueryEvaluationError');
  });
});

describe('starting and stopping', () => {
  const sleeping = machine({ W: { Type: 'Wait', Seconds: 60, Next: 'D' }, D: { Type: 'Succeed' } });

  test('a start can be repeated; another input, or an ended name, is told', async () => {
    const { runner, ...rehearsal } = rehearse(sleeping);
    expect(await runner.signals.status(theCase)).toBe('absent');
    expect(await runner.signals.start(theCase, { a: 1, b: 2 })).toBe('started');
    expect(await runner.signals.start(theCase, { b: 2, a: 1 })).toBe('already-running');
    expect(await runner.signals.start(theCase, { a: 2 })).toBe('already-ended');
    expect(await runner.signals.status(theCase)).toBe('running');
    await runner.runReady();
    await rehearsal.passTo(at('2022-09-28T01:01:00.000Z'));
    expect(await runner.signals.start(theCase, { a: 1, b: 2 })).toBe('already-ended');
    expect(await runner.signals.status(theCase)).toBe('succeeded');
  });

  test('a name that Step Functions would refuse is refused', async () => {
    const { runner } = rehearse(sleeping);
    await expect(runner.signals.start({ ...theCase, name: '王 五' }, {})).rejects.toThrow('no name');
  });

  test('a stop takes effect at once, with its reason, once; what comes later is ignored', async () => {
    let answer: () => void = () => {};
    const held = new Promise<void>((resolve) => {
      answer = resolve;
    });
    const slow: FunctionOfTheHouse = async () => {
      await held;
      return answers(1);
    };
    const { runner } = rehearse(machine({ T: invoke('f', {}, { End: true }) }), { f: slow });
    await runner.signals.start(theCase, {});
    const running = runner.runReady();
    expect(await runner.signals.stop(theCase, 'withdrawn')).toBe('stopped');
    expect(await runner.signals.stop(theCase, 'withdrawn')).toBe('not-running');
    answer();
    await running;
    expect(runner.describe(theCase)).toMatchObject({ status: 'aborted', error: 'withdrawn' });
    expect(runner.history(theCase).at(-1)?.type).toBe('ExecutionAborted');
  });

  test('executions are listed in pages, by status and workflow', async () => {
    const { runner } = rehearse(sleeping);
    for (const n of [1, 2, 3, 4, 5]) await runner.signals.start({ ...theCase, name: `R-${n}` }, {});
    await runner.signals.stop({ ...theCase, name: 'R-2' }, 'withdrawn');
    const first = runner.list({ status: 'running', workflow: 'release-case', limit: 3 });
    expect(first.executions.map(({ name }) => name)).toEqual(['R-1', 'R-3', 'R-4']);
    const second = runner.list({
      status: 'running',
      limit: 3,
      ...(first.next === undefined ? {} : { after: first.next }),
    });
    expect(second).toMatchObject({ executions: [{ name: 'R-5' }] });
    expect(second.next).toBeUndefined();
    expect(runner.list({ workflow: 'city-report', limit: 3 }).executions).toEqual([]);
  });

  test('after deleting everything every name can be started again', async () => {
    const { runner, start } = rehearse(sleeping);
    await start();
    runner.deleteAll();
    expect(await runner.signals.status(theCase)).toBe('absent');
    expect(runner.nextDueAt()).toBeUndefined();
    expect(await runner.signals.start(theCase, {})).toBe('started');
  });
});

test('independent executions do not wait for one another, and one at a time works within an execution', async () => {
  const { db, clock } = rehearse(machine({ D: { Type: 'Succeed' } }));
  let open = 0;
  let most = 0;
  const runner = createWorkflowRunner({
    db,
    clock,
    ids: countingIds(),
    concurrency: 3,
    definitions: { 'release-case': machine({ T: invoke('f', {}, { End: true }) }) },
    invoke: async () => {
      open += 1;
      most = Math.max(most, open);
      await new Promise(setImmediate);
      open -= 1;
      return answers(null);
    },
  });
  for (let n = 0; n < 10; n += 1) await runner.signals.start({ ...theCase, name: `R-${n}` }, {});
  await runner.runReady();
  expect(most).toBe(3);
  expect(runner.list({ status: 'succeeded', limit: 20 }).executions).toHaveLength(10);
  await runner.close();
  await runner.signals.start({ ...theCase, name: 'late' }, {});
  expect(await runner.runReady()).toBe(0);
});

test('a defect in one execution is told, and does not hold up the others', async () => {
  const { db, runner } = rehearse(machine({ T: invoke('f', {}, { End: true }) }), { f: () => answers(1) });
  await runner.signals.start({ ...theCase, name: 'damaged' }, {});
  await runner.signals.start({ ...theCase, name: 'sound' }, {});
  db.exec(`UPDATE workflow_branch SET state = 'Gone' WHERE execution_id = 1`);
  await expect(runner.runReady()).rejects.toThrow('no state Gone');
  expect(await runner.signals.status({ ...theCase, name: 'sound' })).toBe('succeeded');
  expect(await runner.signals.status({ ...theCase, name: 'damaged' })).toBe('running');
});

test('with many open executions a step still reads by index', async () => {
  const { db } = rehearse(machine({ D: { Type: 'Succeed' } }));
  const plan = (sql: string) =>
    db
      .prepare(`EXPLAIN QUERY PLAN ${sql}`)
      .all()
      .map((row) => String(row['detail']))
      .join('; ');
  expect(
    plan(
      `SELECT * FROM workflow_branch WHERE due_at IS NOT NULL AND due_at <= '2022' ORDER BY due_at, id LIMIT 1`,
    ),
  ).toMatch(/^SEARCH workflow_branch USING INDEX workflow_branch_due/);
  expect(
    plan(
      `SELECT * FROM workflow_branch WHERE phase IN ('entered', 'invoking', 'completed', 'failed') ORDER BY id LIMIT 1`,
    ),
  ).toContain('USING INDEX workflow_branch_ready');
  expect(plan(`SELECT * FROM workflow_branch WHERE token_hash = 'x'`)).toContain('workflow_branch_token');
});
