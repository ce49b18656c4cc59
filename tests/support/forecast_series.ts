import type { Frequency } from "../../services/math/mod.ts";
import { normals, uniforms } from "../unit/math/seeded.ts";

/** A series whose truth is known, because a recipe made it: what a forecaster is shown, and what came next. */
export type KnownSeries = {
  /** The recipe, and its number: "weekday 3". */
  name: string;
  frequency: Frequency;
  season_length: number;
  /** Values to a season in the scaled error: 1 where a season is too long to be compared with the one before. */
  scaling: number;
  /** Oldest first; NaN where a day is missing. */
  history: number[];
  future: number[];
  /** The future without its noise, as far as the end of the history decides it: the best guess there is. */
  truth: number[];
};

type Recipe = {
  frequency: Frequency;
  season_length: number;
  scaling?: number;
  n: number;
  horizon: number;
  /** The level over time, about 1, of a series that drew `pick` in [0, 1). */
  level: (pick: number, n: number) => (t: number) => number;
  /** Standard deviation of the level's own steps, as a share of it. */
  wander?: number;
  /** Indices up to this size for each place in the season. */
  season?: { kind: "multiplicative" | "additive"; size: number };
  /** Values to a year: the level swings by a third over it. */
  year?: number;
  noise: { shape: Shape; size: number };
  /** Share of values that are 0, and that are missing. */
  zeros?: number;
  missing?: number;
};

type Shape = "normal" | "skewed" | "heavy";

const steady = () => () => 1;
const line = (slope: number) => (t: number) => 1 + slope * t;
const days = { frequency: "daily", season_length: 7, horizon: 28 } as const;
const months = { frequency: "monthly", season_length: 12, horizon: 18 } as const;
const quarters = { frequency: "quarterly", season_length: 4, horizon: 8 } as const;
const weekdays = { kind: "multiplicative", size: 0.3 } as const;

/** One recipe for each thing that a series of a charity does. */
const RECIPES = {
  steady: { ...days, n: 200, level: steady, noise: { shape: "normal", size: 0.2 } },
  trend: { ...months, n: 84, level: (pick) => line(0.02 * pick - 0.006), noise: { shape: "normal", size: 0.08 } },
  damped_trend: {
    ...quarters,
    n: 48,
    level: (pick) => (t) => 1 + (0.5 + pick) * (1 - 0.95 ** t),
    noise: { shape: "normal", size: 0.05 },
  },
  growth: {
    frequency: "yearly",
    season_length: 1,
    n: 24,
    horizon: 6,
    level: (pick) => (t) => (1.02 + 0.06 * pick) ** t,
    wander: 0.03,
    noise: { shape: "normal", size: 0.02 },
  },
  weekday: { ...days, n: 365, level: steady, season: weekdays, noise: { shape: "skewed", size: 0.2 } },
  weekday_below_zero: {
    ...days,
    n: 182,
    level: () => () => 0.5,
    season: { kind: "additive", size: 0.6 },
    noise: { shape: "normal", size: 0.3 },
  },
  month_of_year: {
    ...months,
    n: 120,
    level: (pick) => line(0.01 * pick),
    season: { kind: "multiplicative", size: 0.25 },
    noise: { shape: "skewed", size: 0.1 },
  },
  quarter_of_year: {
    ...quarters,
    n: 52,
    level: (pick) => line(0.02 * pick),
    season: { kind: "additive", size: 0.2 },
    noise: { shape: "heavy", size: 0.06 },
  },
  year_of_days: {
    ...days,
    n: 1096,
    horizon: 365,
    level: steady,
    season: weekdays,
    year: 365.25,
    noise: { shape: "normal", size: 0.15 },
  },
  year_of_weeks: {
    frequency: "weekly",
    season_length: 52,
    scaling: 1,
    n: 182,
    horizon: 26,
    level: steady,
    year: 365.25 / 7,
    noise: { shape: "normal", size: 0.1 },
  },
  level_break: {
    ...days,
    n: 240,
    level: (pick, n) => (t) => t < n - 45 ? 1 : pick < 0.5 ? 0.5 + pick / 2 : 1 + pick,
    season: weekdays,
    noise: { shape: "normal", size: 0.12 },
  },
  wandering: { ...months, n: 96, level: steady, wander: 0.06, noise: { shape: "normal", size: 0.04 } },
  missing_days: {
    ...days,
    n: 300,
    level: steady,
    season: weekdays,
    noise: { shape: "heavy", size: 0.1 },
    missing: 0.1,
  },
  intermittent: {
    ...months,
    scaling: 1,
    n: 51,
    horizon: 12,
    level: steady,
    noise: { shape: "skewed", size: 0.7 },
    zeros: 0.7,
  },
} satisfies Record<string, Recipe>;

/** What a series of the guard set is like. */
export type Kind = keyof typeof RECIPES;

/** The names of all recipes. */
export const KINDS: readonly Kind[] = Object.keys(RECIPES).filter((name): name is Kind => name in RECIPES);

/** `count` series of a recipe, at scales from 1 to 10,000; the same ones in every run. */
export function seriesOf(kind: Kind, count: number): KnownSeries[] {
  return Array.from({ length: count }, (_, i) => ({
    name: `${kind} ${i + 1}`,
    ...made(RECIPES[kind], 1000 * KINDS.indexOf(kind) + i + 1),
  }));
}

function made(recipe: Recipe, seed: number): Omit<KnownSeries, "name"> {
  const { frequency, season_length, scaling = season_length, n, horizon, zeros = 0, missing = 0 } = recipe;
  const uniform = uniforms(seed);
  const normal = normals(seed + 500);
  const unit = 10 ** (4 * uniform());
  const shaped = shapeOf(recipe, uniform);
  const values: number[] = [];
  const truth: number[] = [];
  let [drift, known] = [1, 1];
  for (let t = 0; t < n + horizon; t++) {
    drift *= Math.exp((recipe.wander ?? 0) * normal());
    if (t < n) known = drift;
    else truth.push(unit * shaped(t, known));
    // What is counted has errors that grow with it, and is never below 0; an additive series may be.
    const [size, least] = recipe.season?.kind === "additive" ? [1, -Infinity] : [shaped(t, drift), 0];
    const value = shaped(t, drift) + recipe.noise.size * size * noise(recipe.noise.shape, uniform, normal);
    values.push(uniform() < zeros ? 0 : unit * Math.max(least, value));
  }
  const history = values.slice(0, n).map((value) => uniform() < missing ? NaN : value);
  return { frequency, season_length, scaling, history, future: values.slice(n), truth };
}

/** The value at t without noise, of a level that has drifted by a factor. */
function shapeOf(recipe: Recipe, uniform: () => number): (t: number, drift: number) => number {
  const { season_length, season, year, n } = recipe;
  const level = recipe.level(uniform(), n);
  const indices = Array.from({ length: season_length }, () => (season?.size ?? 0) * (2 * uniform() - 1));
  const phase = uniform();
  return (t, drift) => {
    const swing = year === undefined ? 1 : 1 + Math.sin(2 * Math.PI * (t / year + phase)) / 3;
    const [base, index] = [level(t) * drift * swing, indices[t % season_length] ?? 0];
    return season?.kind === "additive" ? base + index : base * (1 + index);
  };
}

/** A random number of median 0: standard normal, exponential, or Student's t with 3 degrees of freedom. */
function noise(shape: Shape, uniform: () => number, normal: () => number): number {
  switch (shape) {
    case "normal":
      return normal();
    case "skewed":
      return -Math.log(1 - uniform()) - Math.LN2;
    case "heavy":
      return normal() / Math.sqrt((normal() ** 2 + normal() ** 2 + normal() ** 2) / 3);
  }
}
