/** The parts of the forecast engine, `fitForecast`; nothing outside services/math/forecast.ts builds on them. */
export * from "./combination.ts";
export * from "./error_scale.ts";
export * from "./known_history.ts";
export * from "./learnable.ts";
export * from "./season.ts";
export * from "./seasons.ts";
