import { fTails } from "./f_tails.ts";
import { seasonalDecomposition } from "./seasonal_decomposition.ts";

/** How much of a series its trend and its season explain. */
export type SeriesStrengths = {
  /** 0: none, or no more than chance would give; 1: all that the season leaves. Null where it cannot be told. */
  trend_strength: number | null;
  /** 0 to 1, likewise of what the trend leaves; null without two whole seasons. */
  seasonal_strength: number | null;
  /** The chance of such a season in values that have none, by an F test; null without two whole seasons. */
  seasonal_p_value: number | null;
  /** What each place in the season adds to the trend, in units of the values, the first value's place at 0. */
  season: number[];
};

/**
 * The strengths of trend and season, max(0, 1 − Var(R) / Var(T + R)) and max(0, 1 − Var(R) / Var(S + R)) of the values
 * split into T + S + R (Wang, Smith & Hyndman 2006, Data Mining and Knowledge Discovery 13). Each variance is a sum of
 * squares over its degrees of freedom, so that values without a trend or season have a strength about 0 however few
 * they are. Free of scale and unit. A series without any variation has strengths of 0.
 * @example
 * ```ts
 * const weeks = Array.from({ length: 28 }, (_, day) => day % 7 === 6 ? 9 : 2);
 * seriesStrengths(weeks, 7).seasonal_strength; // 1.000
 * ```
 */
export function seriesStrengths(values: readonly number[], season_length: number): SeriesStrengths {
  const parts = seasonalDecomposition(values, season_length);
  if (parts === null || parts.free < 1) {
    return { trend_strength: null, seasonal_strength: null, seasonal_p_value: null, season: [] };
  }
  const { first, trend, season, free } = parts;
  const m = season.length;
  const size = Math.max(...values.map(Math.abs)) || 1;
  const r = parts.remainder.map((value) => value / size);
  const t = r.map((value, i) => value + (trend[i] ?? 0) / size);
  const s = r.map((value, i) => value + (season[(first + i) % m] ?? 0) / size);
  const rest = { squares: squares(r), free };
  const trend_strength = strength(rest, { squares: squares(t), free: r.length - m });
  if (m === 1) return { trend_strength, seasonal_strength: null, seasonal_p_value: null, season: [] };
  const seasonal = { squares: squares(s), free: free + m - 1 };
  return {
    trend_strength,
    seasonal_strength: strength(rest, seasonal),
    seasonal_p_value: significance(rest, seasonal),
    season,
  };
}

/** A sum of squares about the mean, and its degrees of freedom. */
type Variation = { squares: number; free: number };

/** Squares below this are rounding, of values that are at most 1 in size. */
const ROUNDING = 1e-24;

function strength(rest: Variation, all: Variation): number | null {
  if (all.squares <= ROUNDING) return 0;
  if (all.free <= 0) return null;
  return Math.max(0, 1 - (rest.squares / rest.free) / (all.squares / all.free));
}

/** Whether the places of the season differ by more than chance. */
function significance(rest: Variation, all: Variation): number {
  if (all.squares <= ROUNDING) return 1;
  if (rest.squares <= ROUNDING) return 0;
  const between = all.free - rest.free;
  const f = Math.max(0, all.squares - rest.squares) / between / (rest.squares / rest.free);
  return fTails(f, between, rest.free)?.outside ?? 1;
}

function squares(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
}
