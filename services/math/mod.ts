/** Pure mathematics: numbers in, numbers out, never NaN and never Infinity. */
export * from "./backtest_linear_trend.ts";
export * from "./incomplete_beta.ts";
export * from "./linear_fit.ts";
export * from "./linear_prediction.ts";
export * from "./linear_trend.ts";
export * from "./log_beta.ts";
export * from "./log_gamma.ts";
export * from "./normal_quantile.ts";
export * from "./normal_tails.ts";
export * from "./predict_linear_trend.ts";
export * from "./quantile.ts";
export * from "./rolling_origins.ts";
export * from "./student_t_cdf.ts";
export * from "./student_t_quantile.ts";
export * from "./student_t_tails.ts";
export * from "./summary.ts";
