import fc from 'fast-check';
import type { PauseCause } from '../../shared/domain/release/events.ts';
import { people } from './people.ts';
import { type Crash, householdsInModel } from './real-ledger.ts';

/** What somebody does next: every choice that is not the model's to make is made here, by chance. */
export type Move = {
  readonly slot: number;
  readonly crash: Crash;
} & (
  | { readonly kind: 'report'; readonly by: number | 'usual' }
  | { readonly kind: 'request'; readonly by: number | 'usual' }
  | {
      readonly kind: 'answer';
      /** Which of the open holds, and which outcome of it. */
      readonly pick: number;
      readonly outcome: number;
      readonly by: number | 'usual';
      readonly evidence: boolean;
      /** Which measures failed, where any may. */
      readonly which: number;
      readonly failedMonths: number;
    }
  | { readonly kind: 'answer-again' }
  | { readonly kind: 'answer-other-step'; readonly pick: number }
  | { readonly kind: 'object' }
  | {
      readonly kind: 'timer';
      readonly timer: 'awaited' | 'notice' | 'filing' | 'city-report';
      /** Of a round that is over. */
      readonly wrong: boolean;
      /** Rings when its time has come, not just now. */
      readonly inTime: boolean;
      readonly draw: number;
    }
  | { readonly kind: 'look'; readonly pick: number; readonly vacant: boolean }
  | { readonly kind: 'withdraw'; readonly by: number; readonly how: 'household' | 'signed-form' | 'district' }
  | { readonly kind: 'pause'; readonly cause: PauseCause }
  | { readonly kind: 'verify' }
  | { readonly kind: 'sleep'; readonly hours: number | 'next' }
);

const often = <T>(usual: T, rarely: fc.Arbitrary<T>, weight = 9): fc.Arbitrary<T> =>
  fc.oneof({ weight, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: rarely });

const common = {
  slot: often(0, fc.nat(householdsInModel - 1), 3),
  crash: often<Crash>('none', fc.constantFrom<Crash>('before-commit', 'after-commit', 'two-at-once'), 5),
};
/** The last of {@link people} hold every office between them: they are stopped by their own house or their own decisions. */
const by = often<number | 'usual'>(
  'usual',
  fc.oneof(
    fc.nat(people.length - 1),
    fc.nat(2).map((back) => people.length - 1 - back),
  ),
);

const one = (weight: number, arbitrary: fc.Arbitrary<Move>) => ({ weight, arbitrary });

const timers = ['notice', 'filing', 'city-report'] as const;

export const move: fc.Arbitrary<Move> = fc.oneof(
  one(
    120,
    fc.record({
      ...common,
      kind: fc.constant('answer' as const),
      pick: fc.nat(9),
      outcome: often(0, fc.constant(1), 12),
      by,
      evidence: often(true, fc.constant(false)),
      which: fc.nat(3),
      failedMonths: fc.nat(2),
    }),
  ),
  one(8, fc.record({ ...common, kind: fc.constant('report' as const), by })),
  one(4, fc.record({ ...common, kind: fc.constant('request' as const), by })),
  one(
    20,
    fc.record({
      ...common,
      kind: fc.constant('sleep' as const),
      hours: fc.oneof(fc.constant('next' as const), fc.nat(40), fc.nat(400)),
    }),
  ),
  one(
    24,
    fc.record({
      ...common,
      kind: fc.constant('timer' as const),
      timer: often<(typeof timers)[number] | 'awaited'>('awaited', fc.constantFrom(...timers), 6),
      wrong: often(false, fc.constant(true), 12),
      inTime: fc.boolean(),
      draw: fc.nat(999).map((thousandths) => thousandths / 1000),
    }),
  ),
  one(
    10,
    fc.record({
      ...common,
      kind: fc.constant('look' as const),
      pick: fc.nat(9),
      vacant: often(false, fc.constant(true), 4),
    }),
  ),
  one(10, fc.record({ ...common, kind: fc.constant('object' as const) })),
  one(3, fc.record({ ...common, kind: fc.constant('answer-again' as const) })),
  one(2, fc.record({ ...common, kind: fc.constant('answer-other-step' as const), pick: fc.nat(9) })),
  one(
    2,
    fc.record({
      ...common,
      kind: fc.constant('withdraw' as const),
      by: fc.nat(people.length - 1),
      how: fc.constantFrom('household' as const, 'signed-form' as const, 'district' as const),
    }),
  ),
  one(
    1,
    fc.record({
      ...common,
      kind: fc.constant('pause' as const),
      cause: fc.constantFrom<PauseCause>('death', 'split', 'moved', 'merged'),
    }),
  ),
  one(4, fc.record({ ...common, kind: fc.constant('verify' as const) })),
);
