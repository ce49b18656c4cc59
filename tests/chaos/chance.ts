/** Randomness that a seed repeats. */
export type Chance = {
  /** Uniform in [0, 1). */
  random(): number;
  /** Uniform in [low, high). */
  between(low: number, high: number): number;
  /** One of several. @throws {RangeError} when there is none */
  pick<T>(from: readonly T[]): T;
  /** The same elements in another order. */
  shuffled<T>(of: readonly T[]): T[];
};

/** A generator of 32 bits of state (Marsaglia's xorshift, 2003): plenty to choose faults with. */
export function chanceOf(seed: number): Chance {
  let state = (Math.imul(seed, 0x9e3779b1) ^ 0x5bd1e995) | 1;
  const random = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
  for (let i = 0; i < 8; i++) random(); // small seeds look alike at first
  return {
    random,
    between: (low, high) => low + random() * (high - low),
    pick: (from) => {
      for (const one of from.slice(Math.floor(random() * from.length))) return one;
      throw new RangeError("There is nothing to pick from");
    },
    shuffled: (of) =>
      of.map((value) => ({ value, at: random() })).sort((a, b) => a.at - b.at).map(({ value }) => value),
  };
}
