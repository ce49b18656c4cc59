/**
 * Naive2, the yardstick of the M4 competition (Makridakis et al. 2020): the last value, in the season of a classical
 * multiplicative decomposition where the autocorrelation at the season's lag passes a 90 % test. Needs no gaps.
 */
export function naive2(values: readonly number[], season_length: number, horizon: number): number[] {
  const n = values.length;
  const last = values[n - 1] ?? 0;
  const factors = isSeasonal(values, season_length) ? seasonalFactors(values, season_length) : [1];
  const factorAt = (place: number) => factors[place % factors.length] ?? 1;
  return Array.from({ length: horizon }, (_, k) => (last / factorAt(n - 1)) * factorAt(n + k));
}

/** |r(m)| > 1.645·√((1 + 2·Σ r(k)²) / n), over k below the season's length m; never below three seasons of values. */
function isSeasonal(values: readonly number[], season_length: number): boolean {
  const n = values.length;
  if (season_length < 2 || n < 3 * season_length) return false;
  const deviations = values.map((value) => value - mean(values));
  const square = sum(deviations.map((deviation) => deviation ** 2));
  const r = Array.from(
    { length: season_length },
    (_, k) => sum(deviations.slice(k + 1).map((deviation, i) => deviation * (deviations[i] ?? 0))) / square,
  );
  const limit = 1.645 * Math.sqrt((1 + 2 * sum(r.slice(0, -1).map((each) => each ** 2))) / n);
  return Math.abs(r[season_length - 1] ?? 0) > limit;
}

/** The mean ratio to the centred moving average (2×m where m is even) by place, around 1. */
function seasonalFactors(values: readonly number[], m: number): number[] {
  const half = Math.floor(m / 2);
  const ratios: number[][] = Array.from({ length: m }, () => []);
  for (let i = half; i + half < values.length; i++) {
    const window = values.slice(i - half, i + half + 1);
    const ends = ((window[0] ?? 0) + (window[window.length - 1] ?? 0)) / 2;
    const average = m % 2 === 0 ? (sum(window.slice(1, -1)) + ends) / m : mean(window);
    ratios[i % m]?.push((values[i] ?? 0) / average);
  }
  const means = ratios.map(mean);
  return means.map((factor) => factor / mean(means));
}

/** The symmetric mean absolute percentage error, 0–200. */
export function smape(forecast: readonly number[], future: readonly number[]): number {
  return mean(future.map((value, k) => {
    const size = Math.abs(value) + Math.abs(forecast[k] ?? 0);
    return size === 0 ? 0 : (200 * Math.abs(value - (forecast[k] ?? 0))) / size;
  }));
}

/** The mean absolute error, in the mean absolute change of the history over `scaling` steps (Hyndman & Koehler 2006). */
export function mase(
  forecast: readonly number[],
  future: readonly number[],
  history: readonly number[],
  scaling: number,
): number {
  const changes = history.slice(scaling).map((value, i) => Math.abs(value - (history[i] ?? 0)));
  return mean(future.map((value, k) => Math.abs(value - (forecast[k] ?? 0)))) / mean(changes);
}

/** The share of the future inside the bounds. */
export function coverage({ lower, upper }: { lower: number[]; upper: number[] }, future: readonly number[]): number {
  return mean(future.map((value, k) => value >= (lower[k] ?? NaN) && value <= (upper[k] ?? NaN) ? 1 : 0));
}

/** Missing values are the ones before them, the first ones the first known. */
export function carriedForward(values: readonly number[]): number[] {
  let last = values.find(Number.isFinite) ?? 0;
  return values.map((value) => last = Number.isFinite(value) ? value : last);
}

/** The plain mean; NaN of nothing. */
export function mean(values: readonly number[]): number {
  return sum(values) / values.length;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
