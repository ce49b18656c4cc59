import { finiteOrNull } from "./finite_or_null.ts";

/**
 * The sum of numbers as they are written in decimals, rounded once at the end: 0.1 + 0.2 is 0.3. In any order it is the
 * same; 0 without numbers, null where one is NaN or infinite or the result is too large.
 * @example
 * ```ts
 * decimalSum([0.1, 0.2]); // 0.3
 * ```
 */
export function decimalSum(values: readonly number[]): number | null {
  if (!values.every(Number.isFinite)) return null;
  const parts = values.map(decimalOf);
  const exponent = Math.min(0, ...parts.map((part) => part.exponent));
  const total = parts.reduce((sum, part) => sum + part.digits * 10n ** BigInt(part.exponent - exponent), 0n);
  return finiteOrNull(Number(`${total}e${exponent}`));
}

/** A number as digits × 10^exponent, by its shortest decimal form. */
function decimalOf(value: number): { digits: bigint; exponent: number } {
  const [mantissa = "0", power = "0"] = value.toString().split("e");
  const [whole = "0", fraction = ""] = mantissa.split(".");
  return { digits: BigInt(whole + fraction), exponent: Number(power) - fraction.length };
}
