import type { Json, JsonObject } from '../../shared/ports/record-store.ts';
import type { State } from './definition.ts';
import type { Bindings } from './jsonata-expression.ts';
import { dataLimitError, StateFailure } from './state-failure.ts';
import type { BranchRow, ExecutionRow, Store } from './store.ts';

/** Everything that the expressions of a state can see, but for results. */
export type Scene = {
  readonly execution: ExecutionRow;
  readonly branch: BranchRow;
  readonly state: State;
  readonly variables: JsonObject;
  readonly context: JsonObject;
};

/** Step Functions' limit of an input, an output or a result, in bytes. */
export const payloadLimit = 262_144;

/** @throws StateFailure `States.DataLimitExceeded` */
export const withinLimit = (value: Json, what: string): Json => {
  if (Buffer.byteLength(JSON.stringify(value)) <= payloadLimit) return value;
  throw new StateFailure(dataLimitError, `${what} is larger than ${payloadLimit} bytes.`);
};

/** Inner scopes see the variables of the machines around them; those do not change while a Map runs. */
const ancestors = (store: Store, branch: BranchRow): BranchRow[] => {
  const parent = branch.parentId === undefined ? undefined : store.branch(branch.parentId);
  return parent === undefined ? [] : [parent, ...ancestors(store, parent)];
};

export const sceneOf = (store: Store, execution: ExecutionRow, branch: BranchRow, state: State): Scene => {
  const around = ancestors(store, branch);
  const retries = branch.retryCounts.reduce((sum, count) => sum + count, 0);
  const iteration = [branch, ...around].find((candidate) => candidate.itemIndex !== undefined);
  const { workflow, name } = execution;
  return {
    execution,
    branch,
    state,
    variables: Object.assign({}, ...around.map((outer) => outer.variables).reverse(), branch.variables),
    context: {
      Execution: {
        Id: `arn:aws:states:local:000000000000:execution:${workflow}:${name}`,
        Input: execution.input,
        Name: name,
        StartTime: execution.startedAt,
        RedriveCount: 0,
      },
      StateMachine: { Id: `arn:aws:states:local:000000000000:stateMachine:${workflow}`, Name: workflow },
      State: {
        Name: branch.state,
        EnteredTime: branch.enteredAt,
        ...(state.type === 'Task' || state.type === 'Map' ? { RetryCount: retries } : {}),
      },
      ...(iteration?.itemIndex === undefined
        ? {}
        : { Map: { Item: { Index: iteration.itemIndex, Value: iteration.itemValue ?? null } } }),
    },
  };
};

export const withToken = (scene: Scene, token: string): Scene => ({
  ...scene,
  context: { ...scene.context, Task: { Token: token } },
});

/** What expressions are evaluated with: the variables and `$states`, to which `states` adds a result or an error. */
export const bind = (scene: Scene, states: JsonObject = {}): Bindings => ({
  ...scene.variables,
  states: { input: scene.branch.input, context: scene.context, ...states },
});

/** Step Functions says in the cause which state, and where in the history to find it. */
export const explained = ({ branch }: Scene, failure: StateFailure): StateFailure =>
  failure.location === undefined
    ? failure
    : new StateFailure(
        failure.error,
        `An error occurred while executing the state '${branch.state}' (entered at the event id #${branch.enteredEvent}). ${failure.cause}`,
        failure.location,
      );
