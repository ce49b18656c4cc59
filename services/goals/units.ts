/** ISO 4217, as far as the runtime knows it. */
const CURRENCIES = new Set(Intl.supportedValuesOf("currency"));

/** Whether a unit is money: three capitals. In lower case "all" or "top" are words. */
export const isCurrency = (unit: string) => /^[A-Z]{3}$/.test(unit);

/** Whether a unit may be a name for what is counted, such as people. */
export const isCountName = (unit: string) => !isCurrency(unit) && unit !== "%";

/**
 * A unit as it is recorded, where it is but for capitals; of money, a currency in capitals.
 * @param money whether the metric is recorded in currencies
 * @example
 * ```ts
 * spelledAs("usd", ["USD", null], true); // "USD"
 * ```
 */
export function spelledAs(unit: string, recorded: readonly (string | null)[], money: boolean): string {
  if (recorded.includes(unit)) return unit;
  const alike = recorded.find((one) => one !== null && one.toLowerCase() === unit.toLowerCase());
  return alike ?? (money && CURRENCIES.has(unit.toUpperCase()) ? unit.toUpperCase() : unit);
}

/** The units that a goal's unit may mean, the likelier one first: itself, and "count" for a name of what is counted. */
export const unitsMeantBy = (unit: string): string[] => isCountName(unit) ? [unit, "count"] : [unit];
