import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ledgerHolds } from './invariants.ts';
import { type Move, move } from './moves.ts';
import { type Model, startingModel } from './plan.ts';
import { carryOut } from './play.ts';
import { createReached, toReach } from './reached.ts';
import { createRealLedger, householdsInModel, type RealLedger } from './real-ledger.ts';

/** How many sequences, over all workers that run this file side by side. */
const sequences = Number(process.env['MODEL_RUNS'] ?? 10_000);
const numRuns = Math.ceil(sequences / Number(process.env['MODEL_WORKERS'] ?? 1));
/** From here on chance alone leaves nothing out. */
const enoughToReachAll = 2_000;

class Played implements fc.Command<Model, RealLedger> {
  readonly move: Move;
  constructor(one: Move) {
    this.move = one;
  }
  check(): boolean {
    return true;
  }
  run(model: Model, ledger: RealLedger): void {
    carryOut(model, ledger, this.move);
  }
  toString(): string {
    return JSON.stringify(this.move);
  }
}

const sequence = fc.commands<Model, RealLedger>([move.map((one) => new Played(one))], {
  maxCommands: 70,
  size: 'max',
});

test(`in ${numRuns} sequences of people, timers and crashes, domain and ledger do what the model says`, () => {
  const reached = createReached();
  const property = fc.property(sequence, (commands) => {
    const ledger = createRealLedger();
    fc.modelRun(() => ({ model: startingModel(householdsInModel), real: ledger }), commands);
    ledgerHolds(ledger, reached.look);
  });
  fc.assert(property, { numRuns });
  if (numRuns >= enoughToReachAll) expect(reached.all()).toEqual(toReach);
});
