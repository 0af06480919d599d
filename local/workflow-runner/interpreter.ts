import * as z from 'zod';
import { type Instant, instantFromMillis } from '../../shared/domain/calendar/instant.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { Ids } from '../../shared/ports/ids.ts';
import type { Json, JsonObject } from '../../shared/ports/record-store.ts';
import type { ChoiceState, Definition, Exit, MapState, State, TaskState, WaitState } from './definition.ts';
import { catcherFor, nextRetry } from './error-handling.ts';
import type { Bindings } from './jsonata-expression.ts';
import { dataLimitError, runtimeError, StateFailure, timeoutError } from './state-failure.ts';
import { addSeconds, failureDetails, openStep, type Step } from './step.ts';
import { type BranchRow, type ExecutionRow, hashToken, type Store } from './store.ts';
import { evaluateSeconds, evaluateTemplate, unexpectedValue } from './template.ts';

export type InvocationAnswer =
  | { readonly ok: true; readonly value: Json | undefined }
  | { readonly ok: false; readonly errorType: string; readonly errorMessage: string };

/**
 * Runs one function of the house with a payload. It must settle (a hung function holds its execution), and it may be
 * called again for the same step after a crash: functions are idempotent.
 */
export type Invoke = (functionName: string, payload: Json) => Promise<InvocationAnswer>;

export type InterpreterDependencies = {
  readonly store: Store;
  readonly invoke: Invoke;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly transact: <T>(change: () => T) => T;
  readonly definitionOf: (hash: string) => Definition;
};

/** What a computed transition writes; it runs inside the transaction, if the branch has not changed meanwhile. */
type Plan = (step: Step) => void;
type Decision = { readonly branch: BranchRow; readonly plan: Plan };

/** Everything that the expressions of a state can see, but for results. */
type Scene = {
  readonly execution: ExecutionRow;
  readonly branch: BranchRow;
  readonly state: State;
  readonly variables: JsonObject;
  readonly context: JsonObject;
};

/** Reads back what a failed Map left for its own Retry and Catch. */
const failureIn = (result: Json | undefined): StateFailure => {
  const { Error: error, Cause: cause } = z.object({ Error: z.string(), Cause: z.string() }).parse(result);
  return new StateFailure(error, cause);
};

/** What stands in place of a task token in history. */
const tokenPlaceholder = '[task token]';
/** Step Functions' limits: bytes of a payload, events of an execution, iterations of an inline Map at once. */
export const payloadLimit = 262_144;
const eventLimit = 25_000;
const concurrencyLimit = 40;

const withinLimit = (value: Json, what: string): Json => {
  if (Buffer.byteLength(JSON.stringify(value)) <= payloadLimit) return value;
  throw new StateFailure(dataLimitError, `${what} is larger than ${payloadLimit} bytes.`);
};

const bind = (scene: Scene, states: JsonObject = {}): Bindings => ({
  ...scene.variables,
  states: { input: scene.branch.input, context: scene.context, ...states },
});

const resourceDetails = (state: TaskState): JsonObject => ({
  resourceType: 'lambda',
  resource: state.waitsForToken ? 'invoke.waitForTaskToken' : 'invoke',
});

const rfc3339 = /^(\d{4}-\d{2}-\d{2})T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/;

/** @returns milliseconds of an RFC 3339 timestamp; `undefined` when it is none, or names a day that does not exist. */
const timestampMillis = (text: string): number | undefined => {
  const day = rfc3339.exec(text)?.[1];
  if (day === undefined) return undefined;
  const midnight = Date.parse(`${day}T00:00:00Z`);
  if (Number.isNaN(midnight) || new Date(midnight).toISOString().slice(0, 10) !== day) return undefined;
  const millis = Date.parse(text);
  return Number.isNaN(millis) ? undefined : millis;
};

export const createInterpreter = (dependencies: InterpreterDependencies) => {
  const { store, invoke, clock, ids, transact, definitionOf } = dependencies;

  const isDue = (branch: BranchRow): boolean => branch.dueAt !== undefined && branch.dueAt <= clock.now();

  /** Inner scopes see the variables of the machines around them; those do not change while a Map runs. */
  const ancestors = (branch: BranchRow): BranchRow[] => {
    const parent = branch.parentId === undefined ? undefined : store.branch(branch.parentId);
    return parent === undefined ? [] : [parent, ...ancestors(parent)];
  };

  const sceneOf = (execution: ExecutionRow, branch: BranchRow, state: State): Scene => {
    const around = ancestors(branch);
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

  const withToken = (scene: Scene, token: string): Scene => ({
    ...scene,
    context: { ...scene.context, Task: { Token: token } },
  });

  /** Assign and Output both see the variables of before; what is assigned is seen from the next state on. */
  const leave = async (scene: Scene, exit: Exit, states: JsonObject, unchanged: Json): Promise<Plan> => {
    const { branch, state } = scene;
    if (state.type === 'Fail') throw new Error('a Fail state has no exit');
    const bindings = bind(scene, states);
    const assigned = exit.assign === undefined ? undefined : await evaluateTemplate(exit.assign, bindings);
    if (assigned !== undefined) withinLimit(assigned, 'What the state assigns');
    const output = withinLimit(
      exit.output === undefined ? unchanged : await evaluateTemplate(exit.output, bindings),
      'The output of the state',
    );
    const type = `${state.type}StateExited` as const;
    return (step) => {
      step.record(type, {
        name: branch.state,
        output,
        ...(assigned === undefined ? {} : { assignedVariables: assigned }),
      });
      if (exit.next === undefined) step.finish(output);
      else step.enter(exit.next, output, Object.assign({}, branch.variables, assigned));
    };
  };

  /** What to do about an error: retry, catch, or end the branch. `before` records what happened. */
  const settle = async (scene: Scene, failure: StateFailure, before: Plan = () => {}): Promise<Plan> => {
    const { branch, state } = scene;
    const { error, cause, location } = failure;
    const happened: Plan = (step) => {
      before(step);
      if (location !== undefined)
        step.record('EvaluationFailed', { state: branch.state, location, ...failureDetails(error, cause) });
    };
    if (state.type === 'Task' || state.type === 'Map') {
      const chance = () => Number.parseInt(ids.newSeed().slice(0, 12), 16) / 2 ** 48;
      const retry = nextRetry(state.retry, branch.retryCounts, error, chance);
      if (retry !== undefined)
        return (step) => {
          happened(step);
          step.park('backing-off', {
            dueAt: addSeconds(step.now, retry.delaySeconds),
            retryCounts: retry.counts,
          });
        };
      const catcher = catcherFor(state.catch, error);
      if (catcher !== undefined) {
        const errorOutput = { Error: error, Cause: cause };
        try {
          const caught = await leave(scene, catcher.exit, { errorOutput }, errorOutput);
          return (step) => {
            happened(step);
            caught(step);
          };
        } catch (thrown) {
          // A Catch whose own expressions fail is not caught again: the state fails with the newer error.
          if (!(thrown instanceof StateFailure)) throw thrown;
          const newer = explained(scene, thrown);
          return (step) => {
            happened(step);
            step.record('EvaluationFailed', {
              state: branch.state,
              ...(newer.location === undefined ? {} : { location: newer.location }),
              ...failureDetails(newer.error, newer.cause),
            });
            step.fail(newer.error, newer.cause);
          };
        }
      }
    }
    return (step) => {
      happened(step);
      step.fail(error, cause);
    };
  };

  /** Step Functions says in the cause which state, and where in the history to find it. */
  const explained = ({ branch }: Scene, failure: StateFailure): StateFailure =>
    failure.location === undefined
      ? failure
      : new StateFailure(
          failure.error,
          `An error occurred while executing the state '${branch.state}' (entered at the event id #${branch.enteredEvent}). ${failure.cause}`,
          failure.location,
        );

  const schedule = async (scene: Scene, state: TaskState): Promise<Plan> => {
    const seen = state.waitsForToken ? withToken(scene, tokenPlaceholder) : scene;
    const bindings = bind(seen);
    const payload = state.payload === undefined ? {} : await evaluateTemplate(state.payload, bindings);
    const parameters = {
      FunctionName: state.functionName,
      Payload: withinLimit(payload, 'The input of the task'),
    };
    const timeout =
      state.timeoutSeconds === undefined
        ? undefined
        : await evaluateSeconds(state.timeoutSeconds, 'TimeoutSeconds', 1, bindings);
    const { branch } = scene;
    return (step) => {
      step.record('TaskScheduled', {
        ...resourceDetails(state),
        parameters,
        ...(timeout === undefined ? {} : { timeoutInSeconds: timeout }),
      });
      step.record('TaskStarted', resourceDetails(state));
      // Each attempt has its own time; that of the first runs from the entry into the state.
      const from = branch.phase === 'entered' ? branch.enteredAt : step.now;
      step.park('invoking', {
        retryCounts: branch.retryCounts,
        ...(timeout === undefined ? {} : { dueAt: addSeconds(from, timeout) }),
      });
    };
  };

  const timeOut = (scene: Scene, state: TaskState): Promise<Plan> =>
    settle(scene, new StateFailure(timeoutError, ''), (step) =>
      step.record('TaskTimedOut', { ...resourceDetails(state), ...failureDetails(timeoutError, '') }),
    );

  const call = async (functionName: string, payload: Json): Promise<InvocationAnswer> => {
    try {
      return await invoke(functionName, structuredClone(payload));
    } catch (thrown) {
      // The message of an unforeseen error may quote data, and history must not hold any.
      const name = thrown instanceof Error ? thrown.name : typeof thrown;
      return { ok: false, errorType: 'Lambda.Unknown', errorMessage: `${functionName} broke with ${name}` };
    }
  };

  /** Calls the function. A token is made for every call and only its hash is kept, so a crash replaces the token. */
  const invokeTask = async (scene: Scene, state: TaskState): Promise<Decision | undefined> => {
    if (isDue(scene.branch)) return { branch: scene.branch, plan: await timeOut(scene, state) };
    let { branch } = scene;
    let seen = scene;
    const token = state.waitsForToken ? ids.newSeed() : undefined;
    if (token !== undefined) {
      const hashed = { ...branch, tokenHash: hashToken(token) };
      const kept = transact(() => {
        if (store.branch(branch.id)?.rev !== branch.rev) return undefined;
        store.updateBranch(hashed);
        return store.branch(branch.id);
      });
      if (kept === undefined) return undefined;
      branch = kept;
      seen = withToken({ ...scene, branch }, token);
    }
    let payload: Json;
    try {
      payload = state.payload === undefined ? {} : await evaluateTemplate(state.payload, bind(seen));
    } catch (thrown) {
      if (!(thrown instanceof StateFailure)) throw thrown;
      return { branch, plan: await settle(scene, explained(scene, thrown)) };
    }
    const answer = await call(state.functionName, payload);
    if (isDue(branch)) return { branch, plan: await timeOut(scene, state) };
    const details = resourceDetails(state);
    const failed = async (failure: StateFailure): Promise<Decision> => ({
      branch,
      plan: await settle(scene, failure, (step) =>
        step.record('TaskFailed', { ...details, ...failureDetails(failure.error, failure.cause) }),
      ),
    });
    if (!answer.ok) {
      const { errorType, errorMessage } = answer;
      return failed(new StateFailure(errorType, JSON.stringify({ errorType, errorMessage })));
    }
    const response = JSON.stringify({
      ExecutedVersion: '$LATEST',
      Payload: answer.value ?? null,
      StatusCode: 200,
    });
    const output = JSON.parse(
      token === undefined ? response : response.replaceAll(token, tokenPlaceholder),
    ) as Json;
    if (Buffer.byteLength(response) > payloadLimit)
      return failed(new StateFailure(dataLimitError, 'The result of the task is too large.'));
    if (token === undefined)
      return {
        branch,
        plan: (step) => {
          step.record('TaskSucceeded', { ...details, output });
          step.park('completed', { result: output, retryCounts: branch.retryCounts });
        },
      };
    return {
      branch,
      plan: (step) => {
        step.record('TaskSubmitted', { ...details, output });
        step.park('awaiting', {
          retryCounts: branch.retryCounts,
          tokenHash: branch.tokenHash,
          dueAt: branch.dueAt,
        });
      },
    };
  };

  const choose = async (scene: Scene, state: ChoiceState): Promise<Plan> => {
    const bindings = bind(scene);
    for (const [index, { condition, exit }] of state.rules.entries()) {
      const chosen = await evaluateTemplate(condition, bindings);
      if (typeof chosen !== 'boolean')
        return unexpectedValue(condition, `Choices[${index}]/Condition`, 'a boolean', chosen);
      if (chosen) return leave(scene, exit, {}, scene.branch.input);
    }
    if (state.otherwise !== undefined) return leave(scene, state.otherwise, {}, scene.branch.input);
    throw new StateFailure(
      'States.NoChoiceMatched',
      `No rule of the Choice state '${scene.branch.state}' matched and it has no Default.`,
    );
  };

  const wait = async (scene: Scene, state: WaitState): Promise<Plan> => {
    const { kind, value } = state.until;
    const bindings = bind(scene);
    let dueAt: Instant;
    if (kind === 'Seconds') {
      dueAt = addSeconds(scene.branch.enteredAt, await evaluateSeconds(value, kind, 0, bindings));
    } else {
      const timestamp = await evaluateTemplate(value, bindings);
      const millis = typeof timestamp === 'string' ? timestampMillis(timestamp) : undefined;
      if (millis === undefined) return unexpectedValue(value, kind, 'an RFC 3339 timestamp', timestamp);
      dueAt = instantFromMillis(millis);
    }
    return (step) => step.park('sleeping', { dueAt });
  };

  const beginMap = async (scene: Scene, state: MapState): Promise<Plan> => {
    const bindings = bind(scene);
    const items = await evaluateTemplate(state.items, bindings);
    if (!Array.isArray(items)) return unexpectedValue(state.items, 'Items', 'a list', items);
    const asked = await evaluateTemplate(state.maxConcurrency, bindings);
    if (typeof asked !== 'number' || !Number.isInteger(asked) || asked < 0)
      return unexpectedValue(state.maxConcurrency, 'MaxConcurrency', 'a whole number', asked);
    const concurrency = asked === 0 ? concurrencyLimit : Math.min(asked, concurrencyLimit);
    const iterations: { value: Json; input: Json }[] = [];
    for (const [index, value] of (items as readonly Json[]).entries()) {
      const context = { ...scene.context, Map: { Item: { Index: index, Value: value } } };
      const input =
        state.itemSelector === undefined
          ? value
          : await evaluateTemplate(state.itemSelector, bind({ ...scene, context }));
      iterations.push({ value, input });
    }
    return (step) => step.startIterations(iterations, state.iterationStartAt, concurrency);
  };

  const fail = async (scene: Scene, state: Extract<State, { type: 'Fail' }>): Promise<Plan> => {
    const bindings = bind(scene);
    const textOf = async (field: 'Error' | 'Cause', template: typeof state.error): Promise<string> => {
      if (template === undefined) return '';
      const value = await evaluateTemplate(template, bindings);
      return typeof value === 'string' ? value : unexpectedValue(template, field, 'a text', value);
    };
    const error = await textOf('Error', state.error);
    const cause = await textOf('Cause', state.cause);
    return (step) => step.fail(error, cause);
  };

  const enterState = (scene: Scene): Promise<Plan> => {
    const { state, branch } = scene;
    switch (state.type) {
      case 'Task':
        return schedule(scene, state);
      case 'Map':
        return beginMap(scene, state);
      case 'Choice':
        return choose(scene, state);
      case 'Wait':
        return wait(scene, state);
      case 'Fail':
        return fail(scene, state);
      case 'Pass':
      case 'Succeed':
        return leave(scene, state.exit, {}, branch.input);
    }
  };

  /** The next transition of a branch that can go on: because of its phase, or because its time has come. */
  const decide = async (scene: Scene): Promise<Decision | undefined> => {
    const { branch, state } = scene;
    const decided = async (plan: Promise<Plan>): Promise<Decision> => ({ branch, plan: await plan });
    switch (branch.phase) {
      case 'entered':
      case 'backing-off':
        return decided(enterState(scene));
      case 'invoking':
        if (state.type !== 'Task') break;
        return invokeTask(scene, state);
      case 'awaiting':
        if (state.type !== 'Task') break;
        return decided(timeOut(scene, state));
      case 'sleeping':
        if (state.type !== 'Wait') break;
        return decided(leave(scene, state.exit, {}, branch.input));
      case 'completed': {
        if (state.type !== 'Task' && state.type !== 'Map') break;
        const result = withinLimit(branch.result ?? null, 'The result of the state');
        return decided(leave(scene, state.exit, { result }, result));
      }
      case 'failed':
        return decided(settle(scene, failureIn(branch.result)));
      case 'mapping':
      case 'queued':
      case 'finished':
        break;
    }
    throw new Error(`branch ${branch.id} cannot go on from ${branch.phase} in a ${state.type} state`);
  };

  return {
    /**
     * Does one transition of a branch, durably.
     * @returns false when the branch changed or ended meanwhile, so that nothing was to be done
     * @throws only on a defect
     */
    advance: async (branch: BranchRow): Promise<boolean> => {
      const execution = store.execution(branch.executionId);
      if (execution === undefined) return false;
      const definition = definitionOf(execution.definitionHash);
      const state = definition.states.get(branch.state);
      if (state === undefined) throw new Error(`the definition has no state ${branch.state}`);
      const scene = sceneOf(execution, branch, state);
      let decision: Decision | undefined;
      try {
        if (execution.lastEvent >= eventLimit) {
          const cause = `The execution reached the maximum number of history events (${eventLimit}).`;
          decision = { branch, plan: (step) => step.fail(runtimeError, cause) };
        } else decision = await decide(scene);
      } catch (thrown) {
        if (!(thrown instanceof StateFailure)) throw thrown;
        decision = { branch, plan: await settle(scene, explained(scene, thrown)) };
      }
      if (decision === undefined) return false;
      const { branch: expected, plan } = decision;
      return transact(() => {
        const present = store.branch(expected.id);
        if (present === undefined || present.rev !== expected.rev) return false;
        plan(openStep(store, definition, present, clock.now()));
        return true;
      });
    },
  };
};
