/** Where a backtest pretends that today is: the length of the history before each origin, and the steps ahead. */
export type RollingOrigins = { origins: number[]; horizon: number };

const MAX_ORIGINS = 8;
const MAX_HORIZON = 28;

/**
 * Up to 8 origins, evenly spaced over the last half of n values, each with a full horizon of values after it.
 *
 * The horizon is the one asked, at most 28 and at most a quarter of n; no origins where that leaves no step.
 * Out-of-sample evaluation by rolling origin: Tashman (2000), International Journal of Forecasting 16.
 */
export function rollingOrigins(n: number, asked: number): RollingOrigins {
  const horizon = Math.floor(Math.min(asked, MAX_HORIZON, n / 4));
  if (!(Number.isSafeInteger(n) && horizon >= 1)) return { origins: [], horizon: 0 };
  const first = Math.ceil(n / 2);
  const room = n - horizon - first;
  const count = Math.min(MAX_ORIGINS, room + 1);
  const gap = count > 1 ? room / (count - 1) : 0;
  return { origins: Array.from({ length: count }, (_, i) => first + Math.round(i * gap)), horizon };
}
