import type { Frequency } from "../../services/math/forecast.ts";
import { normals, uniforms } from "../unit/math/seeded.ts";

/** A made series of which the rule is known, its future held back. */
export type GuardSeries = {
  kind: string;
  frequency: Frequency;
  season_length: number;
  history: number[];
  future: number[];
};

/** The value of each step without noise, and how noise is put to it. */
type Rule = {
  frequency: Frequency;
  season_length: number;
  n: number;
  horizon: number;
  at(step: number, own: Own): number;
  noise: "additive" | "multiplicative" | "skewed" | "heavy" | "intermittent" | "missing" | "walk";
};

/** What differs between the series of a kind: three numbers in [0, 1). */
type Own = readonly [number, number, number];

const wave = (step: number, length: number, shift: number) => Math.sin(2 * Math.PI * (step / length + shift));

const RULES: Record<string, Rule> = {
  level: { ...daily(200), at: (_, [a]) => 100 + 50 * a, noise: "additive" },
  weekdays: { ...daily(200), at: (t, [a, b]) => 100 * (1 + (0.2 + 0.3 * a) * wave(t, 7, b)), noise: "multiplicative" },
  "weekdays on a trend": {
    ...daily(300),
    at: (t, [a, b]) => (80 + 0.2 * t) * (1 + 0.3 * wave(t, 7, a * b)),
    noise: "skewed",
  },
  "weekdays and a year": {
    ...daily(800),
    at: (t, [a, b]) => 100 * (1 + 0.3 * wave(t, 7, a)) * (1 + 0.3 * wave(t, 365.25, b)),
    noise: "multiplicative",
  },
  "a level that broke": { ...daily(250), at: (t, [a]) => t < 180 ? 60 : 140 + 20 * a, noise: "heavy" },
  "missing days": { ...daily(200), at: (t, [a, b]) => 100 * (1 + 0.4 * wave(t, 7, a * b)), noise: "missing" },
  "a wandering level": { ...daily(250), at: () => 300, noise: "walk" },
  "mostly zeros": { ...daily(250), at: (_, [a]) => 0.2 + 0.2 * a, noise: "intermittent" },
  "below zero": { ...daily(200), at: (t, [a]) => 10 * wave(t, 7, a) - 5, noise: "additive" },
  "months of a season": {
    ...{ frequency: "monthly", season_length: 12, n: 84, horizon: 18 },
    at: (t, [a, b]) => (100 + (2 * a - 0.5) * t) * (1 + 0.3 * wave(t, 12, b)),
    noise: "multiplicative",
  },
  "quarters of a season": {
    ...{ frequency: "quarterly", season_length: 4, n: 48, horizon: 8 },
    at: (t, [a, b]) => 200 + 3 * a * t + 40 * wave(t, 4, b),
    noise: "additive",
  },
  "years of a trend": {
    ...{ frequency: "yearly", season_length: 1, n: 25, horizon: 6 },
    at: (t, [a]) => 100 + (2 + 4 * a) * t,
    noise: "additive",
  },
};

function daily(n: number) {
  return { frequency: "daily", season_length: 7, n, horizon: 28 } as const;
}

/** Eight series of each kind, always the same: 96 in all. */
export function guardSeries(): GuardSeries[] {
  return Object.entries(RULES).flatMap(([kind, rule], place) =>
    Array.from({ length: 8 }, (_, i) => make(kind, rule, 1_000 * (place + 1) + i))
  );
}

function make(kind: string, { frequency, season_length, n, horizon, at, noise }: Rule, seed: number): GuardSeries {
  const [uniform, normal] = [uniforms(seed), normals(seed + 500)];
  const own: Own = [uniform(), uniform(), uniform()];
  let walked = 0;
  const values = Array.from({ length: n + horizon }, (_, step) => {
    const plain = at(step, own);
    switch (noise) {
      case "additive":
        return plain + 8 * normal();
      case "multiplicative":
        return plain * (1 + 0.1 * normal());
      case "skewed":
        return plain * Math.exp(0.15 * normal() - 0.01125); // a mean of 1
      case "heavy":
        return plain + 6 * normal() / Math.sqrt(0.2 + uniform());
      case "intermittent":
        return uniform() < plain ? Math.ceil(5 * uniform()) : 0;
      case "missing":
        return step < n && uniform() < 0.15 ? NaN : plain * (1 + 0.1 * normal());
      case "walk":
        walked += 4 * normal();
        return plain + walked + 8 * normal();
    }
  });
  return { kind, frequency, season_length, history: values.slice(0, n), future: values.slice(n) };
}

/**
 * Naive2, the yardstick of the M competitions (Makridakis et al. 1982, 2020): the last value, of a series whose
 * autocorrelation at the season passes a 90 % test the last value without its season, times the season's index.
 */
export function naive2(values: readonly number[], m: number, horizon: number): number[] {
  const last = values.at(-1) ?? 0;
  const indices = isSeasonal(values, m) ? classicalIndices(values, m) : null;
  if (indices === null) return Array<number>(horizon).fill(last);
  const n = values.length;
  const base = last / (indices[(n - 1) % m] ?? 1);
  return Array.from({ length: horizon }, (_, k) => base * (indices[(n + k) % m] ?? 1));
}

function isSeasonal(values: readonly number[], m: number): boolean {
  const n = values.length;
  if (m === 1 || n < 3 * m) return false;
  const mean = average(values);
  const deviations = values.map((value) => value - mean);
  const power = deviations.reduce((sum, d) => sum + d * d, 0);
  const r = (lag: number) => deviations.slice(lag).reduce((sum, d, i) => sum + d * (deviations[i] ?? 0), 0) / power;
  let squares = 0;
  for (let lag = 1; lag < m; lag++) squares += r(lag) ** 2;
  return Math.abs(r(m)) > 1.645 * Math.sqrt((1 + 2 * squares) / n);
}

/** Multiplicative indices by the ratio to a centred moving average; null where they are not all positive. */
function classicalIndices(values: readonly number[], m: number): number[] | null {
  const half = Math.floor(m / 2);
  const ratios = Array.from({ length: m }, (): number[] => []);
  for (let i = half; i < values.length - half; i++) {
    const window = values.slice(i - half, i + half + 1);
    const total = window.reduce((sum, value) => sum + value, 0);
    const ends = ((window[0] ?? 0) + (window.at(-1) ?? 0)) / 2;
    ratios[i % m]?.push((values[i] ?? 0) / ((m % 2 === 0 ? total - ends : total) / m));
  }
  const raw = ratios.map(average);
  const level = average(raw);
  return raw.every((ratio) => ratio > 0 && Number.isFinite(ratio)) ? raw.map((ratio) => ratio / level) : null;
}

const average = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
