export { getPredictions } from "./predictions.ts";
export { warmForecasts } from "./warmup.ts";
