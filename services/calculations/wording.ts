import type { TrendInterval } from "../analytics/trend.ts";

/** So many periods, in words. */
export function periodsOf(n: number, interval: TrendInterval): string {
  return `${n} ${interval}${n === 1 ? "" : "s"}`;
}

/** A p-value as sentences say it. */
export function pInWords(p: number): string {
  return p < 0.001 ? "p < 0.001" : `p = ${p.toFixed(p < 0.01 ? 4 : p < 0.1 ? 3 : 2)}`;
}

/** A number to four digits, without an exponent where it can be read without one. */
export function inWords(value: number): string {
  if (value === 0) return "0";
  const size = Math.abs(value);
  return minus(size >= 1e-4 && size < 1e15 ? String(Number(value.toPrecision(4))) : value.toExponential(3));
}

/** A correlation, to two digits. */
export const rInWords = (r: number) => minus(r.toFixed(2).replace(/^-0\.00$/, "0.00"));

const minus = (written: string) => written.replace(/^-/, "−");

/** A level in percent. */
export const percent = (share: number) => `${Number((share * 100).toPrecision(4))} %`;
