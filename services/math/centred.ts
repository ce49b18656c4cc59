import { sum } from "simple-statistics";

/** Values as their distances from the mean, in units of the farthest. */
export type Centred = {
  mean: number;
  /** The largest distance from the mean; 0 where all values are the same. */
  size: number;
  /** (value − mean) / size, −1 to 1; all 0 where all values are the same. */
  deviations: number[];
};

/**
 * Values about their mean, scaled so that no product of two of them overflows or is lost.
 *
 * Null for no values, for a value that is not finite, and where the sum or a distance exceeds the largest double.
 */
export function centred(values: readonly number[]): Centred | null {
  const [first] = values;
  if (first === undefined || !values.every(Number.isFinite)) return null;
  if (values.every((value) => value === first)) return { mean: first, size: 0, deviations: values.map(() => 0) };
  const mean = sum([...values]) / values.length;
  const apart = values.map((value) => value - mean);
  const size = apart.reduce((most, one) => Math.max(most, Math.abs(one)), 0);
  if (!Number.isFinite(size)) return null;
  return { mean, size, deviations: apart.map((one) => one / size) };
}
