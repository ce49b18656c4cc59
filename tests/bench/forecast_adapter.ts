// Not by services/math/mod.ts: the measurement runs without the import map of this project.
import { fitForecast, forecastInterval, type Frequency } from "../../services/math/forecast.ts";

/** What a forecaster is asked when its accuracy is measured on public series. */
type Asked = { seasonLength: number; horizon: number; level: number; frequency: string };

/** The engine in the form that the measurement calls: values with NaN for gaps, one level at a time. */
export function forecast(values: number[], { seasonLength, horizon, level, frequency }: Asked) {
  const fitted = fitForecast(values, { horizon, season_length: seasonLength, frequency: frequencyOf(frequency) });
  if (fitted === null) throw new RangeError("there is no value to forecast from");
  return { mean: fitted.mean, ...forecastInterval(fitted, level) };
}

function frequencyOf(name: string): Frequency {
  switch (name) {
    case "daily":
    case "weekly":
    case "monthly":
    case "quarterly":
    case "yearly":
      return name;
    default:
      return "monthly";
  }
}
