import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { logger } from '../../../functions/runtime/defect-log.ts';
import { feedHandler } from '../../../functions/runtime/feed-edge.ts';
import type { ChangeRecord } from '../../../shared/ports/change-feed.ts';
import { concernsWorkflows } from '../../../shared/use-cases/workflow/relay-change.ts';
import type { FailedChange } from '../../../shared/use-cases/workflow/set-change-aside.ts';
import { context } from './invocation.ts';

type StreamRecord = Parameters<ReturnType<typeof feedHandler>>[0]['Records'][number];

const record = (
  number: number,
  sk: string,
  eventName: 'INSERT' | 'MODIFY' | 'REMOVE' = 'INSERT',
): StreamRecord => ({
  eventName,
  dynamodb: {
    Keys: { pk: { S: 'STREAM#R-610302-2022-000001' }, sk: { S: sk } },
    SequenceNumber: String(number),
    StreamViewType: 'KEYS_ONLY',
  },
});

const errors = vi.spyOn(logger, 'error');
beforeEach(() => {
  errors.mockImplementation(() => undefined);
});
afterEach(() => {
  errors.mockReset();
});

const later = async (): Promise<undefined> => undefined;

/** Carries everything but what it is told to fail at, which is set aside as it is told. */
const carrier = (
  failsAt?: string,
  setAside: (failed: FailedChange) => Promise<string | undefined> = later,
) => {
  const carried: ChangeRecord[] = [];
  const handler = feedHandler({
    concerns: concernsWorkflows,
    carry: async (change) => {
      if (change.sk === failsAt) throw new Error('张三');
      carried.push(change);
    },
    setAside,
  });
  return { carried, handler };
};

describe("the table's stream", () => {
  test('is carried record by record, as keys and kind of change', async () => {
    const { carried, handler } = carrier();
    const Records = [
      record(1, 'TASK#a'),
      record(2, 'CALLBACK#a', 'MODIFY'),
      record(3, 'CALLBACK#a', 'REMOVE'),
    ];
    expect(await handler({ Records }, context())).toEqual({ batchItemFailures: [] });
    const pk = 'STREAM#R-610302-2022-000001';
    expect(carried).toEqual([
      { pk, sk: 'TASK#a', change: 'insert' },
      { pk, sk: 'CALLBACK#a', change: 'modify' },
      { pk, sk: 'CALLBACK#a', change: 'remove' },
    ]);
  });

  test('leaves alone what concerns no workflow', async () => {
    const { carried, handler } = carrier();
    const Records = [
      record(1, 'HEAD'),
      record(2, 'EVENT#00000001#home-visit-recorded'),
      record(3, 'EXECUTION'),
    ];
    expect(await handler({ Records }, context())).toEqual({ batchItemFailures: [] });
    expect(carried).toEqual([]);
  });

  test('stops at the first record that fails and names it, so that it and all after it come again', async () => {
    const { carried, handler } = carrier('TASK#b');
    const Records = [record(11, 'TASK#a'), record(12, 'TASK#b'), record(13, 'TASK#c')];
    expect(await handler({ Records }, context())).toEqual({ batchItemFailures: [{ itemIdentifier: '12' }] });
    expect(carried.map(({ sk }) => sk)).toEqual(['TASK#a']);
    expect(errors).toHaveBeenCalledOnce();
    expect(JSON.stringify(errors.mock.calls)).not.toContain('张三');
  });

  test('goes on after a change that was set aside, and says so where the alarm looks', async () => {
    const given: FailedChange[] = [];
    const { carried, handler } = carrier('TASK#b', async (failed) => {
      given.push(failed);
      return '01LETTER';
    });
    const Records = [record(11, 'TASK#a'), record(12, 'TASK#b'), record(13, 'TASK#c')];
    expect(await handler({ Records }, context())).toEqual({ batchItemFailures: [] });
    expect(carried.map(({ sk }) => sk)).toEqual(['TASK#a', 'TASK#c']);
    expect(given).toEqual([
      { pk: 'STREAM#R-610302-2022-000001', sk: 'TASK#b', position: '12', error: expect.any(Error) },
    ]);
    expect(errors).toHaveBeenLastCalledWith(
      'change-set-aside',
      expect.objectContaining({ deadLetterId: '01LETTER' }),
    );
    expect(JSON.stringify(errors.mock.calls)).not.toContain('张三');
  });

  test('has what it cannot even count sent again', async () => {
    const { handler } = carrier('TASK#b', async () => {
      throw new Error('the table is out of reach');
    });
    expect(await handler({ Records: [record(12, 'TASK#b')] }, context())).toEqual({
      batchItemFailures: [{ itemIdentifier: '12' }],
    });
  });

  test('fails at a record that is not of our table', async () => {
    const { handler } = carrier();
    const foreign: StreamRecord = {
      eventName: 'INSERT',
      dynamodb: { Keys: { id: { S: 'x' } }, SequenceNumber: '7' },
    };
    expect(await handler({ Records: [foreign] }, context())).toEqual({
      batchItemFailures: [{ itemIdentifier: '7' }],
    });
    // Not even a number to go on from: everything comes again.
    expect(await handler({ Records: [{ eventName: 'INSERT' }] }, context())).toEqual({
      batchItemFailures: [{ itemIdentifier: '' }],
    });
  });

  test('may be empty', async () => {
    expect(await carrier().handler({ Records: [] }, context())).toEqual({ batchItemFailures: [] });
  });
});
