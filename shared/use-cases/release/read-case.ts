import type { PersonActor } from '../../domain/access/actor.ts';
import { type Action, authorise } from '../../domain/access/authorise.ts';
import type { ReleaseCase } from '../../domain/release/state.ts';
import { type LoadedStream, loadStream } from '../../ledger/stream.ts';
import type { RecordStore } from '../../ports/record-store.ts';
import { accessRefusal, type Outcome, refused } from '../outcome.ts';
import { asCaseNumber, resourceOf } from './case-stream.ts';

export type LoadedCase = LoadedStream<ReleaseCase> & { readonly state: ReleaseCase };

/** A case for a workflow task: it must be there. @throws if it is not: then the execution names a case that never was. */
export const requireCase = async (store: RecordStore, caseNumber: string): Promise<LoadedCase> => {
  const loaded = await loadStream<ReleaseCase>(store, caseNumber);
  if (loaded.state === undefined) throw new Error(`no case ${caseNumber}`);
  return { ...loaded, state: loaded.state };
};

/** A case for a person: what they may not see does not exist. */
export const readCaseAs = async (
  store: RecordStore,
  actor: PersonActor,
  streamId: string,
  action: Action,
): Promise<Outcome<LoadedCase>> => {
  if (asCaseNumber(streamId) === undefined) return refused('not-found');
  const loaded = await loadStream<ReleaseCase>(store, streamId);
  if (loaded.state === undefined) return refused('not-found');
  return (
    accessRefusal(authorise(actor, action, resourceOf(loaded.state))) ?? {
      value: { ...loaded, state: loaded.state },
    }
  );
};
