/** A stream of random draws that is the same on every machine and in every run. */
export interface Random {
  /** Uniform in [0, 1). */
  unit(): number;
  /** A whole number from low to high, both included. */
  whole(low: number, high: number): number;
  /** True with probability p. */
  chance(p: number): boolean;
  /** Normal; sd ≥ 0. */
  normal(mean: number, sd: number): number;
  /** Lognormal with this median; sigma is the standard deviation of the logarithm. */
  lognormal(median: number, sigma: number): number;
  /** Poisson count; 0 for a mean ≤ 0. */
  poisson(mean: number): number;
  /** Successes among n trials of probability p, always within 0 … n. */
  binomial(n: number, p: number): number;
  /** One key of a table of weights, as often as its weight says. */
  pick<K extends string>(weights: Readonly<Record<K, number>>): K;
}

/**
 * A seeded stream: the same key gives the same draws. Streams of different keys are unrelated, so a day or a partner
 * with its own key never shifts the draws of another.
 */
export function seededRandom(...key: readonly (string | number)[]): Random {
  const unit = uniform(key.join("/"));
  const normal = (mean: number, sd: number) =>
    mean + sd * Math.sqrt(-2 * Math.log(1 - unit())) * Math.cos(2 * Math.PI * unit());
  const whole = (low: number, high: number) => low + Math.floor(unit() * (high - low + 1));
  const poisson = (mean: number) =>
    mean > 30 ? Math.max(0, Math.round(normal(mean, Math.sqrt(mean)))) : smallPoisson(mean, unit);
  return {
    unit,
    whole,
    chance: (p) => unit() < p,
    normal,
    lognormal: (median, sigma) => median * Math.exp(normal(0, sigma)),
    poisson,
    binomial: (n, p) => clamp(n * p * (1 - p) > 9 ? normal(n * p, Math.sqrt(n * p * (1 - p))) : rare(n, p), n),
    pick: (weights) => pickWeighted(weights, unit()),
  };

  /** Small variances, drawn as Poisson on whichever of success and failure is the rarer. */
  function rare(n: number, p: number): number {
    return p <= 0.5 ? poisson(n * p) : n - poisson(n * (1 - p));
  }
}

/** sfc32 (Chris Doty-Humphrey, PractRand, 2010), seeded by FNV-1a of the key and warmed up. */
function uniform(key: string): () => number {
  let a = 0x811c9dc5, b = 0x9e3779b9, c = key.length, counter = 1;
  for (let i = 0; i < key.length; i++) {
    a = Math.imul(a ^ key.charCodeAt(i), 0x01000193);
    b = Math.imul(b ^ a, 0x85ebca6b);
  }
  const draw = () => {
    const t = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + t | 0;
    return (t >>> 0) / 4_294_967_296;
  };
  for (let i = 0; i < 12; i++) draw();
  return draw;
}

/** Knuth's product method; exact, and short for the small means it is used for. */
function smallPoisson(mean: number, unit: () => number): number {
  const limit = Math.exp(-Math.max(0, mean));
  let count = 0;
  for (let product = unit(); product > limit; product *= unit()) count++;
  return count;
}

/** The key of a table of weights that a uniform number (0–1) falls on. */
export function pickWeighted<K extends string>(weights: Readonly<Record<K, number>>, unit: number): K {
  const keys = keysOf(weights);
  let rest = unit * keys.reduce((sum, key) => sum + weights[key], 0);
  for (const key of keys) {
    rest -= weights[key];
    if (rest < 0) return key;
  }
  const last = keys.at(-1);
  if (last === undefined) throw new RangeError("a pick needs at least one weight");
  return last;
}

/** The keys of a table, typed: Object.keys widens them to string, though a literal table has no others. */
export function keysOf<K extends string>(table: Readonly<Record<K, unknown>>): K[] {
  return Object.keys(table) as K[];
}

/** The n-th of a sequence that fills 0–1 more evenly than chance (multiples of the golden ratio; Weyl, 1916). */
export function spread(n: number): number {
  return n * 0.618_033_988_749_895 % 1;
}

function clamp(value: number, high: number): number {
  return Math.max(0, Math.min(high, Math.round(value)));
}
