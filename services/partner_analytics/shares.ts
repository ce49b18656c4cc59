import type { Concentration } from "../../db/partner_analytics.ts";
import type { Quotient } from "../analytics/figures.ts";
import { FEWEST_PEOPLE } from "../analytics/suppression.ts";
import type { Cells } from "./cells.ts";

/** A share that is not known. */
export const NOT_KNOWN: Quotient = { numerator: null, denominator: null };

/**
 * Of gifts in cells by their dimension `recurring`: the money and the number of those where it is true / of all. Not known
 * where no gift has the dimension, or its cell is hidden.
 */
export function recurringShares({ whole, shown, hidden }: Cells): { money: Quotient; gifts: Quotient } {
  const said = shown.some((one) => one.cell !== "");
  if (whole === null || !said || hidden.includes("true")) return { money: NOT_KNOWN, gifts: NOT_KNOWN };
  const { sum = 0, n = 0 } = shown.find((one) => one.cell === "true") ?? {};
  return { money: { numerator: sum, denominator: whole.sum }, gifts: { numerator: n, denominator: whole.n } };
}

/**
 * What the top tenth of the donors gave / what all gave, the tenth rounded up to whole people. Not shown to readers without
 * a token where it is of fewer than 5 people.
 */
export function concentration(
  { top_donors, top_gross, gross }: Concentration,
  discreet: boolean,
): { share: Quotient; top_donors: number | null } {
  if (discreet && top_donors < FEWEST_PEOPLE) return { share: NOT_KNOWN, top_donors: null };
  return { share: { numerator: top_gross, denominator: gross }, top_donors };
}
