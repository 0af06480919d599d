import { expect } from 'vitest';
import type { Decision, Refusal } from '../../shared/domain/access/decision.ts';

/** A decider of the domain: what may happen, and what a state looks like once it has. */
type Decider<State, Command, Event, Recorded, Context, Code extends string> = {
  readonly decide: (state: State | undefined, command: Command, context: Context) => Decision<Event, Code>;
  readonly evolve: (state: State | undefined, event: Recorded) => State;
};

/** What is expected of the facts: the type always, of the data as much as matters here. */
export type ExpectedEvent<Event extends { readonly type: string }> = {
  readonly type: Event['type'];
  readonly data?: object;
};

/** `given(events).when(command, context).then(events | refusal)` over one decider. */
export const specificationOf =
  <State, Command, Event extends { readonly type: string }, Recorded, Context, Code extends string>({
    decide,
    evolve,
  }: Decider<State, Command, Event, Recorded, Context, Code>) =>
  (past: readonly Recorded[]) => ({
    when: (command: Command, context: Context) => {
      const state = past.reduce<State | undefined>((before, event) => evolve(before, event), undefined);
      const decision = decide(state, command, context);
      return {
        /** The facts, all of them and in this order; or the refusal, to the letter. */
        // biome-ignore lint/suspicious/noThenProperty: given, when, then are the words; nothing is awaited.
        then: (expected: readonly ExpectedEvent<Event>[] | Refusal<Code>): void => {
          if ('code' in expected) expect(decision).toEqual({ refusal: expected });
          else expect(decision).toMatchObject({ events: expected });
        },
        thenNothing: (): void => expect(decision).toEqual({ events: [] }),
        thenRefused: (code: Code): void => expect(decision).toMatchObject({ refusal: { code } }),
      };
    },
  });
