import * as z from 'zod';
import type { Clock } from '../../shared/ports/clock.ts';
import type { Ids } from '../../shared/ports/ids.ts';
import type { Json, JsonObject } from '../../shared/ports/record-store.ts';
import type { Definition, TaskState } from './definition.ts';
import { catcherFor, nextRetry } from './error-handling.ts';
import { beginMap, choose, fail, leave, type Plan, wait } from './plans.ts';
import { bind, explained, payloadLimit, type Scene, sceneOf, withinLimit, withToken } from './scene.ts';
import { dataLimitError, runtimeError, StateFailure, timeoutError } from './state-failure.ts';
import { addSeconds, failureDetails, openStep, type Step } from './step.ts';
import { type BranchRow, type ExecutionRow, hashToken, type Store } from './store.ts';
import { evaluateSeconds, evaluateTemplate } from './template.ts';

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

type Decision = { readonly branch: BranchRow; readonly plan: Plan };

/** Reads back what a failed Map left for its own Retry and Catch. */
const failureIn = (result: Json | undefined): StateFailure => {
  const { Error: error, Cause: cause } = z.object({ Error: z.string(), Cause: z.string() }).parse(result);
  return new StateFailure(error, cause);
};

/** Events of an execution, at most: Step Functions' limit. */
const eventLimit = 25_000;
/** What stands in place of a task token in history. */
const tokenPlaceholder = '[task token]';
const resourceDetails = (state: TaskState): JsonObject => ({
  resourceType: 'lambda',
  resource: state.waitsForToken ? 'invoke.waitForTaskToken' : 'invoke',
});

const recordEvaluation = (step: Step, branch: BranchRow, { error, cause, location }: StateFailure): void => {
  if (location !== undefined)
    step.record('EvaluationFailed', { state: branch.state, location, ...failureDetails(error, cause) });
};

export const createInterpreter = (dependencies: InterpreterDependencies) => {
  const { store, invoke, clock, ids, transact, definitionOf } = dependencies;

  const isDue = (branch: BranchRow): boolean => branch.dueAt !== undefined && branch.dueAt <= clock.now();

  /** What to do about an error: retry, catch, or end the branch. `before` records what happened. */
  const settle = async (scene: Scene, failure: StateFailure, before: Plan = () => {}): Promise<Plan> => {
    const { branch, state } = scene;
    const { error, cause } = failure;
    const happened: Plan = (step) => {
      before(step);
      recordEvaluation(step, branch, failure);
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
            recordEvaluation(step, branch, newer);
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
        if (store.branchRev(branch.id) !== branch.rev) return false;
        store.updateBranch(hashed);
        return true;
      });
      if (!kept) return undefined;
      branch = { ...hashed, rev: branch.rev + 1 };
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
    advance: async (branch: BranchRow, execution: ExecutionRow | undefined): Promise<boolean> => {
      if (execution === undefined) throw new Error(`branch ${branch.id} has lost its execution`);
      const definition = definitionOf(execution.definitionHash);
      const state = definition.states.get(branch.state);
      if (state === undefined) throw new Error(`the definition has no state ${branch.state}`);
      const scene = sceneOf(store, execution, branch, state);
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
        // Every change of a branch raises its revision: with the same one, it is what was read before.
        if (store.branchRev(expected.id) !== expected.rev) return false;
        plan(openStep(store, definition, expected, clock.now()));
        return true;
      });
    },
  };
};
