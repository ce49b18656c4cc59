/**
 * Where a backtest pretends that today is: how many of n values are history each time, evenly spaced from `earliest` to
 * the last one with a full horizon of values after it; fewer than `most` where there is no room. None where no history
 * of `earliest` values leaves a horizon.
 *
 * Out-of-sample evaluation by rolling origin: Tashman (2000), International Journal of Forecasting 16.
 * @example
 * ```ts
 * rollingOrigins(40, { earliest: 20, horizon: 10, most: 8 }); // [20, 21, 23, 24, 26, 27, 29, 30]
 * ```
 */
export function rollingOrigins(n: number, { earliest, horizon, most }: OriginsAsked): number[] {
  const room = n - horizon - earliest;
  if (![n, earliest, horizon, most].every(Number.isSafeInteger) || horizon < 1 || earliest < 1 || room < 0) return [];
  const count = Math.min(most, room + 1);
  const gap = count > 1 ? room / (count - 1) : 0;
  return Array.from({ length: Math.max(0, count) }, (_, i) => (count === 1 ? room : Math.round(i * gap)) + earliest);
}

/** The shortest history, the steps ahead of each origin, and how many origins at most; whole numbers from 1 on. */
export type OriginsAsked = { earliest: number; horizon: number; most: number };
