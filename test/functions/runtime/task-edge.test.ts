import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { logger } from '../../../functions/runtime/defect-log.ts';
import { taskHandler, timerHandler } from '../../../functions/runtime/task-edge.ts';
import { CommitContended } from '../../../shared/ledger/commit.ts';
import { escalateStep } from '../../../workflows/fragments/signals.ts';
import { context } from './invocation.ts';

const errors = vi.spyOn(logger, 'error');
const infos = vi.spyOn(logger, 'info');
beforeEach(() => {
  errors.mockImplementation(() => undefined);
  infos.mockImplementation(() => undefined);
});
afterEach(() => {
  errors.mockReset();
  infos.mockReset();
});

const thrownBy = async (run: () => Promise<unknown>): Promise<Error> => {
  try {
    await run();
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error('nothing was thrown');
};

describe('a task of a workflow', () => {
  test('is given its payload and answers what it found', async () => {
    const handler = taskHandler(escalateStep, async ({ taskId }) => ({ wakeAt: `later than ${taskId}` }));
    expect(await handler({ taskId: 'R-1.r1.visit' }, context())).toEqual({
      wakeAt: 'later than R-1.r1.visit',
    });
  });

  test.each([
    ['nothing', undefined],
    ['no object', 'R-1'],
    ['a missing name', {}],
    ['another type', { taskId: 1 }],
    ['an unknown name', { taskId: 'a', token: '秘密' }],
  ])('refuses a payload of another shape: %s', async (_what, payload) => {
    const run = vi.fn(async () => ({ wakeAt: '' }));
    const error = await thrownBy(() => taskHandler(escalateStep, run)(payload, context()));
    expect(error.name).toBe('PayloadInvalid');
    expect(run).not.toHaveBeenCalled();
    expect(JSON.stringify(errors.mock.calls)).not.toContain('秘密');
  });

  test('tells the workflow a defect by name only: its history is no place for what it choked on', async () => {
    const secret = '张三 610302197001011234';
    const handler = taskHandler(escalateStep, async () => {
      throw new RangeError(secret);
    });
    const error = await thrownBy(() => handler({ taskId: secret }, context('r-7')));
    expect(error.name).toBe('RangeError');
    expect([error.message, error.stack, error.cause].join()).not.toMatch(/张三|6103021970/);
    expect(errors).toHaveBeenCalledExactlyOnceWith('defect', {
      requestId: 'r-7',
      defect: [{ name: 'RangeError', frames: expect.anything() }],
    });
    expect(JSON.stringify(errors.mock.calls)).not.toMatch(/张三|6103021970/);
  });

  test('lets a workflow know a contended commit by its name, to be tried again', async () => {
    const handler = taskHandler(escalateStep, async () => {
      throw new CommitContended();
    });
    expect((await thrownBy(() => handler({ taskId: 'a' }, context()))).name).toBe('CommitContended');
  });

  test('does not pass on a name that somebody could have written a text into', async () => {
    const handler = taskHandler(escalateStep, async () => {
      throw Object.assign(new Error('x'), { name: '张三 says\nno' });
    });
    expect((await thrownBy(() => handler({ taskId: 'a' }, context()))).name).toBe('Error');
  });

  test('something that is thrown and is no error is told by its type', async () => {
    const handler = taskHandler(escalateStep, () => Promise.reject('张三'));
    await thrownBy(() => handler({ taskId: 'a' }, context()));
    expect(errors).toHaveBeenCalledWith('defect', {
      requestId: 'r-1',
      defect: [{ name: 'string', frames: [] }],
    });
  });
});

describe('a timer', () => {
  test('says what it did, whatever the schedule sent', async () => {
    const handler = timerHandler(async () => ({ towns: 2 }));
    expect(await handler({ time: 'now' }, context('r-3'))).toEqual({ towns: 2 });
    expect(infos).toHaveBeenCalledExactlyOnceWith('done', { requestId: 'r-3', done: { towns: 2 } });
  });

  test('fails loudly, by name', async () => {
    const handler = timerHandler(async () => {
      throw new TypeError('张三');
    });
    expect((await thrownBy(() => handler({}, context()))).name).toBe('TypeError');
    expect(infos).not.toHaveBeenCalled();
  });
});
