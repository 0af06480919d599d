import type { Json } from '../../shared/ports/record-store.ts';
import type { Expression } from './jsonata-expression.ts';

/** A JSON value of the definition in which some strings are JSONata expressions. */
export type Template =
  | { readonly kind: 'constant'; readonly value: Json }
  | { readonly kind: 'expression'; readonly expression: Expression }
  | { readonly kind: 'list'; readonly items: readonly Template[] }
  | { readonly kind: 'object'; readonly entries: readonly (readonly [string, Template])[] };

/** Where a state goes and what it leaves behind. `next` is absent when the state ends its branch. */
export type Exit = {
  readonly next?: string;
  readonly assign?: Template;
  readonly output?: Template;
};

export type Retrier = {
  readonly errorEquals: readonly string[];
  readonly intervalSeconds: number;
  readonly backoffRate: number;
  readonly maxAttempts: number;
  readonly maxDelaySeconds?: number;
  readonly fullJitter: boolean;
};

export type Catcher = { readonly errorEquals: readonly string[]; readonly exit: Exit };

export type ErrorHandlers = { readonly retry: readonly Retrier[]; readonly catch: readonly Catcher[] };

export type TaskState = ErrorHandlers & {
  readonly type: 'Task';
  readonly functionName: string;
  readonly waitsForToken: boolean;
  /** Absent: the function is called with `{}`. */
  readonly payload?: Template;
  readonly timeoutSeconds?: Template;
  readonly exit: Exit;
};

export type MapState = ErrorHandlers & {
  readonly type: 'Map';
  readonly items: Template;
  readonly itemSelector?: Template;
  readonly maxConcurrency: Template;
  /** The first state of each iteration; the states themselves stand in {@link Definition.states}. */
  readonly iterationStartAt: string;
  readonly exit: Exit;
};

export type ChoiceState = {
  readonly type: 'Choice';
  readonly rules: readonly { readonly condition: Template; readonly exit: Exit }[];
  readonly otherwise?: Exit;
};

export type WaitState = {
  readonly type: 'Wait';
  readonly until: { readonly kind: 'Seconds' | 'Timestamp'; readonly value: Template };
  readonly exit: Exit;
};

export type FailState = { readonly type: 'Fail'; readonly error?: Template; readonly cause?: Template };

export type State =
  | TaskState
  | MapState
  | ChoiceState
  | WaitState
  | FailState
  | { readonly type: 'Pass' | 'Succeed'; readonly exit: Exit };

/** A checked and compiled state machine. State names are unique in the whole document, so nesting needs no path. */
export type Definition = {
  readonly startAt: string;
  readonly timeoutSeconds?: number;
  readonly states: ReadonlyMap<string, State>;
};

/** The definition asks for something that the runner does not do, or does not hold together. Raised at load only. */
export class DefinitionRefused extends Error {
  override readonly name = 'DefinitionRefused';
  /** Where in the document, for example `States.AwaitTown.HeartbeatSeconds`. */
  readonly path: string;
  constructor(path: string, reason: string) {
    super(`${path}: ${reason}`);
    this.path = path;
  }
}
