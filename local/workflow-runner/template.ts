import type { Json } from '../../shared/ports/record-store.ts';
import type { Template } from './definition.ts';
import { type Bindings, compileExpression } from './jsonata-expression.ts';
import { queryEvaluationError, StateFailure } from './state-failure.ts';

const isList = (value: Json): value is readonly Json[] => Array.isArray(value);

/** A string is an expression when it begins with `{%` and ends with `%}`, with nothing around: so Step Functions reads it. */
const expressionIn = (text: string): string | undefined =>
  text.startsWith('{%') && text.endsWith('%}') && text.length >= 4 ? text.slice(2, -2).trim() : undefined;

/** @throws DefinitionRefused naming the path of the expression that cannot be used. */
export const compileTemplate = (value: Json, location: string, path: string): Template => {
  if (typeof value === 'string') {
    const source = expressionIn(value);
    return source === undefined
      ? { kind: 'constant', value }
      : { kind: 'expression', expression: compileExpression(source, location, path) };
  }
  if (value === null || typeof value !== 'object') return { kind: 'constant', value };
  if (isList(value)) {
    const items = value.map((item, index) =>
      compileTemplate(item, `${location}[${index}]`, `${path}[${index}]`),
    );
    return { kind: 'list', items };
  }
  const entries = Object.entries(value).map(
    ([name, item]) => [name, compileTemplate(item, `${location}/${name}`, `${path}.${name}`)] as const,
  );
  return { kind: 'object', entries };
};

/** @throws StateFailure `States.QueryEvaluationError` */
export const evaluateTemplate = async (template: Template, bindings: Bindings): Promise<Json> => {
  switch (template.kind) {
    case 'constant':
      return template.value;
    case 'expression':
      return template.expression.evaluate(bindings);
    case 'list': {
      const items: Json[] = [];
      for (const item of template.items) items.push(await evaluateTemplate(item, bindings));
      return items;
    }
    case 'object': {
      const entries: [string, Json][] = [];
      for (const [name, item] of template.entries)
        entries.push([name, await evaluateTemplate(item, bindings)]);
      return Object.fromEntries(entries);
    }
  }
};

/** A value that the field cannot take. @throws StateFailure `States.QueryEvaluationError` */
export const unexpectedValue = (template: Template, field: string, expected: string, value: Json): never => {
  const source =
    template.kind === 'expression' ? `The JSONata expression '${template.expression.source}'` : 'The value';
  throw new StateFailure(
    queryEvaluationError,
    `${source} specified for the field '${field}' returned an unexpected result. Expected ${expected}, but was: ${JSON.stringify(value)}`,
    field,
  );
};

/** @throws StateFailure unless the field is a whole number of seconds within `least` and 99,999,999. */
export const evaluateSeconds = async (
  template: Template,
  field: string,
  least: 0 | 1,
  bindings: Bindings,
): Promise<number> => {
  const value = await evaluateTemplate(template, bindings);
  return typeof value === 'number' && Number.isInteger(value) && value >= least && value <= 99_999_999
    ? value
    : unexpectedValue(template, field, `an integer from ${least} to 99999999`, value);
};
