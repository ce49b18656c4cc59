/** The number itself, or null where it is NaN or infinite, so that no answer carries either. */
export function finiteOrNull(x: number): number | null {
  return Number.isFinite(x) ? x : null;
}
