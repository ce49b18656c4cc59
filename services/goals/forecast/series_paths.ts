import {
  fitForecast,
  type Forecast,
  type Frequency,
  type Paths,
  seededUniforms,
  simulatePaths,
  totalErrors,
} from "../../math/mod.ts";
import type { Gathering } from "./steps.ts";

/** Paths of a goal: enough that their share is within 3 points of the model's probability, 19 times of 20. */
export const PATHS = 1_000;

/** What is simulated of a series: how far, from which seed, and whether its steps add up. */
export type PathsAsked = {
  horizon: number;
  season_length: number;
  frequency: Frequency;
  /** Whether the values are levels that stay as they are read. */
  persists?: boolean;
  gathering: Gathering;
  seed: string;
};

/**
 * Ways that a series may go from its last value on, and the forecast they are drawn from; null where it has no value.
 * Steps that add up are as wrong together as such totals were on the history; see `totalErrors`.
 */
export function seriesPaths(values: readonly number[], asked: PathsAsked): { paths: Paths; forecast: Forecast } | null {
  const { gathering, seed, ...question } = asked;
  const forecast = fitForecast(values, question);
  if (forecast === null) return null;
  const drawn = { count: PATHS, uniform: seededUniforms(seed) };
  const adds = gathering !== "level";
  const paths = simulatePaths(forecast, adds ? { ...drawn, totals: totalErrors(values, question) } : drawn);
  return { forecast, paths };
}
