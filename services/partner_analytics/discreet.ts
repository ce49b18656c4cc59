import { FEWEST_PEOPLE, suppressed } from "../analytics/suppression.ts";
import type { Giving } from "./giving.ts";

/** What readers without a token are not shown of the gifts of few; how many gifts and donors there were stays. */
const HIDDEN = { gross: null, refunds: null, net: null, average: null, median: null, largest: null };

/** What a caller is told where money was hidden. */
export const FEW_DONORS = "Money of fewer than 5 donors is not shown to readers without a token";
/** What a caller is told where interactions were hidden. */
export const FEW_ENGAGED = "Interactions of fewer than 5 partners are not shown to readers without a token";

/**
 * Of how many people some readings are: those they name; where they name nobody, one for each; at least 1 where nobody
 * counted the names.
 */
function leastPeople(readings: number | null, named: number | null): number {
  if (readings === null || readings === 0) return 0;
  return named === null ? 1 : named === 0 ? readings : named;
}

/** Whether readings are of 1 to 4 people. */
function isOfFew(people: number): boolean {
  return people > 0 && people < FEWEST_PEOPLE;
}

/** The giving of one stretch as readers without a token see it: no money where it is of fewer than 5 people. */
export function withoutFew<T extends Giving>(giving: T): T {
  return isOfFew(leastPeople(giving.gifts, giving.donors)) ? { ...giving, ...HIDDEN } : giving;
}

/** The same of all parts of a whole: where one alone would be hidden, the next smallest too, or subtraction would tell. */
export function partsWithoutFew<T extends Giving>(parts: readonly T[]): T[] {
  const hides = suppressed(parts.map(({ gifts, donors }) => ({ people: leastPeople(gifts, donors) })));
  return parts.map((part, i) => hides[i] === true ? { ...part, ...HIDDEN } : part);
}

/** Whether the money of a stretch was hidden: where gifts are known, their sum is. */
export function isHidden({ gross, gifts }: Pick<Giving, "gross" | "gifts">): boolean {
  return gross === null && gifts !== null;
}

/** The contact of some stretch of time. */
type Contact = { interactions: number | null; partners: number | null };

const peopleOf = ({ interactions, partners }: Contact) => partners ?? Math.min(interactions ?? 0, 1);

/** The contact of one stretch as readers without a token see it: no interactions where fewer than 5 partners had them. */
export function contactWithoutFew<T extends Contact>(contact: T): T {
  return isOfFew(peopleOf(contact)) ? { ...contact, interactions: null } : contact;
}

/** The same of all parts of a whole, as `partsWithoutFew`. */
export function contactPartsWithoutFew<T extends Contact>(parts: readonly T[]): T[] {
  const hides = suppressed(parts.map((part) => ({ people: peopleOf(part) })));
  return parts.map((part, i) => hides[i] === true ? { ...part, interactions: null } : part);
}
