import { createHash } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import type { InvocationAnswer } from '../../../local/workflow-runner/interpreter.ts';
import {
  type AslDocument,
  createWorkflowRunner,
  type WorkflowRunner,
} from '../../../local/workflow-runner/runner.ts';
import { openDatabase } from '../../../shared/adapters/embedded/database.ts';
import type { Instant } from '../../../shared/domain/calendar/instant.ts';
import type { Json, JsonObject } from '../../../shared/ports/record-store.ts';
import type { ExecutionRef } from '../../../shared/ports/workflow-signals.ts';

export const at = (text: string): Instant => text as Instant;
export const beginning = at('2022-09-28T01:00:00.000Z');
export const theCase: ExecutionRef = { workflow: 'release-case', name: 'R-610302-2022-000123-r1-a1' };

/** Chance that can be repeated: the n-th draw is always the same. */
export const countingIds = (from = 0) => {
  let drawn = from;
  const next = (): string => {
    drawn += 1;
    return createHash('sha256').update(String(drawn)).digest('hex');
  };
  return { newId: () => next().slice(0, 26).toUpperCase(), newSeed: next };
};

export const settableClock = (start: Instant = beginning) => {
  let now = start;
  return {
    now: () => now,
    set: (instant: Instant) => {
      if (instant > now) now = instant;
    },
  };
};

export type FunctionOfTheHouse = (payload: Json) => InvocationAnswer | Promise<InvocationAnswer>;
export const answers = (value: Json): InvocationAnswer => ({ ok: true, value });
export const breaks = (errorType: string, errorMessage = 'on purpose'): InvocationAnswer => ({
  ok: false,
  errorType,
  errorMessage,
});

export type Rehearsal = {
  readonly db: DatabaseSync;
  readonly runner: WorkflowRunner;
  readonly clock: ReturnType<typeof settableClock>;
  readonly calls: { readonly name: string; readonly payload: Json }[];
  /** Starts {@link theCase} and advances it as far as it goes now. */
  start(input?: JsonObject): Promise<void>;
  /** Lets time pass up to and including an instant, event by event. */
  passTo(instant: Instant): Promise<void>;
  states(): string[];
  events(): string[];
};

/** One workflow on an in-memory database, a clock that is set by hand, and functions given by name. */
export const rehearse = (
  asl: AslDocument,
  functions: Readonly<Record<string, FunctionOfTheHouse>> = {},
  options: {
    readonly db?: DatabaseSync;
    readonly clock?: ReturnType<typeof settableClock>;
    readonly idsFrom?: number;
  } = {},
): Rehearsal => {
  const db = options.db ?? openDatabase(':memory:');
  const clock = options.clock ?? settableClock();
  const calls: { name: string; payload: Json }[] = [];
  const runner = createWorkflowRunner({
    db,
    clock,
    ids: countingIds(options.idsFrom),
    definitions: { 'release-case': asl },
    invoke: async (name, payload) => {
      calls.push({ name, payload });
      const called = functions[name];
      return called === undefined ? breaks('Lambda.ResourceNotFoundException') : called(payload);
    },
  });
  return {
    db,
    runner,
    clock,
    calls,
    start: async (input = {}) => {
      await runner.signals.start(theCase, input);
      await runner.runReady();
    },
    passTo: async (instant) => {
      for (let due = runner.nextDueAt(); due !== undefined && due <= instant; due = runner.nextDueAt()) {
        clock.set(due);
        if ((await runner.runReady()) === 0)
          throw new Error(`something is due at ${due} and nothing happens`);
      }
      clock.set(instant);
      await runner.runReady();
    },
    states: () =>
      runner
        .history(theCase)
        .filter((event) => event.type.endsWith('StateEntered'))
        .map((event) => String(event.details['name'])),
    events: () => runner.history(theCase).map((event) => event.type),
  };
};

/** A state machine of ours in short: JSONata, the first state first. */
export const machine = (states: JsonObject, more: JsonObject = {}): AslDocument => ({
  QueryLanguage: 'JSONata',
  StartAt: Object.keys(states)[0] ?? '',
  States: states,
  ...more,
});

export const invoke = (functionName: string, payload: Json, more: JsonObject): JsonObject => ({
  Type: 'Task',
  Resource: 'arn:aws:states:::lambda:invoke',
  Arguments: { FunctionName: functionName, Payload: payload },
  ...more,
});

export const awaitPerson = (functionName: string, more: JsonObject): JsonObject => ({
  Type: 'Task',
  Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
  Arguments: { FunctionName: functionName, Payload: { token: '{% $states.context.Task.Token %}' } },
  ...more,
});

/** Remembers the tokens that were handed out, the newest last. */
export const tokenKeeper = () => {
  const tokens: string[] = [];
  const keep: FunctionOfTheHouse = (payload) => {
    if (payload !== null && typeof payload === 'object' && 'token' in payload)
      tokens.push(String(payload['token']));
    return answers(null);
  };
  return { tokens, keep, newest: () => tokens.at(-1) ?? '' };
};
