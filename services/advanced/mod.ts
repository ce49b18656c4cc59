export { getPredictions } from "./predictions.ts";
