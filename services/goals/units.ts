import type { GoalFields } from "../../db/goals.ts";

/** ISO 4217, as far as the runtime knows it. */
const CURRENCIES = new Set(Intl.supportedValuesOf("currency"));

/** Whether a unit is written as money is. In small letters codes of currencies are words: all, cup, pen, top, try. */
export const isCurrency = (unit: string) => /^[A-Z]{3}$/.test(unit);

/** Whether a unit may be a name for what is counted, such as people. */
export const isCountName = (unit: string) => !isCurrency(unit) && unit !== "%";

/**
 * A unit as it is recorded, where it is but for capitals; of money, another currency in capitals.
 * @param money whether any currency would do
 * @example
 * ```ts
 * spelledAs("usd", ["USD"], true); // "USD"
 * ```
 */
export function spelledAs(unit: string, recorded: readonly string[], money: boolean): string {
  if (recorded.includes(unit)) return unit;
  const alike = recorded.find((one) => one.toLowerCase() === unit.toLowerCase());
  const code = unit.toUpperCase();
  return alike ?? (money && CURRENCIES.has(code) ? code : unit);
}

/** The units that a goal's unit may mean, the likelier one first: itself, and "count" for a name of what is counted. */
export const unitsMeantBy = (unit: string): string[] => isCountName(unit) ? [unit, "count"] : [unit];

/**
 * What there is in the first of a goal's units that there is anything in, or else without any unit; of a goal that
 * counts its readings, in all.
 * @param look finds what there is in a unit: null for none, undefined for any
 */
export async function inItsUnit<Found>(
  { unit, aggregation, metric_name }: Pick<GoalFields, "unit" | "aggregation" | "metric_name">,
  look: (metric_unit: string | null | undefined) => Found | Promise<Found>,
  isThere: (found: Found) => boolean,
): Promise<{ found: Found; warnings: string[] }> {
  if (aggregation === "count") return { found: await look(undefined), warnings: [] };
  for (const meant of unitsMeantBy(unit)) {
    const found = await look(meant);
    if (isThere(found)) return { found, warnings: [] };
  }
  const found = await look(null);
  const guess = `The readings of ${metric_name} carry no unit; they are taken as ${unit}`;
  return { found, warnings: isThere(found) ? [guess] : [] };
}
