import jsonata from 'jsonata';
import type { Json, JsonObject } from '../../shared/ports/record-store.ts';
import { DefinitionRefused } from './definition.ts';
import { queryEvaluationError, StateFailure } from './state-failure.ts';

/** `$states` and the workflow's variables, by name without the dollar sign. */
export type Bindings = Readonly<Record<string, Json>>;

export type Expression = {
  /** The text between `{%` and `%}`. */
  readonly source: string;
  /** The field it stands in, as Step Functions names it: `Arguments/Payload/caseNumber`. */
  readonly location: string;
  /** @throws StateFailure `States.QueryEvaluationError` when it fails, is undefined, or is no JSON. */
  evaluate(bindings: Bindings): Promise<Json>;
};

/** Functions whose result depends on the host's clock or on chance: a virtual clock could not rehearse them. */
const unrepeatable = new Set(['now', 'millis', 'random', 'uuid', 'shuffle']);
/** Functions that Step Functions forbids, or adds to JSONata and we do not use. */
const unsupported = new Set(['eval', 'partition', 'range', 'hash', 'parse']);

type Node = Readonly<Record<string, unknown>>;
const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null;

const refuseForbidden = (node: unknown, path: string): void => {
  if (Array.isArray(node)) {
    for (const part of node) refuseForbidden(part, path);
    return;
  }
  if (!isNode(node) || node instanceof RegExp) return;
  const { type, value } = node;
  if (type === 'variable' && typeof value === 'string') {
    if (unrepeatable.has(value))
      throw new DefinitionRefused(path, `$${value} is forbidden: its result cannot be repeated`);
    if (unsupported.has(value)) throw new DefinitionRefused(path, `$${value} is not supported`);
  }
  // With a picture, $toMillis fills the missing parts of a date from the host's clock.
  if (type === 'function' && isNode(node['procedure']) && node['procedure']['value'] === 'toMillis') {
    const given = node['arguments'];
    if (Array.isArray(given) && given.length > 1)
      throw new DefinitionRefused(path, '$toMillis with a picture is forbidden: it reads the host clock');
  }
  for (const part of Object.values(node)) refuseForbidden(part, path);
};

/** jsonata throws plain objects `{code, message}`, not errors. */
const describeError = (thrown: unknown): string => {
  if (!isNode(thrown)) return String(thrown);
  const { code, message } = thrown;
  return [code, message].filter((part) => typeof part === 'string').join(': ');
};

/** Values of JSONata carry marks (sequences) and may be functions or infinite: neither may reach the store. */
const plain = (value: unknown): Json | undefined => {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  if (Array.isArray(value)) {
    const items: Json[] = [];
    for (const item of value) {
      const kept = plain(item);
      if (kept === undefined) return undefined;
      items.push(kept);
    }
    return items;
  }
  if (!isNode(value) || '_jsonata_lambda' in value || '_jsonata_function' in value) return undefined;
  const entries: [string, Json][] = [];
  for (const [name, item] of Object.entries(value)) {
    if (item === undefined) continue;
    const kept = plain(item);
    if (kept === undefined) return undefined;
    entries.push([name, kept]);
  }
  return Object.fromEntries(entries);
};

/** The names of a bare `$variable.name.name`, without filters, sorting or anything else that JSONata can add to a path. */
const namesIn = (node: unknown): readonly string[] | undefined => {
  if (!isNode(node) || node['type'] !== 'path' || !Array.isArray(node['steps'])) return undefined;
  if (Object.keys(node).length !== 2) return undefined;
  const names = (node['steps'] as readonly Node[]).map((step, index) =>
    Object.keys(step).length === 3 && step['type'] === (index === 0 ? 'variable' : 'name')
      ? step['value']
      : undefined,
  );
  return names.every((name) => typeof name === 'string') ? names : undefined;
};

/** @returns what stands there; `undefined` where something is missing or a list, with which JSONata has its own way. */
const follow = (bindings: Bindings, names: readonly string[]): Json | undefined => {
  let value: Json = bindings;
  for (const name of names) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
    if (!Object.hasOwn(value, name)) return undefined;
    const next: Json | undefined = (value as JsonObject)[name];
    if (next === undefined) return undefined;
    value = next;
  }
  return Array.isArray(value) ? undefined : value;
};

/**
 * Most expressions of a workflow only name a value, or compare it with a text. These are answered without JSONata, which
 * sets up a whole environment for each of them.
 * @returns `undefined` when JSONata has to say, for the expression or for these bindings.
 */
const shortcutFor = (ast: unknown): ((bindings: Bindings) => Json | undefined) => {
  const names = namesIn(ast);
  if (names !== undefined) return (bindings) => follow(bindings, names);
  if (isNode(ast) && ast['type'] === 'binary' && ast['value'] === '=') {
    const [left, right] = [namesIn(ast['lhs']), ast['rhs']];
    if (left !== undefined && isNode(right) && right['type'] === 'string')
      return (bindings) => {
        const value = follow(bindings, left);
        return typeof value === 'string' ? value === right['value'] : undefined;
      };
  }
  return () => undefined;
};

/**
 * @param path where the expression stands in the document, for refusals
 * @throws DefinitionRefused when it does not parse or calls a forbidden function
 */
export const compileExpression = (source: string, location: string, path: string): Expression => {
  let compiled: jsonata.Expression;
  try {
    compiled = jsonata(source);
  } catch (thrown) {
    throw new DefinitionRefused(path, `not a JSONata expression: ${describeError(thrown)}`);
  }
  const ast: unknown = compiled.ast();
  refuseForbidden(ast, path);
  const shortcut = shortcutFor(ast);
  const fail = (what: string): never => {
    throw new StateFailure(
      queryEvaluationError,
      `The JSONata expression '${source}' specified for the field '${location}' ${what}`,
      location,
    );
  };
  return {
    source,
    location,
    evaluate: async (bindings) => {
      let value: unknown = shortcut(bindings);
      try {
        value ??= await compiled.evaluate(undefined, { ...bindings });
      } catch (thrown) {
        return fail(`threw an error during evaluation. ${describeError(thrown)}`);
      }
      if (value === undefined) return fail('returned nothing (undefined).');
      const kept = plain(value);
      return kept === undefined ? fail('returned a value that is not JSON.') : kept;
    },
  };
};
