import jsonata from 'jsonata';
import type { Json } from '../../shared/ports/record-store.ts';
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
  refuseForbidden(compiled.ast(), path);
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
      let value: unknown;
      try {
        value = await compiled.evaluate(undefined, { ...bindings });
      } catch (thrown) {
        return fail(`threw an error during evaluation. ${describeError(thrown)}`);
      }
      if (value === undefined) return fail('returned nothing (undefined).');
      const kept = plain(value);
      return kept === undefined ? fail('returned a value that is not JSON.') : kept;
    },
  };
};
