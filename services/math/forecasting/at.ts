/** The value at an index that the caller knows to be inside; 0 outside, so that sums stay finite. */
export function at(values: ArrayLike<number>, index: number): number {
  return values[index] ?? 0;
}
