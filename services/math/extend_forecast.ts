import type { Forecast } from "./forecast.ts";

/**
 * A forecast with more steps than it was fitted for: the last season goes on, and the spread grows as it did.
 * The same forecast where it has as many already.
 * @example
 * ```ts
 * const forecast = { mean: [1, 2], spread: [1, 1], growth: 0, errors: [0], floor: null };
 * extendForecast(forecast, 5, 2).mean; // [1, 2, 1, 2, 1]
 * ```
 */
export function extendForecast<Fit extends Pick<Forecast, "mean" | "spread" | "growth">>(
  forecast: Fit,
  steps: number,
  season_length: number,
): Fit {
  const { mean, spread, growth } = forecast;
  const known = mean.length;
  if (known === 0 || steps <= known) return forecast;
  const m = season_length <= known ? season_length : 1;
  const more = Array.from({ length: steps - known }, (_, i) => ({ step: known + i, from: known - m + i % m }));
  const wider = (step: number, from: number) => Math.sqrt((1 + growth * step) / (1 + growth * from));
  return {
    ...forecast,
    mean: [...mean, ...more.map(({ from }) => mean[from] ?? 0)],
    spread: [...spread, ...more.map(({ step, from }) => (spread[from] ?? 0) * wider(step, from))],
  };
}
