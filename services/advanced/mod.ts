export { backtest } from "./backtests.ts";
export { getForecasts } from "./forecasts.ts";
export { getPredictions } from "./predictions.ts";
export { warmForecasts } from "./warmup.ts";
