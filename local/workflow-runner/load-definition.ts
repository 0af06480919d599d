import type { JsonObject } from '../../shared/ports/record-store.ts';
import type { Catcher, Definition, ErrorHandlers, Exit, Retrier, State, Template } from './definition.ts';
import { type FieldReader, readFields } from './field-reader.ts';
import { compileTemplate } from './template.ts';

/** Collects the names that the states of one machine assign. */
type Scope = { readonly own: Set<string> };

const always = ['Type', 'Comment', 'QueryLanguage'];
const going = ['Next', 'End'];
const leaving = ['Output', 'Assign'];
const handling = ['Retry', 'Catch'];
const secondsLimit = 99_999_999;
const invokeResource = /^arn:aws(?:-[a-z]+)*:states:::lambda:invoke(\.waitForTaskToken)?$/;
const variableName = /^[\p{ID_Start}][\p{ID_Continue}]{0,79}$/u;

const requireJsonata = (fields: FieldReader, language: string): void => {
  if (language !== 'JSONata')
    fields.refuse(
      'QueryLanguage',
      `must be JSONata, ${language} is not supported by the embedded workflow runner`,
    );
};

const loadAssign = (fields: FieldReader, scope: Scope): { assign?: Template } => {
  const assign = fields.template('Assign');
  if (assign === undefined) return {};
  if (assign.kind !== 'object') return fields.refuse('Assign', 'must be an object of variable names');
  for (const [name] of assign.entries) {
    if (!variableName.test(name)) fields.refuse(`Assign.${name}`, 'is not a name for a variable');
    if (name === 'states') fields.refuse('Assign.states', 'is reserved');
    scope.own.add(name);
  }
  return { assign };
};

const loadLeaving = (fields: FieldReader, scope: Scope): Pick<Exit, 'assign' | 'output'> => {
  const output = fields.template('Output');
  return { ...loadAssign(fields, scope), ...(output === undefined ? {} : { output }) };
};

const loadExit = (fields: FieldReader, scope: Scope): Exit => {
  const next = fields.optionalText('Next');
  if (fields.has('End') && fields.has('Next')) fields.refuse('End', 'stands beside Next');
  if (next !== undefined) return { next, ...loadLeaving(fields, scope) };
  if (!fields.has('End')) fields.refuse('Next', 'is missing, and End too');
  fields.requireTrue('End');
  return loadLeaving(fields, scope);
};

const loadErrorEquals = (fields: FieldReader, last: boolean): readonly string[] => {
  const errorEquals = fields.texts('ErrorEquals');
  if (errorEquals.includes('States.ALL') && (errorEquals.length > 1 || !last))
    fields.refuse('ErrorEquals', 'States.ALL must stand alone and in the last entry');
  return errorEquals;
};

const loadRetrier = (fields: FieldReader, last: boolean): Retrier => {
  fields.only([
    'ErrorEquals',
    'IntervalSeconds',
    'BackoffRate',
    'MaxAttempts',
    'MaxDelaySeconds',
    'JitterStrategy',
    'Comment',
  ]);
  const seconds = { least: 1, most: secondsLimit, whole: true };
  const jitter = fields.optionalText('JitterStrategy') ?? 'NONE';
  if (jitter !== 'NONE' && jitter !== 'FULL') fields.refuse('JitterStrategy', 'must be NONE or FULL');
  const maxDelaySeconds = fields.number('MaxDelaySeconds', { ...seconds, most: 31_622_400 });
  return {
    errorEquals: loadErrorEquals(fields, last),
    intervalSeconds: fields.number('IntervalSeconds', seconds) ?? 1,
    backoffRate: fields.number('BackoffRate', { least: 1, most: secondsLimit, whole: false }) ?? 2,
    maxAttempts: fields.number('MaxAttempts', { least: 0, most: secondsLimit, whole: true }) ?? 3,
    ...(maxDelaySeconds === undefined ? {} : { maxDelaySeconds }),
    fullJitter: jitter === 'FULL',
  };
};

const loadCatcher = (fields: FieldReader, last: boolean, scope: Scope): Catcher => {
  fields.only(['ErrorEquals', 'Next', 'Assign', 'Output', 'Comment']);
  const exit = { next: fields.text('Next'), ...loadLeaving(fields, scope) };
  return { errorEquals: loadErrorEquals(fields, last), exit };
};

const loadHandlers = (fields: FieldReader, scope: Scope): ErrorHandlers => {
  const retriers = fields.has('Retry') ? fields.objects('Retry') : [];
  const catchers = fields.has('Catch') ? fields.objects('Catch') : [];
  return {
    retry: retriers.map((retrier, index) => loadRetrier(retrier, index === retriers.length - 1)),
    catch: catchers.map((catcher, index) => loadCatcher(catcher, index === catchers.length - 1, scope)),
  };
};

const loadSeconds = (fields: FieldReader, field: string, least: 0 | 1): Template | undefined => {
  const template = fields.template(field);
  if (template?.kind !== 'expression') fields.number(field, { least, most: secondsLimit, whole: true });
  return template;
};

const loadTask = (fields: FieldReader, scope: Scope): State => {
  fields.only([...always, ...going, ...leaving, ...handling, 'Resource', 'Arguments', 'TimeoutSeconds']);
  const resource = invokeResource.exec(fields.text('Resource'));
  if (resource === null)
    return fields.refuse(
      'Resource',
      `${fields.text('Resource')} is not supported by the embedded workflow runner`,
    );
  const invocation = fields.object('Arguments');
  invocation.only(['FunctionName', 'Payload']);
  const functionName = invocation.text('FunctionName');
  if (functionName.startsWith('{%')) invocation.refuse('FunctionName', 'must be a literal function name');
  const payload = invocation.template('Payload', 'Arguments/Payload');
  const timeoutSeconds = loadSeconds(fields, 'TimeoutSeconds', 1);
  return {
    type: 'Task',
    functionName,
    waitsForToken: resource[1] !== undefined,
    ...(payload === undefined ? {} : { payload }),
    ...(timeoutSeconds === undefined ? {} : { timeoutSeconds }),
    exit: loadExit(fields, scope),
    ...loadHandlers(fields, scope),
  };
};

const loadWait = (fields: FieldReader, scope: Scope): State => {
  fields.only([...always, ...going, ...leaving, 'Seconds', 'Timestamp']);
  if (fields.has('Seconds') && fields.has('Timestamp')) fields.refuse('Timestamp', 'stands beside Seconds');
  const exit = loadExit(fields, scope);
  const seconds = loadSeconds(fields, 'Seconds', 0);
  if (seconds !== undefined) return { type: 'Wait', until: { kind: 'Seconds', value: seconds }, exit };
  fields.text('Timestamp');
  const timestamp = fields.template('Timestamp') ?? fields.refuse('Timestamp', 'is missing');
  return { type: 'Wait', until: { kind: 'Timestamp', value: timestamp }, exit };
};

const loadChoice = (fields: FieldReader, scope: Scope): State => {
  fields.only([...always, ...leaving, 'Choices', 'Default']);
  const rules = fields.objects('Choices').map((rule) => {
    rule.only(['Condition', 'Next', 'Assign', 'Output', 'Comment']);
    const condition = rule.template('Condition') ?? rule.refuse('Condition', 'is missing');
    if (
      condition.kind !== 'expression' &&
      !(condition.kind === 'constant' && typeof condition.value === 'boolean')
    )
      rule.refuse('Condition', 'must be a JSONata expression or a boolean');
    return { condition, exit: { next: rule.text('Next'), ...loadLeaving(rule, scope) } };
  });
  const next = fields.optionalText('Default');
  const leave = loadLeaving(fields, scope);
  return { type: 'Choice', rules, ...(next === undefined ? {} : { otherwise: { next, ...leave } }) };
};

const loadMap = (fields: FieldReader, scope: Scope): State => {
  fields.only([
    ...always,
    ...going,
    ...leaving,
    ...handling,
    'Items',
    'ItemSelector',
    'MaxConcurrency',
    'ItemProcessor',
  ]);
  const processor = fields.object('ItemProcessor');
  processor.only(['ProcessorConfig', 'StartAt', 'States', 'Comment', 'QueryLanguage']);
  if (processor.has('ProcessorConfig')) {
    const config = processor.object('ProcessorConfig');
    config.only(['Mode']);
    if ((config.optionalText('Mode') ?? 'INLINE') !== 'INLINE')
      config.refuse('Mode', 'only INLINE is supported');
  }
  const itemSelector = fields.template('ItemSelector');
  const concurrency = fields.template('MaxConcurrency');
  if (concurrency?.kind !== 'expression')
    fields.number('MaxConcurrency', { least: 0, most: secondsLimit, whole: true });
  const exit = loadExit(fields, scope);
  const handlers = loadHandlers(fields, scope);
  return {
    type: 'Map',
    items: fields.template('Items') ?? compileTemplate('{% $states.input %}', 'Items', fields.path),
    ...(itemSelector === undefined ? {} : { itemSelector }),
    maxConcurrency: concurrency ?? { kind: 'constant', value: 0 },
    iterationStartAt: processor.text('StartAt'),
    exit,
    ...handlers,
  };
};

const loadSucceed = (fields: FieldReader): State => {
  fields.only([...always, 'Output']);
  const output = fields.template('Output');
  return { type: 'Succeed', exit: output === undefined ? {} : { output } };
};

const loadFail = (fields: FieldReader): State => {
  fields.only([...always, 'Error', 'Cause']);
  fields.optionalText('Error');
  fields.optionalText('Cause');
  const error = fields.template('Error');
  const cause = fields.template('Cause');
  return {
    type: 'Fail',
    ...(error === undefined ? {} : { error }),
    ...(cause === undefined ? {} : { cause }),
  };
};

const loadState = (fields: FieldReader, language: string, scope: Scope): State => {
  requireJsonata(fields, fields.optionalText('QueryLanguage') ?? language);
  const type = fields.text('Type');
  switch (type) {
    case 'Task':
      return loadTask(fields, scope);
    case 'Pass':
      fields.only([...always, ...going, ...leaving]);
      return { type, exit: loadExit(fields, scope) };
    case 'Choice':
      return loadChoice(fields, scope);
    case 'Wait':
      return loadWait(fields, scope);
    case 'Succeed':
      return loadSucceed(fields);
    case 'Fail':
      return loadFail(fields);
    case 'Map':
      return loadMap(fields, scope);
    default:
      return fields.refuse('Type', `${type} is not supported by the embedded workflow runner`);
  }
};

const exitsOf = (state: State): readonly Exit[] => {
  switch (state.type) {
    case 'Task':
    case 'Map':
      return [state.exit, ...state.catch.map((catcher) => catcher.exit)];
    case 'Choice':
      return [
        ...state.rules.map((rule) => rule.exit),
        ...(state.otherwise === undefined ? [] : [state.otherwise]),
      ];
    case 'Wait':
    case 'Pass':
    case 'Succeed':
      return [state.exit];
    case 'Fail':
      return [];
  }
};

/** Loads one `StartAt` and `States`, and the machines inside its Map states, into the one list of states. */
const loadMachine = (
  fields: FieldReader,
  inherited: string,
  outer: ReadonlySet<string>,
  states: Map<string, State>,
): string => {
  const language = fields.optionalText('QueryLanguage') ?? inherited;
  const scope: Scope = { own: new Set() };
  const named = fields.named('States');
  const names = new Set(named.map(([name]) => name));
  for (const [name, state] of named) {
    if (name === '' || name.length > 80)
      state.refuse('Type', 'stands in a state whose name is not of 1 to 80 characters');
    if (states.has(name)) fields.refuse(`States.${name}`, 'is a name used twice in this document');
    const loaded = loadState(state, language, scope);
    for (const { next } of exitsOf(loaded))
      if (next !== undefined && !names.has(next)) state.refuse('Next', `leads to ${next}, which is not here`);
    states.set(name, loaded);
  }
  for (const name of scope.own)
    if (outer.has(name))
      fields.refuse('States', `assign $${name}, which the machine around them assigns too`);
  const visible = new Set([...outer, ...scope.own]);
  for (const [name, state] of named)
    if (states.get(name)?.type === 'Map')
      loadMachine(
        state.object('ItemProcessor'),
        state.optionalText('QueryLanguage') ?? language,
        visible,
        states,
      );
  const startAt = fields.text('StartAt');
  return names.has(startAt) ? startAt : fields.refuse('StartAt', `names ${startAt}, which is not here`);
};

/**
 * Checks and compiles a state machine in Amazon States Language with JSONata.
 * @throws DefinitionRefused naming the path of the first type, field, resource or function that the runner does not do
 */
export const loadDefinition = (document: JsonObject): Definition => {
  const fields = readFields(document, '');
  fields.only(['Comment', 'QueryLanguage', 'StartAt', 'States', 'TimeoutSeconds']);
  const timeoutSeconds = fields.number('TimeoutSeconds', { least: 1, most: secondsLimit, whole: true });
  const states = new Map<string, State>();
  // Without a QueryLanguage a document is JSONPath, says the specification.
  const startAt = loadMachine(fields, 'JSONPath', new Set(), states);
  return { startAt, states, ...(timeoutSeconds === undefined ? {} : { timeoutSeconds }) };
};
