/** ISO 4217, as far as the runtime knows it. */
const CURRENCIES = new Set(Intl.supportedValuesOf("currency"));

/** Whether a unit is money: three capitals, or the code of a currency however it is written. */
export const isCurrency = (unit: string) => /^[A-Z]{3}$/.test(unit) || CURRENCIES.has(unit.toUpperCase());

/** Whether a unit may be a name for what is counted, such as people. */
export const isCountName = (unit: string) => !isCurrency(unit) && unit !== "%";

/**
 * A unit as it is recorded, where it is but for capitals; a currency that is not recorded in capitals.
 * @example
 * ```ts
 * spelledAs("usd", ["USD", null]); // "USD"
 * ```
 */
export function spelledAs(unit: string, recorded: readonly (string | null)[]): string {
  if (recorded.includes(unit)) return unit;
  const alike = recorded.find((one) => one !== null && one.toLowerCase() === unit.toLowerCase());
  return alike ?? (isCurrency(unit) ? unit.toUpperCase() : unit);
}

/** The units that a goal's unit may mean, the likelier one first: itself, and "count" for a name of what is counted. */
export const unitsMeantBy = (unit: string): string[] => isCountName(unit) ? [unit, "count"] : [unit];
