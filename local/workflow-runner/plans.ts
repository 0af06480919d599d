import { type Instant, instantFromMillis } from '../../shared/domain/calendar/instant.ts';
import type { Json, JsonObject } from '../../shared/ports/record-store.ts';
import type { ChoiceState, Exit, FailState, MapState, WaitState } from './definition.ts';
import { bind, type Scene, withinLimit } from './scene.ts';
import { StateFailure } from './state-failure.ts';
import { addSeconds, type Step } from './step.ts';
import { evaluateSeconds, evaluateTemplate, unexpectedValue } from './template.ts';

/** What a computed transition writes; it runs inside the transaction, if the branch has not changed meanwhile. */
export type Plan = (step: Step) => void;

/** Iterations of an inline Map at once, at most: Step Functions' limit. */
const concurrencyLimit = 40;

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

/** Assign and Output both see the variables of before; what is assigned is seen from the next state on. */
export const leave = async (scene: Scene, exit: Exit, states: JsonObject, unchanged: Json): Promise<Plan> => {
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

export const choose = async (scene: Scene, state: ChoiceState): Promise<Plan> => {
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

export const wait = async (scene: Scene, state: WaitState): Promise<Plan> => {
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

export const beginMap = async (scene: Scene, state: MapState): Promise<Plan> => {
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

export const fail = async (scene: Scene, state: FailState): Promise<Plan> => {
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
