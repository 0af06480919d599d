import type { JsonObject, RecordStore } from '../ports/record-store.ts';
import { CommitContended } from './commit.ts';
import type { ChainedEvent } from './hash-chain.ts';
import { type LoadedStream, loadStream, readEvents, streamKey, taskOfRecord } from './stream.ts';

/** All that is kept of one stream: its state, every event found in its partition, and the ids of its open task items. */
export type WholeStream = LoadedStream<JsonObject> & {
  readonly events: readonly ChainedEvent[];
  readonly openTasks: readonly string[];
};

const taskPrefix = 'TASK#';

const readOpenTasks = async (store: RecordStore, streamId: string): Promise<string[]> => {
  const open: string[] = [];
  let after: string | undefined;
  do {
    const page = await store.query({
      pk: streamKey(streamId),
      prefix: taskPrefix,
      limit: 500,
      ...(after === undefined ? {} : { after }),
    });
    for (const record of page.records)
      if (taskOfRecord(record).status === 'open') open.push(record.sk.slice(taskPrefix.length));
    after = page.next;
  } while (after !== undefined);
  return open;
};

const attemptsAtMost = 10;

/**
 * Reads the stream as it stood at one moment. Events, state and tasks are written in one transaction, so what was read
 * between two looks at the same state belongs to it; whatever else lies there, nobody was just appending it.
 * @throws CommitContended if somebody appended every time.
 */
export const readWholeStream = async (store: RecordStore, streamId: string): Promise<WholeStream> => {
  let before = await loadStream<JsonObject>(store, streamId);
  for (let attempt = 1; attempt <= attemptsAtMost; attempt += 1) {
    const events = await readEvents(store, streamId);
    const openTasks = await readOpenTasks(store, streamId);
    const after = await loadStream<JsonObject>(store, streamId);
    if (after.rev === before.rev) return { ...after, events, openTasks };
    before = after;
  }
  throw new CommitContended();
};
