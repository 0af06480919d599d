import jsonata from 'jsonata';
import * as z from 'zod';

/**
 * What a validator of Amazon States Language does not see and we have to hold: nothing waits without an end, nothing
 * fails without being seen, and nothing depends on the host's clock or on chance.
 */
export type AslFinding = {
  readonly code:
    | 'token-not-passed'
    | 'token-outside-of-wait'
    | 'wait-not-timed'
    | 'timeout-not-caught'
    | 'escalation-does-not-return'
    | 'escalation-not-later'
    | 'duration-not-from-entry'
    | 'literal-wait'
    | 'choice-without-default'
    | 'no-retry-for-service-faults'
    | 'no-catch-to-an-operator'
    | 'variable-shadowed'
    | 'variable-unassigned'
    | 'function-forbidden'
    | 'not-jsonata';
  readonly state: string;
  readonly detail: string;
};

const retrier = z.looseObject({ ErrorEquals: z.array(z.string()) });
const catcher = z.looseObject({
  ErrorEquals: z.array(z.string()),
  Next: z.string(),
  Output: z.unknown().optional(),
  Assign: z.record(z.string(), z.unknown()).optional(),
});
const stateShape = z.looseObject({
  Type: z.string(),
  Resource: z.string().optional(),
  Arguments: z.unknown().optional(),
  TimeoutSeconds: z.unknown().optional(),
  Next: z.string().optional(),
  Default: z.string().optional(),
  Choices: z.array(z.looseObject({ Assign: z.record(z.string(), z.unknown()).optional() })).optional(),
  Retry: z.array(retrier).optional(),
  Catch: z.array(catcher).optional(),
  Assign: z.record(z.string(), z.unknown()).optional(),
  Output: z.unknown().optional(),
  Seconds: z.unknown().optional(),
  Timestamp: z.unknown().optional(),
  ItemProcessor: z.unknown().optional(),
});
type State = z.infer<typeof stateShape>;
const machineShape = z.looseObject({
  QueryLanguage: z.string().optional(),
  StartAt: z.string(),
  States: z.record(z.string(), stateShape),
});
type Machine = z.infer<typeof machineShape>;

/** Faults between the service and a function, that every Task has to outlive. */
const serviceFaults = [
  'Lambda.ServiceException',
  'Lambda.AWSLambdaException',
  'Lambda.SdkClientException',
  'Lambda.ClientExecutionTimeoutException',
  'Lambda.TooManyRequestsException',
];
/** A virtual clock cannot rehearse what reads the host's clock or chance. */
const forbidden = new Set(['now', 'millis', 'random', 'uuid', 'shuffle', 'eval']);
const tokenPath = '$states.context.Task.Token';
const entryPath = '$states.context.State.EnteredTime';

/** Every function that JSONata 2.0.6 or Step Functions defines; `states` and the two roots stand beside them. */
const known = new Set(
  `states $ sum count max min average string substring substringBefore substringAfter lowercase uppercase length trim
  pad match contains replace split join formatNumber formatBase formatInteger parseInteger number floor ceil round abs
  sqrt power random boolean not map zip filter single reduce sift keys lookup append exists spread merge reverse each
  error assert type sort shuffle distinct base64encode base64decode encodeUrlComponent encodeUrl decodeUrlComponent
  decodeUrl eval toMillis fromMillis clone now millis partition range hash uuid parse`.split(/\s+/),
);
known.add('');

const isExpression = (text: string): boolean => text.startsWith('{%') && text.endsWith('%}');

/** Every expression below a value, without its marks. */
const expressionsIn = (value: unknown): readonly string[] => {
  if (typeof value === 'string') return isExpression(value) ? [value.slice(2, -2).trim()] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(expressionsIn);
};

type Names = { readonly used: readonly string[]; readonly bound: readonly string[] };
const namesShape = z.looseObject({
  type: z.string().optional(),
  value: z.unknown().optional(),
  lhs: z.unknown().optional(),
});
const variableShape = z.looseObject({ type: z.literal('variable'), value: z.string() });
const nameOf = (node: unknown): readonly string[] => {
  const variable = variableShape.safeParse(node);
  return variable.success ? [variable.data.value] : [];
};

/** The variables of a JSONata syntax tree: those it reads and those it binds itself. */
const namesIn = (node: unknown): Names => {
  if (typeof node !== 'object' || node === null || node instanceof RegExp) return { used: [], bound: [] };
  const parts = Object.values(node).map(namesIn);
  const below = { used: parts.flatMap((part) => part.used), bound: parts.flatMap((part) => part.bound) };
  const shape = namesShape.safeParse(node);
  if (!shape.success) return below;
  const { type, lhs, arguments: given, focus, index } = shape.data;
  const bound = [
    ...(type === 'bind' ? nameOf(lhs) : []),
    ...(type === 'lambda' && Array.isArray(given) ? given.flatMap(nameOf) : []),
    ...[focus, index].filter((name) => typeof name === 'string'),
  ];
  return { used: [...nameOf(node), ...below.used], bound: [...bound, ...below.bound] };
};

/** A state's own fields, without those of the machine inside a Map. */
const ownFields = ({ ItemProcessor: _inside, ...fields }: State): unknown => fields;

const expressionFindings = (
  state: string,
  fields: State,
  visible: ReadonlySet<string>,
): readonly AslFinding[] =>
  expressionsIn(ownFields(fields)).flatMap((source): AslFinding[] => {
    let tree: unknown;
    try {
      tree = jsonata(source).ast();
    } catch {
      return [{ code: 'not-jsonata', state, detail: source }];
    }
    const { used, bound } = namesIn(tree);
    return [...new Set(used)].flatMap((name): AslFinding[] => {
      if (forbidden.has(name)) return [{ code: 'function-forbidden', state, detail: `$${name}` }];
      return known.has(name) || bound.includes(name) || visible.has(name)
        ? []
        : [{ code: 'variable-unassigned', state, detail: `$${name}` }];
    });
  });

const assignedBy = (state: State): readonly string[] =>
  [state, ...(state.Choices ?? []), ...(state.Catch ?? [])].flatMap(({ Assign }) =>
    Object.keys(Assign ?? {}),
  );

const waits = (state: State): boolean => state.Resource?.endsWith('.waitForTaskToken') === true;
const mentions = (value: unknown, path: string): boolean =>
  expressionsIn(value).some((source) => source.includes(path));

/**
 * A wait for a person: its token is passed, it ends, and its end escalates to a later day and waits again, at once or by
 * way of the machine's first state, which reads where the ledger stands.
 */
const waitFindings = (
  name: string,
  state: State,
  { States: states, StartAt: startAt }: Machine,
): readonly AslFinding[] => {
  const found: AslFinding[] = [];
  const find = (code: AslFinding['code'], detail: string) => found.push({ code, state: name, detail });
  if (!mentions(state.Arguments, tokenPath)) find('token-not-passed', `${tokenPath} is not in its arguments`);
  if (state.TimeoutSeconds === undefined) find('wait-not-timed', 'there is no TimeoutSeconds');
  else if (!mentions(state.TimeoutSeconds, entryPath))
    find('duration-not-from-entry', `TimeoutSeconds does not count from ${entryPath}`);
  const timeout = state.Catch?.find(({ ErrorEquals }) => ErrorEquals.includes('States.Timeout'));
  const escalation = states[timeout?.Next ?? ''];
  if (timeout === undefined || escalation?.Type !== 'Task')
    find('timeout-not-caught', 'States.Timeout does not lead to a Task');
  else if (escalation.Next !== name && escalation.Next !== startAt)
    find('escalation-does-not-return', `${timeout.Next} leads to ${escalation.Next}`);
  else if (!mentions([escalation.Output, escalation.Assign], '$states.result'))
    find('escalation-not-later', `${timeout.Next} drops the due time that it was answered`);
  return found;
};

const taskFindings = (
  name: string,
  state: State,
  states: Readonly<Record<string, State>>,
): readonly AslFinding[] => {
  const found: AslFinding[] = [];
  const find = (code: AslFinding['code'], detail: string) => found.push({ code, state: name, detail });
  const retried = new Set(state.Retry?.flatMap(({ ErrorEquals }) => ErrorEquals));
  const missing = serviceFaults.filter((fault) => !retried.has(fault) && !retried.has('States.ALL'));
  if (state.Type === 'Task' && missing.length > 0) find('no-retry-for-service-faults', missing.join(', '));
  if (state.Type === 'Task' && state.TimeoutSeconds === undefined && !waits(state))
    find('wait-not-timed', 'there is no TimeoutSeconds');
  const rest = state.Catch?.find(({ ErrorEquals }) => ErrorEquals.includes('States.ALL'));
  if (rest === undefined || states[rest.Next]?.Type !== 'Fail')
    find('no-catch-to-an-operator', 'States.ALL does not lead to a Fail state');
  return found;
};

const stateFindings = (name: string, state: State, machine: Machine): readonly AslFinding[] => {
  const found: AslFinding[] = [];
  const find = (code: AslFinding['code'], detail: string) => found.push({ code, state: name, detail });
  if (!waits(state) && mentions(ownFields(state), tokenPath)) find('token-outside-of-wait', tokenPath);
  if (state.Type === 'Choice' && state.Default === undefined)
    find('choice-without-default', 'there is no Default');
  if (state.Type === 'Wait' && expressionsIn([state.Seconds, state.Timestamp]).length === 0)
    find('literal-wait', 'the duration stands in the definition');
  if (state.Type === 'Task' || state.Type === 'Map') found.push(...taskFindings(name, state, machine.States));
  if (waits(state)) found.push(...waitFindings(name, state, machine));
  return found;
};

const machineFindings = (document: unknown, outer: ReadonlySet<string>): readonly AslFinding[] => {
  const machine = machineShape.parse(document);
  const { States: states } = machine;
  const own = Object.values(states).flatMap(assignedBy);
  const visible = new Set([...outer, ...own]);
  return Object.entries(states).flatMap(([name, state]) => [
    ...stateFindings(name, state, machine),
    ...expressionFindings(name, state, visible),
    ...assignedBy(state)
      .filter((variable) => outer.has(variable))
      .map((variable): AslFinding => ({ code: 'variable-shadowed', state: name, detail: `$${variable}` })),
    ...(state.ItemProcessor === undefined ? [] : machineFindings(state.ItemProcessor, visible)),
  ]);
};

/**
 * @param document a state machine in Amazon States Language with JSONata
 * @returns what is wrong with it; empty when nothing is
 * @throws ZodError when it is no state machine at all
 */
export const lintAsl = (document: unknown): readonly AslFinding[] => {
  const { QueryLanguage } = machineShape.parse(document);
  return QueryLanguage === 'JSONata'
    ? machineFindings(document, new Set())
    : [{ code: 'not-jsonata', state: '', detail: 'QueryLanguage is not JSONata' }];
};
