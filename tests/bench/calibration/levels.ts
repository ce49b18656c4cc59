import { fitForecast, forecastInterval } from "../../../services/math/mod.ts";
import { coverage, mean } from "../../support/forecast_scores.ts";
import { type Kind, KINDS, seriesOf } from "../../support/forecast_series.ts";

export const LEVELS = [0.5, 0.8, 0.9, 0.95, 0.99] as const;
const EACH = 20;

/** Of each kind of the guard set, the share of the future that intervals hold at each level. */
export function coverageByLevel(): { kind: Kind; held: number[] }[] {
  return KINDS.map((kind) => {
    const fitted = seriesOf(kind, EACH).flatMap(({ history, future, season_length, frequency }) => {
      const forecast = fitForecast(history, { horizon: future.length, season_length, frequency });
      return forecast === null ? [] : [{ forecast, future }];
    });
    const held = LEVELS.map((level) =>
      mean(fitted.map(({ forecast, future }) => coverage(forecastInterval(forecast, level), future)))
    );
    return { kind, held };
  });
}
