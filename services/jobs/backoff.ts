const LONGEST_S = 86_400;

/**
 * Seconds to wait after a failed attempt: `backoff_s` doubled with each attempt, at most a day, of which a random half
 * is taken off at most, so that what failed together does not come back together.
 * @param attempt 1 for the first
 * @param random uniform in [0, 1)
 */
export function backoffSeconds(attempt: number, backoff_s: number, random: number): number {
  const whole = Math.min(LONGEST_S, backoff_s * 2 ** Math.min(attempt - 1, 30));
  return whole * (0.5 + random / 2);
}
