import { sum } from "simple-statistics";
import { analysisOfVariance } from "./analysis_of_variance.ts";

/**
 * Equally spaced values less the mean of their place in the season, so that what is left has no season (the classical
 * decomposition's seasonal means; Persons 1919). Null stays null, and so does a value that is not finite or whose
 * difference is not.
 * @param season_length values to a season; below 2, or with nothing known, nothing is taken away
 * @example
 * ```ts
 * withoutSeason([1, 10, 3, 12, null, 14], 2); // [-1, -2, 1, 0, null, 2]
 * ```
 */
export function withoutSeason(values: readonly (number | null)[], season_length: number): (number | null)[] {
  const known = values.map(finite);
  if (!(season_length >= 2)) return known;
  const means = places(known, season_length).map((own) => own.length === 0 ? null : sum(own) / own.length);
  return known.map((value, i) => value === null ? null : finite(value - (means[i % season_length] ?? 0)));
}

/**
 * How surely the places of a season differ: the p-value of an analysis of variance between them (Fisher 1925).
 *
 * Null where fewer than three values of each place are known, for seasons below 2, and for constants.
 * @param season_length values to a season, whole
 * @example
 * ```ts
 * seasonTest([1, 10, 3, 12, 2, 14], 2); // 0.0014965
 * ```
 */
export function seasonTest(values: readonly (number | null)[], season_length: number): number | null {
  if (!(season_length >= 2)) return null;
  const groups = places(values.map(finite), season_length);
  if (groups.some((own) => own.length < FEWEST_SEASONS)) return null;
  return analysisOfVariance(groups)?.p_value ?? null;
}

const FEWEST_SEASONS = 3;

const finite = (value: number | null) => Number.isFinite(value) ? value : null;

/** What is known of each place. */
function places(values: readonly (number | null)[], season_length: number): number[][] {
  return Array.from(
    { length: season_length },
    (_, place) => values.filter((value, i): value is number => i % season_length === place && value !== null),
  );
}
