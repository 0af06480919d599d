import type { AslDocument } from '../../local/workflow-runner/runner.ts';
import type { Json, JsonObject } from '../../shared/ports/record-store.ts';
import { type Rehearsal, theCase } from './runner/rehearsal.ts';

type Way = JsonObject & { readonly Next: string };
type State = JsonObject & {
  readonly Type: string;
  readonly Next?: string;
  readonly Choices?: readonly Way[];
  readonly Default?: string;
  readonly Catch?: readonly (Way & { readonly ErrorEquals: readonly string[] })[];
  readonly TimeoutSeconds?: number | string;
  readonly Arguments?: { readonly FunctionName: string };
  readonly ItemProcessor?: Machine;
};
type Machine = JsonObject & { readonly States: Readonly<Record<string, State>> };

/** A task that calls a function, wherever it stands in the document. */
export type TaskFound = {
  readonly name: string;
  readonly calls: string;
  /** Absent where the time depends on the standing: a step that waits for a person. */
  readonly timeoutSeconds?: number;
};

const timesOut = (state: string): string => `${state} times out`;

/** A document that walks like the one it was made from, and whose history tells every way that was taken. */
export type Marked = {
  readonly document: AslDocument;
  /** Every state, every way out of one (a rule of a Choice counted from 0) and every timeout, as {@link walked} names them. */
  readonly ways: readonly string[];
  readonly tasks: readonly TaskFound[];
};

/** Puts a Pass state, which changes nothing, into every way from one state to another; its name says which way it is. */
export const markWays = (asl: AslDocument): Marked => {
  const ways: string[] = [];
  const tasks: TaskFound[] = [];

  const markMachine = (machine: Machine): Machine => {
    const States: Record<string, State> = {};
    const by = <Fork extends Way>(way: string, fork: Fork): Fork => {
      ways.push(way);
      States[way] = { Type: 'Pass', QueryLanguage: 'JSONata', Next: fork.Next };
      return { ...fork, Next: way };
    };
    for (const [name, state] of Object.entries(machine.States)) {
      ways.push(name);
      const { Next, Choices, Default, Catch, TimeoutSeconds, Arguments, ItemProcessor } = state;
      if (TimeoutSeconds !== undefined) ways.push(timesOut(name));
      if (Arguments !== undefined) {
        const fixed = typeof TimeoutSeconds === 'number' ? { timeoutSeconds: TimeoutSeconds } : {};
        tasks.push({ name, calls: Arguments.FunctionName, ...fixed });
      }
      States[name] = {
        ...state,
        ...(Next === undefined ? {} : by(`${name} goes on`, { Next })),
        ...(Choices === undefined
          ? {}
          : { Choices: Choices.map((rule, index) => by(`${name} by rule ${index}`, rule)) }),
        ...(Default === undefined ? {} : { Default: by(`${name} by default`, { Next: Default }).Next }),
        ...(Catch === undefined
          ? {}
          : { Catch: Catch.map((fork) => by(`${name} catches ${fork.ErrorEquals.join()}`, fork)) }),
        ...(ItemProcessor === undefined ? {} : { ItemProcessor: markMachine(ItemProcessor) }),
      };
    }
    return { ...machine, States };
  };

  return { document: markMachine(asl as Machine), ways, tasks };
};

/** @returns every state, way and timeout of a {@link Marked} document that the execution went through. */
export const walked = ({ runner, states }: Rehearsal): ReadonlySet<string> => {
  const history = runner.history(theCase);
  const stateOf = (id: number): string => {
    const event = history.find((one) => one.id === id);
    if (event === undefined) return '';
    const name: Json | undefined = event.details['name'];
    return event.type.endsWith('StateEntered') ? String(name) : stateOf(event.previousEventId);
  };
  return new Set([
    ...states(),
    ...history.filter(({ type }) => type === 'TaskTimedOut').map(({ id }) => timesOut(stateOf(id))),
  ]);
};
