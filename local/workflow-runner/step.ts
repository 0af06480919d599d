import { type Instant, instantFromMillis, millisOf } from '../../shared/domain/calendar/instant.ts';
import type { Json, JsonObject } from '../../shared/ports/record-store.ts';
import type { Definition } from './definition.ts';
import type { HistoryEventType } from './history.ts';
import type { BranchRow, Phase, Store } from './store.ts';

export const addSeconds = (instant: Instant, seconds: number): Instant =>
  instantFromMillis(millisOf(instant) + Math.round(seconds * 1000));

/** `error` and `cause` as event details: Step Functions leaves an empty cause out. */
export const failureDetails = (error: string, cause: string): JsonObject => ({
  ...(error === '' ? {} : { error }),
  ...(cause === '' ? {} : { cause }),
});

/** The changes of one branch inside one transaction, each with its events. */
export type Step = {
  readonly now: Instant;
  record(type: HistoryEventType, details: JsonObject): void;
  /** Goes to a state of the same machine. */
  enter(state: string, input: Json, variables: JsonObject): void;
  park(
    phase: Phase,
    change: Partial<Pick<BranchRow, 'dueAt' | 'tokenHash' | 'result' | 'retryCounts'>>,
  ): void;
  startIterations(iterations: readonly Iteration[], startAt: string, concurrency: number): void;
  /** The branch has ended well: the execution succeeds, or the iteration is done. */
  finish(output: Json): void;
  /** The branch has ended badly: the execution fails, or the Map around it does. */
  fail(error: string, cause: string): void;
};

/** An item as `$states.context.Map.Item.Value` shows it, and the input that the iteration begins with. */
export type Iteration = { readonly value: Json; readonly input: Json };

/** Between transitions a branch holds nothing of the attempt before. */
const rested = { dueAt: undefined, tokenHash: undefined, result: undefined, concurrency: undefined } as const;

/** @param start a branch of a running execution, as it stands in the store now */
export const openStep = (store: Store, definition: Definition, start: BranchRow, now: Instant): Step => {
  const { executionId } = start;

  const append = (type: HistoryEventType, details: JsonObject, previousEventId: number): number =>
    store.appendEvent(executionId, { previousEventId, timestamp: now, type, details });

  const save = (branch: BranchRow): BranchRow => {
    store.updateBranch(branch);
    return branch;
  };

  const entering = (branch: BranchRow, state: string, input: Json, variables: JsonObject): BranchRow => {
    const type = definition.states.get(state)?.type;
    if (type === undefined) throw new Error(`the definition has no state ${state}`);
    const event = append(`${type}StateEntered`, { name: state, input }, branch.lastEvent);
    return {
      ...branch,
      ...rested,
      state,
      input,
      variables,
      phase: 'entered',
      enteredAt: now,
      enteredEvent: event,
      lastEvent: event,
      retryCounts: [],
    };
  };

  const mapStateOf = (parent: BranchRow) => {
    const state = definition.states.get(parent.state);
    if (state?.type !== 'Map') throw new Error(`${parent.state} is not a Map`);
    return state;
  };

  const beginIteration = (queued: BranchRow, parent: BranchRow): BranchRow => {
    const place = { name: parent.state, index: queued.itemIndex ?? 0 };
    return { ...queued, lastEvent: append('MapIterationStarted', place, parent.lastEvent) };
  };

  const parentOf = (branch: BranchRow): BranchRow | undefined => {
    if (branch.parentId === undefined) return undefined;
    const parent = store.branch(branch.parentId);
    if (parent === undefined) throw new Error(`iteration ${branch.id} has lost its Map`);
    return parent;
  };

  const abort = (branch: BranchRow, parent: BranchRow): void => {
    let last = branch.lastEvent;
    if (branch.phase !== 'queued' && branch.phase !== 'finished') {
      for (const inner of store.iterationsOf(branch.id)) abort(inner, branch);
      const type = definition.states.get(branch.state)?.type;
      if (type === 'Task' || type === 'Wait' || type === 'Map')
        last = append(`${type}StateAborted`, {}, last);
      append('MapIterationAborted', { name: parent.state, index: branch.itemIndex ?? 0 }, last);
    }
    store.deleteBranch(branch.id);
  };

  let current = start;

  const record = (type: HistoryEventType, details: JsonObject): void => {
    current = { ...current, lastEvent: append(type, details, current.lastEvent) };
  };

  const finishIteration = (parent: BranchRow, output: Json): void => {
    record('MapIterationSucceeded', { name: parent.state, index: current.itemIndex ?? 0 });
    current = save({ ...current, ...rested, phase: 'finished', result: output });
    const queued = store.firstQueued(parent.id);
    if (queued !== undefined) {
      const begun = beginIteration(queued, parent);
      save(entering(begun, mapStateOf(parent).iterationStartAt, begun.input, {}));
      return;
    }
    if (store.unfinishedIterations(parent.id) > 0) return;
    const iterations = store.iterationsOf(parent.id);
    for (const iteration of iterations) store.deleteBranch(iteration.id);
    const lastEvent = append('MapStateSucceeded', {}, current.lastEvent);
    const results = iterations.map((iteration) => iteration.result ?? null);
    save({ ...parent, ...rested, phase: 'completed', result: results, lastEvent });
  };

  const failIteration = (parent: BranchRow, error: string, cause: string): void => {
    record('MapIterationFailed', { name: parent.state, index: current.itemIndex ?? 0 });
    for (const sibling of store.iterationsOf(parent.id))
      if (sibling.id === current.id) store.deleteBranch(sibling.id);
      else abort(sibling, parent);
    const lastEvent = append('MapStateFailed', {}, current.lastEvent);
    save({ ...parent, ...rested, phase: 'failed', result: { Error: error, Cause: cause }, lastEvent });
  };

  return {
    now,
    record,
    enter: (state, input, variables) => {
      current = save(entering(current, state, input, variables));
    },
    park: (phase, change) => {
      current = save({ ...current, ...rested, phase, ...change });
    },
    startIterations: (iterations, startAt, concurrency) => {
      record('MapStateStarted', { length: iterations.length });
      if (iterations.length === 0) {
        record('MapStateSucceeded', {});
        current = save({ ...current, ...rested, phase: 'completed', result: [] });
        return;
      }
      current = save({ ...current, ...rested, phase: 'mapping', concurrency });
      for (const [index, { value, input }] of iterations.entries())
        store.insertBranch({
          ...current,
          ...rested,
          parentId: current.id,
          itemIndex: index,
          itemValue: value,
          phase: 'queued',
          input,
          variables: {},
          retryCounts: [],
        });
      const places = store.iterationsOf(current.id).slice(0, concurrency);
      const begun = places.map((place) => beginIteration(place, current));
      for (const iteration of begun) save(entering(iteration, startAt, iteration.input, {}));
    },
    finish: (output) => {
      const parent = parentOf(current);
      if (parent !== undefined) return finishIteration(parent, output);
      record('ExecutionSucceeded', { output });
      store.endExecution(executionId, { status: 'succeeded', at: now, output });
    },
    fail: (error, cause) => {
      const parent = parentOf(current);
      if (parent !== undefined) return failIteration(parent, error, cause);
      record('ExecutionFailed', failureDetails(error, cause));
      store.endExecution(executionId, { status: 'failed', at: now, error, cause });
    },
  };
};
