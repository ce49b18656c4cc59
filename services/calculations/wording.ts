import type { TrendInterval } from "../analytics/trend.ts";

/** So many periods, in words. */
export function periodsOf(n: number, interval: TrendInterval): string {
  return `${n} ${interval}${n === 1 ? "" : "s"}`;
}

/** A p-value as sentences say it. */
export function pInWords(p: number): string {
  return p < 0.001 ? "p < 0.001" : `p = ${p.toFixed(p < 0.01 ? 4 : p < 0.1 ? 3 : 2)}`;
}

/** A number to so many digits, its thousands apart, without an exponent where it can be read without one. */
export function inWords(value: number, digits: number = FEW_DIGITS): string {
  if (value === 0) return "0";
  const size = Math.abs(value);
  const plain = size >= 1e-4 && size < 1e15;
  return minus(plain ? grouped(String(Number(value.toPrecision(digits)))) : value.toExponential(digits - 1));
}

const grouped = (written: string) => written.replace(/^-?\d+/, (whole) => whole.replace(/\B(?=(\d{3})+$)/g, ","));

const [FEW_DIGITS, ALL_DIGITS] = [4, 17];

/** The digits, four or more, with which a number is written otherwise than the others unless it is one of them. */
export function digitsApart(value: number, others: readonly number[]): number {
  const differ = others.filter((other) => other !== value);
  let digits = FEW_DIGITS;
  while (digits < ALL_DIGITS && differ.some((other) => inWords(other, digits) === inWords(value, digits))) digits++;
  return digits;
}

/** Things in a row: a, b and c. */
export function listed(things: readonly string[]): string {
  const last = things.at(-1) ?? "";
  return things.length < 2 ? last : `${things.slice(0, -1).join(", ")} and ${last}`;
}

/** A correlation, to two digits. */
export const rInWords = (r: number) => minus(r.toFixed(2).replace(/^-0\.00$/, "0.00"));

const minus = (written: string) => written.replace(/^-/, "−");

/** A level in percent. */
export const percent = (share: number) => `${Number((share * 100).toPrecision(4))} %`;
