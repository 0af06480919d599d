/** Chance that comes out the same for the same seed, on every machine (mulberry32). */
export type Chance = {
  /** @returns a whole number from 0 to `below` - 1. */
  below(below: number): number;
};

export const createChance = (seed: number): Chance => {
  let state = seed >>> 0;
  return {
    below(below) {
      state = (state + 0x6d2b79f5) >>> 0;
      let mixed = Math.imul(state ^ (state >>> 15), state | 1);
      mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
      return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
    },
  };
};

/** @returns the values in another order (Fisher and Yates). */
export const shuffled = <Value>(values: readonly Value[], chance: Chance): Value[] => {
  const order = [...values];
  for (let last = order.length - 1; last > 0; last -= 1) {
    const other = chance.below(last + 1);
    [order[last], order[other]] = [order[other] as Value, order[last] as Value];
  }
  return order;
};
