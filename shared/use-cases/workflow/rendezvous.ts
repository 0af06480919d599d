import { streamKey, streamOfTask, taskKey, taskOfRecord } from '../../ledger/stream.ts';
import type { RecordKey } from '../../ports/record-store.ts';
import type { Dependencies } from '../dependencies.ts';

export const callbackKey = (taskId: string): RecordKey => ({
  pk: streamKey(streamOfTask(taskId)),
  sk: `CALLBACK#${taskId}`,
});
/** What the sealed token is bound to. */
export const callbackPlace = (taskId: string): string => `CALLBACK#${taskId}`;

/** A token can be replaced while one is being sent; more often than this in one go, something is wrong. */
const tokensAtMost = 10;

/**
 * Decision and waiting workflow meet here. Called for either of the two items; both are read consistently, and
 * whichever came second makes the signal. Nobody waiting at a token means: read again, try a newer one, else done.
 */
export const meet = async (
  { store, personalData, signals }: Pick<Dependencies, 'store' | 'personalData' | 'signals'>,
  taskId: string,
): Promise<void> => {
  for (let attempt = 0; attempt < tokensAtMost; attempt += 1) {
    const callback = await store.get(callbackKey(taskId));
    if (callback?.body['box'] === undefined) return;
    const record = await store.get(taskKey(streamOfTask(taskId), taskId));
    const task = record === undefined ? undefined : taskOfRecord(record);
    if (task === undefined || task.status === 'open') return;
    if (task.status === 'decided' && task.interrupts !== true) {
      const token = await personalData.unbox(
        'CALLBACKS',
        callbackPlace(taskId),
        String(callback.body['box']),
      );
      await signals.succeed(String(token), task.result ?? {});
    }
    // The token has served; a newer one that took its place in the meantime has another revision and is tried next.
    // The item stays without it: were it deleted, a new token would begin at revision 1 again and could be cleared
    // unsent; and it still tells an overtaken call that it is one.
    const { box: _served, ...order } = callback.body;
    const cleared = await store.transact([
      { kind: 'put', key: callbackKey(taskId), body: order, expect: { rev: callback.rev } },
    ]);
    if (cleared.committed) return;
  }
  throw new Error(`the callback of ${taskId} was replaced again and again`);
};
